/* SPDX-License-Identifier: ISC */
/*
 * The hosts that report to us by unicast because we are a source that they
 * list: they hear what we send to the group, and nothing is sent to them (the
 * feedback of RFC 5760).  As many as there may be members; each has proven its
 * address.  Pure, and of a fixed size.
 */
#ifndef MCHAT_RELAY_REPORTER_TABLE_H
#define MCHAT_RELAY_REPORTER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"

/* In sets of four, 16,384 in all: as many as the members that are known. */
#define REPORTER_SETS 4096
#define REPORTER_WAYS 4

struct reporter {
	struct address address;
	struct instant heard_at; /* 0: free */
};

struct reporter_table {
	struct reporter sets[REPORTER_SETS][REPORTER_WAYS];
	bool has_any; /* or had */
};

/* The reporter with this address and port, unless it is silent; NULL: none. */
struct reporter *reporter_table_find(struct reporter_table *table,
	const struct address *address, struct instant now);

/* Whether there is room for one with this address. */
bool reporter_table_has_room(const struct reporter_table *table,
	const struct address *address, struct instant now);

/* Adds one that has proven its address; false without room. */
bool reporter_table_add(struct reporter_table *table,
	const struct address *address, struct instant now);

#endif
