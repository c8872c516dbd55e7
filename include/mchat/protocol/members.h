/* SPDX-License-Identifier: ISC */
/* Who is in the group, and what each has to do with us: a table by id. */
#ifndef MCHAT_PROTOCOL_MEMBERS_H
#define MCHAT_PROTOCOL_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/pacing.h"
#include "mchat/protocol/stream.h"
#include "mchat/protocol/wire.h"

/* Members known at most, oneself not counted.  When there are more, who is not
 * here any more gives way, then who was heard only once; else the newcomer is
 * not let in. */
#define MEMBERS_MAX 2048

struct member {
	uint64_t id;
	char nick[WIRE_NICK_MAX];
	uint8_t nick_size;
	char said_nick[WIRE_NICK_MAX]; /* with what it said last */
	uint8_t said_nick_size;

	/* Presence. */
	bool is_here;
	bool is_leaving;      /* LEAVE is to be told behind its messages */
	bool left_by_timeout; /* and how it left */
	bool was_told;        /* JOIN was told */
	struct instant heard; /* last */
	unsigned times_heard;
	uint64_t counter; /* of its last STATE */
	int hops;         /* routers between; -1: not known */

	/* What it has of us. */
	bool has_heard_us;
	uint64_t has_next;       /* all before it are confirmed */
	uint64_t has_known;      /* the last that it knows of */
	struct instant progress; /* last moved on, or had nothing to */
	bool is_excluded;        /* waited for in vain: no longer waited for */
	struct pacing_share share;

	/* What we have of it. */
	struct stream stream;
	uint64_t kept_first;   /* it keeps nothing before this */
	struct instant ask_at; /* report our gaps then */
	struct instant asked;  /* last */
	unsigned asks;         /* since the last progress */
	struct instant stuck;  /* since when the first gap is there */
	uint64_t stuck_known;  /* the last number known then */
	bool is_unconfirmed;   /* it sent what we did not report yet */
	bool wants_report;     /* in the next STATE */
	bool is_queued;        /* for handing out its messages */
};

struct members {
	struct member **list; /* owned, as are the members; in no order */
	size_t count;
	size_t here;           /* of them */
	uint64_t salt;         /* of the hash */
	struct member **slots; /* a hash table into the same */
};

/* False without memory. */
bool members_init(struct members *members, uint64_t salt);
void members_fini(struct members *members);

struct member *members_find(const struct members *members, uint64_t id);

/* Adds a member that is not known yet; NULL when there is no room for it, or
 * no memory. */
struct member *members_add(
	struct members *members, uint64_t id, struct instant now);

/* Says whether the member is here, and keeps count. */
void members_set_here(
	struct members *members, struct member *member, bool is_here);

#endif
