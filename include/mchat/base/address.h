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

/* Room for a zone behind an IPv6 address, terminator included: the name of an
 * interface, or its index. */
#define ADDRESS_ZONE_SIZE 16

enum address_group_result {
	ADDRESS_GROUP_OK,
	ADDRESS_GROUP_NO_ADDRESS,
	ADDRESS_GROUP_NO_IPV6, /* but it was meant to be one */
	ADDRESS_GROUP_UNICAST,
	ADDRESS_GROUP_UNICAST_IPV6,
	ADDRESS_GROUP_NO_SCOPE,
	ADDRESS_GROUP_NO_ZONE,
};

/*
 * Reads "GROUP" or "GROUP:PORT", where GROUP is an IPv4 multicast address, or
 * an IPv6 one, which may stand in brackets, and must where a port follows.  An
 * IPv6 address may end with a zone (RFC 4007, section 11), as in
 * "[ff12::4d43%eth0]:62428"; see address_group_zone.  On ADDRESS_GROUP_OK *out
 * is that address, without scope, but its port is left as it was, and *port
 * points to the text of PORT, or is NULL without one.  On any other result both
 * are untouched.
 */
enum address_group_result address_parse_group(
	const char *text, struct address *out, const char **port);

/* The zone in what address_parse_group found to be a group: the interface that
 * it names, or an empty text. */
void address_group_zone(const char *text, char out[ADDRESS_ZONE_SIZE]);

/* Whether packets to the group never leave the link, whatever their hop limit
 * (RFC 4291, section 2.7): such an IPv6 group is sent from a link-local
 * address. */
bool address_is_link_group(const struct address *group);

/* fe80::/10; IPv4 has 169.254.0.0/16 (RFC 3927). */
bool address_is_link_local(const struct address *address);

/* Whether it may be the address of a host: not of a group, a broadcast, 0.0.0.0
 * or its like, or an IPv4 address in the disguise of an IPv6 one. */
bool address_is_host(const struct address *address);

/* "IPv4" or "IPv6". */
const char *address_family_name(enum address_family family);

/* An IPv4 address as an IPv6 one, ::ffff:192.0.2.1 (RFC 4291, section 2.5.5.2),
 * and back; any other is left as it is. */
void address_map(struct address *address);
void address_unmap(struct address *address);

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
