/* SPDX-License-Identifier: ISC */
/* HOST[:PORT] of --peer. */
#include "mchat/peers/peer_name.h"

#include <string.h>

#include "tap.h"

static void reads(const char *text, const char *host, unsigned port)
{
	struct peer_name name;
	const char *why = peer_name_parse(text, &name);

	if (!tap_ok(!why && strcmp(name.host, host) == 0 && name.port == port,
		    "%s", text))
		tap_note("%s", why ? why : name.host);
}

static void refuses(const char *text, const char *part)
{
	struct peer_name name;
	const char *why = peer_name_parse(text, &name);

	if (!tap_ok(why && strstr(why, part), "'%s' is refused", text))
		tap_note("%s", why ? why : "it is taken");
}

int main(void)
{
	char longest[PEER_HOST_SIZE + 1];
	struct peer_name name;
	struct address address;

	reads("192.0.2.1", "192.0.2.1", 0);
	reads("192.0.2.1:5000", "192.0.2.1", 5000);
	reads("chat.example.org", "chat.example.org", 0);
	reads("my_host-1:62428", "my_host-1", 62428);
	refuses("", "HOST");
	refuses(":5000", "HOST");
	refuses("a host", "HOST");
	refuses("host:", "port");
	refuses("host:0", "port");
	refuses("host:65536", "port");
	refuses("::1", "IPv6");
	refuses("[2001:db8::1]:5000", "IPv6");
	refuses("239.255.77.67", "group");
	refuses("255.255.255.255", "group");
	refuses("0.0.0.0", "group");
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	refuses(longest, "HOST");
	longest[PEER_HOST_SIZE - 1] = '\0';
	reads(longest, longest, 0);

	(void)peer_name_parse("192.0.2.1", &name);
	tap_ok(peer_name_address(&name, 62428, &address) &&
			address.port == 62428,
		"an address needs no lookup, and has the group's port");
	(void)peer_name_parse("192.0.2.1:5", &name);
	tap_ok(peer_name_address(&name, 62428, &address) && address.port == 5,
		"or its own");
	(void)peer_name_parse("host", &name);
	tap_ok(!peer_name_address(&name, 62428, &address), "a name does");
	return tap_done();
}
