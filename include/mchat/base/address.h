/* SPDX-License-Identifier: ISC */
/* An IP address with its port, as a value: no socket structure, no system. */
#ifndef MCHAT_BASE_ADDRESS_H
#define MCHAT_BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum address_family {
	ADDRESS_NONE = 0,
	ADDRESS_IPV4 = 4,
	ADDRESS_IPV6 = 6,
};

struct address {
	enum address_family family;
	uint8_t bytes[16]; /* network order; IPv4 uses the first four */
	uint16_t port;     /* host order; 0 where a port has no meaning */
	uint32_t scope;    /* IPv6 scope id: an interface index, or 0 */
};

/* Room for any formatted address with port, terminator included. */
#define ADDRESS_TEXT_SIZE 64

/*
 * Reads an IPv4 dotted quad or an IPv6 address without port or scope.
 * Returns false, with *out untouched, for anything else.
 */
bool address_parse(const char *text, struct address *out);

enum address_group_result {
	ADDRESS_GROUP_OK,
	ADDRESS_GROUP_NO_ADDRESS,
	ADDRESS_GROUP_IPV6,
	ADDRESS_GROUP_UNICAST,
};

/*
 * Reads "GROUP" or "GROUP:PORT", where GROUP is an IPv4 multicast address.  On
 * ADDRESS_GROUP_OK *out is that address, but its port is left as it was, and
 * *port points to the text of PORT, or is NULL without one.  On any other
 * result both are untouched.
 */
enum address_group_result address_parse_group(
	const char *text, struct address *out, const char **port);

/* What is wrong, as a phrase; `result` must not be ADDRESS_GROUP_OK. */
const char *address_group_error(enum address_group_result result);

/* Same family, bytes and scope; the ports may differ. */
bool address_same_host(const struct address *a, const struct address *b);

/* "192.0.2.1" or "fe80::1%2"; returns out. */
const char *address_format_host(
	const struct address *address, char out[ADDRESS_TEXT_SIZE]);

/* "192.0.2.1:5000" or "[fe80::1%2]:5000"; returns out. */
const char *address_format(
	const struct address *address, char out[ADDRESS_TEXT_SIZE]);

#endif
