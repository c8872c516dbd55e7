/* SPDX-License-Identifier: ISC */
/* The network interfaces of this host, and which of them to use. */
#ifndef MCHAT_NETWORK_INTERFACE_H
#define MCHAT_NETWORK_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"

struct call_log;

#define INTERFACE_NAME_SIZE 16 /* IF_NAMESIZE, which Linux fixes at 16 */

struct interface {
	char name[INTERFACE_NAME_SIZE];
	unsigned index;
	enum address_family family; /* that the list is of */
	struct address address;     /* one of the family; or ADDRESS_NONE */
	bool is_up;
	bool is_running; /* has a carrier, and may use it */
	bool is_dormant; /* has a carrier, but waits for a login to use it */
	bool is_loopback;
	bool is_point_to_point;
	bool can_multicast; /* over IPv6 on lo: has a route for it */
};

/* An address of the interface that stands at `interface` in a list. */
struct interface_address {
	size_t interface;
	struct address address;
	char label[INTERFACE_NAME_SIZE]; /* "eth0:1", or the name */
};

struct interface_list {
	struct interface *items; /* owned */
	size_t count;
	struct interface_address *addresses; /* owned; all of them */
	size_t address_count;
	bool is_partial; /* IPv4 alone, without those that have no address:
			  * netlink is denied */
};

/*
 * Lists the interfaces of this host with their addresses, in the kernel's
 * order; interface.address is its first of `family`.  0 and *out, to be given
 * back by interface_list_fini; or -1 with errno and *out empty.
 */
int interface_list(enum address_family family, struct interface_list *out);
void interface_list_fini(struct interface_list *list);

/*
 * Has each interface show the address that packets to `group` leave from, where
 * it has one such: over IPv6 a link-local one for a group of the link's scope,
 * and else a wider one.
 */
void interface_list_prefer(
	struct interface_list *list, const struct address *group);

/* Finds by name, by the label of an address ("eth0:1"), by index ("2") or by
 * any address ("fe80::1%eth0", or without the zone the first that has it); NULL
 * if there is none. */
const struct interface *interface_find(
	const struct interface_list *list, const char *text);

/* Finds by its own name; NULL if there is none. */
const struct interface *interface_find_name(
	const struct interface_list *list, const char *name);

/* The interface that has an address; NULL if none has. */
const struct interface *interface_find_host(
	const struct interface_list *list, const struct address *host);

/* The address of the interface without its scope, as it is shown beside the
 * name; returns out. */
const char *interface_format_address(
	const struct interface *interface, char out[ADDRESS_TEXT_SIZE]);

/*
 * Whether the kernel sends from the interface's address.  It does not from an
 * IPv6 address as long as it asks whether another host has it, which takes some
 * 2 s (RFC 4862, section 5.4; EADDRNOTAVAIL), or when one has.
 */
bool interface_address_is_ready(const struct interface *interface);

/* Whether a group can be joined on the interface: up, with an address, and able
 * to multicast. */
bool interface_is_usable(const struct interface *interface);

/*
 * Whether a group is joined on the interface by default: up, running, able to
 * multicast, with an address, neither loopback nor point-to-point.
 */
bool interface_is_default(const struct interface *interface);

/* Whether it stands in where there is no such: a loopback that is up.  (It
 * multicasts, though it lacks the flag.) */
bool interface_is_fallback(const struct interface *interface);

/*
 * What keeps a network from being reached by the interface (NULL: it is not
 * there), to stand behind its name: "is gone"; NULL when nothing does.
 */
const char *interface_defect(const struct interface *interface);

/* The largest UDP datagram of a family that goes in one piece where the MTU is
 * this, both in bytes: the MTU less the headers, of IPv4 without options or
 * IPv6 without extensions (RFC 791, 3.1; RFC 8200, 3; RFC 768); 0: none. */
size_t interface_mtu_datagram_size(enum address_family family, int mtu);

/*
 * The largest UDP datagram over the family of its address that leaves the
 * interface in one piece, in bytes: its MTU less the headers (SIOCGIFMTU,
 * netdevice(7)); as on Ethernet when the system does not tell.
 */
size_t interface_datagram_size(const struct interface *interface);

/*
 * The one interface the kernel would send to `group` on, as its routes say;
 * NULL when it has no route there, or one whose source is no address here.
 */
const struct interface *interface_routed(struct call_log *log,
	const struct interface_list *list, const struct address *group);

#endif
