/* SPDX-License-Identifier: ISC */
#include "mchat/peers/peer_name.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "mchat/base/number.h"

/* What a host name may have besides letters and digits; the underscore is in no
 * RFC, but in names. */
#define HOST_CHARACTERS                                                        \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

static const char bad_host[] = "must be HOST, HOST:PORT or any, as in "
			       "chat.example.org or 192.0.2.1:62428";

/* Where the parts stand in the text. */
struct parts {
	const char *host;
	size_t host_size;
	const char *port; /* NULL: none */
	bool is_ipv6;     /* by its colons */
};

/* False: what begins with a bracket does not go on as it should. */
static bool take_apart(const char *text, struct parts *out)
{
	const char *colon = strchr(text, ':');
	const char *end = strchr(text, ']');

	*out = (struct parts){.host = text, .host_size = strlen(text)};
	if (*text == '[') {
		if (!end || (end[1] != ':' && end[1] != '\0'))
			return false;
		out->is_ipv6 = true;
		out->host = text + 1;
		out->host_size = (size_t)(end - out->host);
		out->port = end[1] == ':' ? end + 2 : NULL;
	} else if (colon && strchr(colon + 1, ':')) {
		out->is_ipv6 = true;
	} else if (colon) {
		out->host_size = (size_t)(colon - text);
		out->port = colon + 1;
	}
	return true;
}

/* Takes the address and the zone apart; false when it is no address. */
static bool read_address(
	const char *host, struct address *out, const char **zone)
{
	char text[ADDRESS_TEXT_SIZE];
	const char *percent = strchr(host, '%');
	size_t size = percent ? (size_t)(percent - host) : strlen(host);

	if (size >= sizeof(text))
		return false;
	memcpy(text, host, size);
	text[size] = '\0';
	*zone = percent ? percent + 1 : NULL;
	return address_parse(text, out) &&
	       (!percent || out->family == ADDRESS_IPV6);
}

static const char *check_ipv6(const char *host)
{
	struct address address;
	const char *zone;

	if (!read_address(host, &address, &zone) ||
		address.family != ADDRESS_IPV6)
		return "not an IPv6 address";
	if (!address_is_host(&address))
		return "not the address of a host; a group to chat in is "
		       "given without --peer";
	if (zone && (*zone == '\0' || strlen(zone) >= ADDRESS_ZONE_SIZE))
		return "behind % stands the name of an interface";
	if (address_is_link_local(&address) && !zone)
		return "it is of one link: add the interface, as in "
		       "fe80::1%eth0";
	return NULL;
}

static const char *check_host(const char *host)
{
	struct address address;

	if (host[0] == '\0' || strspn(host, HOST_CHARACTERS) < strlen(host))
		return bad_host;
	if (address_parse(host, &address) && !address_is_host(&address))
		return "not the address of a host; a group to chat in is "
		       "given without --peer";
	return NULL;
}

const char *peer_name_parse(const char *text, struct peer_name *out)
{
	struct peer_name name = {.port = 0};
	struct parts parts;
	const char *why;
	int64_t port = 0;

	if (!take_apart(text, &parts) || parts.host_size >= sizeof(name.host))
		return bad_host;
	memcpy(name.host, parts.host, parts.host_size);
	why = parts.is_ipv6 ? check_ipv6(name.host) : check_host(name.host);
	if (why)
		return why;
	if (parts.port &&
		number_parse(parts.port, 1, UINT16_MAX, &port) != NUMBER_OK)
		return "a port is from 1 to 65535";
	name.port = (uint16_t)port;
	*out = name;
	return NULL;
}

bool peer_name_address(
	const struct peer_name *name, uint16_t port, struct address *out)
{
	struct address address;
	const char *zone;

	if (!read_address(name->host, &address, &zone))
		return false;
	if (zone)
		address.scope = if_nametoindex(zone);
	if (zone && address.scope == 0)
		return false;
	address.port = name->port ? name->port : port;
	*out = address;
	return true;
}

const char *peer_name_format(
	const struct peer_name *name, char out[PEER_NAME_SIZE])
{
	bool is_ipv6 = strchr(name->host, ':') != NULL;

	if (name->port == 0)
		snprintf(out, PEER_NAME_SIZE, "%s", name->host);
	else
		snprintf(out, PEER_NAME_SIZE, "%s%s%s:%u", is_ipv6 ? "[" : "",
			name->host, is_ipv6 ? "]" : "", (unsigned)name->port);
	return out;
}
