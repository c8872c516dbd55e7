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

static void test_addresses(void)
{
	struct peer_name name;
	struct address address;
	char text[PEER_NAME_SIZE];

	(void)peer_name_parse("192.0.2.1", &name);
	tap_ok(peer_name_address(&name, 62428, &address) &&
			address.port == 62428,
		"an address needs no lookup, and has the group's port");
	(void)peer_name_parse("192.0.2.1:5", &name);
	tap_ok(peer_name_address(&name, 62428, &address) && address.port == 5,
		"or its own");
	(void)peer_name_parse("host", &name);
	tap_ok(!peer_name_address(&name, 62428, &address), "a name does");
	(void)peer_name_parse("[fe80::1%lo]:5", &name);
	tap_ok(peer_name_address(&name, 62428, &address) &&
			address.scope != 0 && address.port == 5,
		"an interface becomes the scope");
	tap_is_string(peer_name_format(&name, text), "[fe80::1%lo]:5",
		"it is written as it was given");
	(void)peer_name_parse("fe80::1%no-such-one", &name);
	tap_ok(!peer_name_address(&name, 62428, &address),
		"unless it is not there");
}

int main(void)
{
	char longest[PEER_HOST_SIZE + 1];

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
	reads("::1", "::1", 0);
	reads("2001:db8::1", "2001:db8::1", 0);
	reads("[2001:db8::1]", "2001:db8::1", 0);
	reads("[2001:db8::1]:5000", "2001:db8::1", 5000);
	reads("fe80::1%lo", "fe80::1%lo", 0);
	reads("[fe80::1%lo]:5000", "fe80::1%lo", 5000);
	refuses("fe80::1", "interface");
	refuses("fe80::1%", "interface");
	refuses("fe80::1%an-interface-without-end", "interface");
	refuses("[2001:db8::1]:0", "port");
	refuses("[2001:db8::1]5000", "HOST");
	refuses("[2001:db8::1", "HOST");
	refuses("[192.0.2.1]", "IPv6");
	refuses("a:b:c", "IPv6");
	refuses("ff12::4d43", "group");
	refuses("::", "group");
	refuses("::ffff:192.0.2.1", "host");
	refuses("192.0.2.1%eth0", "HOST");
	refuses("239.255.77.67", "group");
	refuses("255.255.255.255", "group");
	refuses("0.0.0.0", "group");
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	refuses(longest, "HOST");
	longest[PEER_HOST_SIZE - 1] = '\0';
	reads(longest, longest, 0);

	test_addresses();
	return tap_done();
}
