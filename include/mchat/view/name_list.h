/* SPDX-License-Identifier: ISC */
/* Some members by name, and how many more there are: "bob, kim and 2 more". */
#ifndef MCHAT_VIEW_NAME_LIST_H
#define MCHAT_VIEW_NAME_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct event_member;

struct name_list {
	size_t max;   /* names that are told; the caller's to set */
	size_t count; /* members so far; the caller may add some without names
		       */
	size_t named; /* those of them that were told */
};

/* One more: appends its name, and a comma before it where one is due; behind
 * the first `max` it is only counted, and false is returned. */
bool name_list_add(struct name_list *list, const struct event_member *member,
	struct buffer *out);

/* Appends how many were not named, if any were. */
void name_list_end(const struct name_list *list, struct buffer *out);

#endif
