/* SPDX-License-Identifier: ISC */
/* The network interfaces of this host, and which of them to use. */
#ifndef MCHAT_NETWORK_INTERFACE_H
#define MCHAT_NETWORK_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"

/* Interfaces that one group is joined on at most; the kernel's own limit is
 * net.ipv4.igmp_max_memberships, 20 by default. */
#define INTERFACES_MAX 64

#define INTERFACE_NAME_SIZE 16 /* IF_NAMESIZE, which Linux fixes at 16 */

struct interface {
	char name[INTERFACE_NAME_SIZE];
	unsigned index;
	struct address address; /* its first of the family; or ADDRESS_NONE */
	bool is_up;
	bool is_running; /* has a carrier */
	bool is_loopback;
	bool is_point_to_point;
	bool can_multicast;
};

struct interface_list {
	struct interface items[INTERFACES_MAX];
	size_t count;
};

/*
 * Lists the interfaces of this host with their first address of `family`, in
 * the kernel's order; past INTERFACES_MAX the rest is left out.  0, or -1 with
 * errno and *out untouched.
 */
int interface_list(enum address_family family, struct interface_list *out);

/* Finds by name, by index ("2") or by address ("10.0.0.1"); NULL if none. */
const struct interface *interface_find(
	const struct interface_list *list, const char *text);

/*
 * The interfaces a group is joined on by default: up, running, able to
 * multicast, with an address, neither loopback nor point-to-point; where there
 * is none, the loopback.  *out may be empty when not even that is up.
 */
void interface_defaults(
	const struct interface_list *list, struct interface_list *out);

/*
 * The one interface the kernel would send to `group` on, as its routes say;
 * NULL when it has no route there.
 */
const struct interface *interface_routed(
	const struct interface_list *list, const struct address *group);

#endif
