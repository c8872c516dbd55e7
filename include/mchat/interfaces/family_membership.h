/* SPDX-License-Identifier: ISC */
/* Membership of the group of one address family, interface by interface. */
#ifndef MCHAT_INTERFACES_FAMILY_MEMBERSHIP_H
#define MCHAT_INTERFACES_FAMILY_MEMBERSHIP_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"
#include "mchat/interfaces/down_interfaces.h"
#include "mchat/interfaces/interface_set.h"

struct call_log;
struct group;
struct interface_list;
struct join_errors;

struct family_membership {
	struct address address;          /* of the group, with the port */
	struct interface_set interfaces; /* that are joined */
	struct down_interfaces down;     /* those that are not, but should be */
	struct group *group;             /* owned by membership.c */
	bool is_optional; /* nothing is said of interfaces that lack it */
};

/*
 * Lists the interfaces for the family, each with the address that is sent from.
 * 0 and *out, to be given back by interface_list_fini; or -1, which was said,
 * and *out empty.
 */
int family_membership_list(
	const struct address *group, struct interface_list *out);

/*
 * Joins one more interface, or leaves the one at index `at`.  False when it
 * cannot be joined, which is added to `errors`, once until it can.
 */
bool family_membership_join(struct family_membership *family,
	const struct interface *interface, struct join_errors *errors,
	struct call_log *log);
void family_membership_leave(
	struct family_membership *family, size_t at, struct call_log *log);

/* The device with this index went, and took what was joined there along; see
 * group_lose. */
void family_membership_lose(struct family_membership *family,
	unsigned interface_index, struct call_log *log);

/* Joins anew wherever it is joined, in case a device went unnoticed. */
void family_membership_renew(
	struct family_membership *family, struct call_log *log);

/* The largest datagram that leaves every interface in one piece, in bytes. */
size_t family_membership_datagram_size(const struct family_membership *family);

#endif
