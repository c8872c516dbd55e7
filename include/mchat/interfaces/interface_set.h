/* SPDX-License-Identifier: ISC */
/* A set of interfaces of this host: those to use, or those in use. */
#ifndef MCHAT_INTERFACES_INTERFACE_SET_H
#define MCHAT_INTERFACES_INTERFACE_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/network/group.h"
#include "mchat/network/interface.h"

struct interface_set {
	struct interface items[GROUP_INTERFACES_MAX]; /* none twice */
	bool is_named[GROUP_INTERFACES_MAX];          /* not only by "all" */
	size_t count;
	bool is_fallback; /* only this host hears: there was no better one */
};

/* The name of a chosen interface; NULL when it is none of them. */
const char *interface_set_name(const struct interface_set *set, unsigned index);

/* Where an interface stands among them; their count when nowhere. */
size_t interface_set_find(const struct interface_set *set, unsigned index);

/* Adds one, unless there is no room; of one that is there already, that it was
 * named, if it was. */
void interface_set_add(struct interface_set *set,
	const struct interface *interface, bool is_named);

/* The one, when there is no other; else NULL. */
const struct interface *interface_set_only(const struct interface_set *set);

/* Takes out the one that stands there. */
void interface_set_remove(struct interface_set *set, size_t at);

#endif
