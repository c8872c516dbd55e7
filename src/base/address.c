/* SPDX-License-Identifier: ISC */
/*
 * IPv4 is formatted by hand, for speed: the line of a plain datagram shows its
 * address.  IPv6 text has rules (RFC 5952) that inet_ntop knows.
 */
#include "mchat/base/address.h"

#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define IPV4_SIZE 4
#define IPV6_SIZE 16

/* ::ffff:0:0/96, which an IPv4 address may stand behind. */
static const uint8_t mapped[IPV6_SIZE - IPV4_SIZE] = {[10] = 0xff, [11] = 0xff};

bool address_parse(const char *text, struct address *out)
{
	struct address address = {.family = ADDRESS_NONE};

	if (inet_pton(AF_INET, text, address.bytes) == 1)
		address.family = ADDRESS_IPV4;
	else if (inet_pton(AF_INET6, text, address.bytes) == 1)
		address.family = ADDRESS_IPV6;
	else
		return false;
	*out = address;
	return true;
}

/* Class D (RFC 5771), or ff00::/8. */
static bool is_group(const struct address *address)
{
	return address->family == ADDRESS_IPV6
		       ? address->bytes[0] == 0xff
		       : (address->bytes[0] & 0xf0) == 0xe0;
}

/* The scopes of IPv6 groups that matter here (RFC 7346). */
enum { SCOPE_RESERVED = 0, SCOPE_LINK = 2 };

static int group_scope(const struct address *group)
{
	return group->bytes[1] & 0x0f;
}

bool address_is_link_group(const struct address *group)
{
	return group->family == ADDRESS_IPV6 &&
	       group_scope(group) <= SCOPE_LINK;
}

bool address_is_link_local(const struct address *address)
{
	const uint8_t *bytes = address->bytes;

	if (address->family == ADDRESS_IPV4)
		return bytes[0] == 169 && bytes[1] == 254;
	return address->family == ADDRESS_IPV6 && bytes[0] == 0xfe &&
	       (bytes[1] & 0xc0) == 0x80;
}

static bool is_ipv6_host(const struct address *address)
{
	static const uint8_t none[16] = {0};

	return address->bytes[0] != 0xff &&
	       memcmp(address->bytes, none, sizeof(none)) != 0 &&
	       memcmp(address->bytes, mapped, sizeof(mapped)) != 0;
}

bool address_is_host(const struct address *address)
{
	return address->family == ADDRESS_IPV6
		       ? is_ipv6_host(address)
		       : address->bytes[0] > 0 && address->bytes[0] < 224;
}

const char *address_family_name(enum address_family family)
{
	return family == ADDRESS_IPV6 ? "IPv6" : "IPv4";
}

void address_map(struct address *address)
{
	if (address->family != ADDRESS_IPV4)
		return;
	address->family = ADDRESS_IPV6;
	memmove(address->bytes + sizeof(mapped), address->bytes, IPV4_SIZE);
	memcpy(address->bytes, mapped, sizeof(mapped));
}

void address_unmap(struct address *address)
{
	if (address->family != ADDRESS_IPV6 ||
		memcmp(address->bytes, mapped, sizeof(mapped)) != 0)
		return;
	address->family = ADDRESS_IPV4;
	address->scope = 0;
	memcpy(address->bytes, address->bytes + sizeof(mapped), IPV4_SIZE);
	memset(address->bytes + IPV4_SIZE, 0, IPV6_SIZE - IPV4_SIZE);
}

/* Where the host ends, and so the port begins if there is one.  More than one
 * colon is an IPv6 address, which may stand in brackets (RFC 3986, 3.2.2). */
static size_t host_size(const char *text)
{
	const char *colon = strchr(text, ':');
	const char *bracket = *text == '[' ? strchr(text, ']') : NULL;

	if (bracket && (bracket[1] == ':' || bracket[1] == '\0'))
		return (size_t)(bracket + 1 - text);
	return colon && !strchr(colon + 1, ':') ? (size_t)(colon - text)
						: strlen(text);
}

/* Where a host of `size` bytes has its address, without brackets and zone, and
 * its zone. */
struct host_parts {
	const char *address;
	size_t address_size;
	const char *zone; /* behind '%'; NULL: none */
	size_t zone_size;
	bool is_bracketed;
};

static struct host_parts take_apart(const char *text, size_t size)
{
	struct host_parts parts = {.address = text, .address_size = size};
	const char *percent;

	if (size > 1 && *text == '[' && text[size - 1] == ']') {
		parts.is_bracketed = true;
		parts.address++;
		parts.address_size -= 2;
	}
	percent = memchr(parts.address, '%', parts.address_size);
	if (percent) {
		parts.zone = percent + 1;
		parts.zone_size = parts.address_size -
				  (size_t)(parts.zone - parts.address);
		parts.address_size = (size_t)(percent - parts.address);
	}
	return parts;
}

/* Parses the address; what has brackets or a zone must be IPv6. */
static bool parse_host(const struct host_parts *parts, struct address *out)
{
	char host[ADDRESS_TEXT_SIZE];

	if (parts->address_size >= sizeof(host))
		return false;
	memcpy(host, parts->address, parts->address_size);
	host[parts->address_size] = '\0';
	return address_parse(host, out) &&
	       (out->family == ADDRESS_IPV6 ||
		       (!parts->is_bracketed && !parts->zone));
}

/* Why an address is no group that somebody could hear. */
static enum address_group_result check_group(
	const struct address *address, const struct host_parts *parts)
{
	bool is_ipv6 = address->family == ADDRESS_IPV6;

	if (!is_group(address))
		return is_ipv6 ? ADDRESS_GROUP_UNICAST_IPV6
			       : ADDRESS_GROUP_UNICAST;
	if (is_ipv6 && group_scope(address) == SCOPE_RESERVED)
		return ADDRESS_GROUP_NO_SCOPE;
	if (parts->zone && (parts->zone_size == 0 ||
				   parts->zone_size >= ADDRESS_ZONE_SIZE ||
				   memchr(parts->zone, ']', parts->zone_size)))
		return ADDRESS_GROUP_NO_ZONE;
	return ADDRESS_GROUP_OK;
}

/* Whether it begins as an IPv6 group does, as no name of a room is likely to.
 */
static bool seems_ipv6(const char *text)
{
	text += *text == '[';
	return (text[0] == 'f' || text[0] == 'F') &&
	       (text[1] == 'f' || text[1] == 'F') && strchr(text, ':');
}

enum address_group_result address_parse_group(
	const char *text, struct address *out, const char **port)
{
	size_t size = host_size(text);
	struct host_parts parts = take_apart(text, size);
	enum address_group_result result;
	struct address address;

	if (!parse_host(&parts, &address))
		return seems_ipv6(text) ? ADDRESS_GROUP_NO_IPV6
					: ADDRESS_GROUP_NO_ADDRESS;
	result = check_group(&address, &parts);
	if (result != ADDRESS_GROUP_OK)
		return result;
	address.port = out->port;
	*out = address;
	*port = text[size] == ':' ? text + size + 1 : NULL;
	return ADDRESS_GROUP_OK;
}

void address_group_zone(const char *text, char out[ADDRESS_ZONE_SIZE])
{
	struct host_parts parts = take_apart(text, host_size(text));

	if (parts.zone)
		memcpy(out, parts.zone, parts.zone_size);
	out[parts.zone_size] = '\0';
}

const char *address_group_error(enum address_group_result result)
{
	switch (result) {
	case ADDRESS_GROUP_NO_IPV6:
		return "not an IPv6 address";
	case ADDRESS_GROUP_UNICAST:
		return "not a multicast group";
	case ADDRESS_GROUP_UNICAST_IPV6:
		return "not a multicast group: those of IPv6 begin with ff";
	case ADDRESS_GROUP_NO_SCOPE:
		return "its scope, the fourth digit, is 0, and what is sent "
		       "there is heard by nobody";
	case ADDRESS_GROUP_NO_ZONE:
		return "behind % stands the name of an interface";
	default:
		return "not an IPv4 address";
	}
}

bool address_same_host(const struct address *a, const struct address *b)
{
	size_t size = a->family == ADDRESS_IPV4   ? IPV4_SIZE
		      : a->family == ADDRESS_IPV6 ? IPV6_SIZE
						  : 0;

	return a->family == b->family && a->scope == b->scope &&
	       memcmp(a->bytes, b->bytes, size) == 0;
}

/* Writes `value` in decimal; returns where it ends. */
static char *put_number(char *at, uint32_t value)
{
	char digits[10];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (count > 0)
		*at++ = digits[--count];
	return at;
}

/*
 * Writes the host without terminator; returns where it ends.  At most 39 bytes
 * of address, '%' and 10 digits: with "[]:65535" and a terminator that stays
 * below ADDRESS_TEXT_SIZE.
 */
static char *put_host(char *at, const struct address *address)
{
	int i;

	switch (address->family) {
	case ADDRESS_IPV4:
		for (i = 0; i < IPV4_SIZE; i++) {
			if (i > 0)
				*at++ = '.';
			at = put_number(at, address->bytes[i]);
		}
		break;
	case ADDRESS_IPV6:
		inet_ntop(AF_INET6, address->bytes, at, INET6_ADDRSTRLEN);
		at += strlen(at);
		if (address->scope != 0) {
			*at++ = '%';
			at = put_number(at, address->scope);
		}
		break;
	case ADDRESS_NONE:
		*at++ = '?';
		break;
	}
	return at;
}

const char *address_format_host(
	const struct address *address, char out[ADDRESS_TEXT_SIZE])
{
	*put_host(out, address) = '\0';
	return out;
}

const char *address_format(
	const struct address *address, char out[ADDRESS_TEXT_SIZE])
{
	bool is_bracketed = address->family == ADDRESS_IPV6;
	char *at = out;

	if (is_bracketed)
		*at++ = '[';
	at = put_host(at, address);
	if (is_bracketed)
		*at++ = ']';
	*at++ = ':';
	at = put_number(at, address->port);
	*at = '\0';
	return out;
}
