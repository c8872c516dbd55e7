/* SPDX-License-Identifier: ISC */
/* Some of the interfaces of this host: those to use, or those in use. */
#ifndef MCHAT_CHAT_CHOICE_H
#define MCHAT_CHAT_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/network/group.h"
#include "mchat/network/interface.h"

struct choice {
	struct interface items[GROUP_INTERFACES_MAX]; /* none twice */
	bool is_named[GROUP_INTERFACES_MAX];          /* not only by "all" */
	size_t count;
	bool is_fallback; /* only this host hears: there was no better one */
};

/* The name of a chosen interface; NULL when it is none of them. */
const char *choice_name(const struct choice *choice, unsigned index);

/* Where an interface stands among them; their count when nowhere. */
size_t choice_find(const struct choice *choice, unsigned index);

/* Adds one, unless there is no room; of one that is there already, that it was
 * named, if it was. */
void choice_add(struct choice *choice, const struct interface *interface,
	bool is_named);

/* The one, when there is no other; else NULL. */
const struct interface *choice_only(const struct choice *choice);

/* Takes out the one that stands there. */
void choice_remove(struct choice *choice, size_t at);

#endif
