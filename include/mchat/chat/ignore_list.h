/* SPDX-License-Identifier: ISC */
/*
 * /ignore: whose messages are not shown here.  A name as mchat shows it stands
 * for whoever goes by it; with the "#2f3a" of a member it stands for that
 * member, whatever name it takes.
 */
#ifndef MCHAT_CHAT_IGNORE_LIST_H
#define MCHAT_CHAT_IGNORE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct engine;
struct event;
struct event_member;

/* Entries at most: more than one can tell apart in a list. */
#define IGNORE_LIST_MAX 64

/* A name as it is shown, and its NUL: 32 bytes, each of which becomes four at
 * most (\x1b), and "#2f3a". */
#define IGNORE_LIST_NAME_SIZE (32 * 4 + 5 + 1)

struct ignore_entry {
	char name[IGNORE_LIST_NAME_SIZE]; /* as it was given */
	bool has_id; /* it is this member, else everybody of that name */
	uint64_t id;
};

struct ignore_list {
	struct ignore_entry entries[IGNORE_LIST_MAX];
	size_t count;
};

enum ignore_result {
	IGNORE_HERE,    /* done; somebody here is meant */
	IGNORE_ABSENT,  /* done; nobody here goes by that name so far */
	IGNORE_ALREADY, /* it is in the list */
	IGNORE_UNKNOWN, /* no member here has that name and id */
	IGNORE_FULL,    /* IGNORE_LIST_MAX, or no name is that long */
};

/* Adds a name, with an id or without.  The engine knows who is here; it may be
 * NULL. */
enum ignore_result ignore_list_add(struct ignore_list *list,
	const struct engine *engine, const char *name);

/* Removes it, as it was given; false when it is not in the list. */
bool ignore_list_remove(struct ignore_list *list, const char *name);

/* Whether messages of this member are not shown. */
bool ignore_list_has(
	const struct ignore_list *list, const struct event_member *member);

/* Whether the event is such a message. */
bool ignore_list_hides(
	const struct ignore_list *list, const struct event *event);

/* Appends the names, as they were given: "kim, lee#2f3a". */
void ignore_list_append(const struct ignore_list *list, struct buffer *out);

#endif
