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

/* Class D (RFC 5771). */
static bool is_group(const struct address *address)
{
	return (address->bytes[0] & 0xf0) == 0xe0;
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

/* Parses a host of `size` bytes. */
static bool parse_host(const char *text, size_t size, struct address *out)
{
	bool is_bracketed = *text == '[' && text[size - 1] == ']';
	char host[ADDRESS_TEXT_SIZE];

	if (is_bracketed) {
		text++;
		size -= 2;
	}
	if (size >= sizeof(host))
		return false;
	memcpy(host, text, size);
	host[size] = '\0';
	return address_parse(host, out) &&
	       (!is_bracketed || out->family == ADDRESS_IPV6);
}

enum address_group_result address_parse_group(
	const char *text, struct address *out, const char **port)
{
	size_t size = host_size(text);
	struct address address;

	if (!parse_host(text, size, &address))
		return ADDRESS_GROUP_NO_ADDRESS;
	if (address.family == ADDRESS_IPV6)
		return ADDRESS_GROUP_IPV6;
	if (!is_group(&address))
		return ADDRESS_GROUP_UNICAST;
	address.port = out->port;
	*out = address;
	*port = text[size] == ':' ? text + size + 1 : NULL;
	return ADDRESS_GROUP_OK;
}

const char *address_group_error(enum address_group_result result)
{
	switch (result) {
	case ADDRESS_GROUP_IPV6:
		return "IPv6 is not supported yet";
	case ADDRESS_GROUP_UNICAST:
		return "not a multicast group";
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
