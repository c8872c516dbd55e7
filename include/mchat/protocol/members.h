/* SPDX-License-Identifier: ISC */
/* Who is in the group, and what each has to do with us: a table by id. */
#ifndef MCHAT_PROTOCOL_MEMBERS_H
#define MCHAT_PROTOCOL_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/allowance.h"
#include "mchat/protocol/hearings.h"
#include "mchat/protocol/nicks.h"
#include "mchat/protocol/pacing.h"
#include "mchat/protocol/stream.h"
#include "mchat/protocol/wire.h"

/* Members known at most, oneself not counted.  When there are more, who is not
 * here any more gives way, then who was heard only once; else the newcomer is
 * not let in.  A silent one takes about 1 KiB. */
#define MEMBERS_MAX 2048

struct member {
	uint64_t id;
	size_t index;          /* in the list of members */
	struct nick nick;      /* as its last STATE has it */
	struct nick said_nick; /* with what it said last; empty: as above */
	uint64_t shared_as_of; /* others go by that one, too, or not, as of so
				* many changes of nicks */
	bool is_said_shared;

	/* Presence. */
	bool is_here;
	bool is_leaving;       /* LEAVE is to be told behind its messages */
	bool left_by_timeout;  /* and how it left */
	uint64_t left_lacking; /* and what of ours it had not confirmed, */
	uint64_t left_from;    /* from this message on */
	bool was_told;         /* JOIN was told */
	struct instant heard;  /* last */
	unsigned times_heard;
	unsigned olds;        /* STATEs in a row that came too late */
	uint64_t counter;     /* of its last STATE */
	uint64_t old_counter; /* of the last of those */
	int hops;             /* routers between; -1: not known */

	/* What it has of us. */
	bool has_heard_us;
	bool is_excluded;        /* waited for in vain: no longer waited for */
	bool has_skipped;        /* what of ours it lacked and we dropped */
	uint64_t has_from;       /* what comes before was said too early */
	uint64_t has_next;       /* all before it are confirmed */
	uint64_t seeks_from;     /* the same of its last report, which goes
				  * back when history does */
	uint64_t has_known;      /* the last that it knows of */
	struct instant progress; /* last moved on, or had nothing to */
	struct pacing_share share;
	struct allowance allowance; /* of repairs that it asks for */

	/* What it has of others. */
	struct hearings hearings;

	/* What we have of it. */
	struct stream stream;
	uint64_t reported;     /* in our STATE of this counter */
	uint64_t kept_first;   /* it keeps nothing before this */
	struct instant ask_at; /* report our gaps then */
	struct instant asked;  /* last */
	unsigned asks;         /* since the last progress */
	struct instant stuck;  /* since when the first gap is there */
	uint64_t stuck_known;  /* the last number known then */
	bool is_hearsay;       /* only others said where it begins */
	bool is_unconfirmed;   /* it sent what we did not report yet */
	bool wants_report;     /* in the next STATE */
	bool is_queued;        /* for handing out its messages */
};

struct members {
	struct member **list; /* owned, as are the members */
	size_t count;
	size_t here;           /* of them, and these come first */
	struct nicks nicks;    /* of those that are here */
	uint64_t salt;         /* of the hash */
	struct member **slots; /* a hash table into the same */
};

/* False without memory. */
bool members_init(struct members *members, uint64_t salt);
void members_fini(struct members *members);

struct member *members_find(const struct members *members, uint64_t id);

/* Who has to be forgotten before another can be added: NULL when there is
 * room, or when nobody gives way. */
struct member *members_victim(const struct members *members);
void members_forget(struct members *members, struct member *member);

/* Adds a member that is not known yet; NULL when there is no room for it, or
 * no memory. */
struct member *members_add(
	struct members *members, uint64_t id, struct instant now);

/* Says whether the member is here, and keeps list and nicks in step. */
void members_set_here(
	struct members *members, struct member *member, bool is_here);

/* The member goes by this nick, of at most WIRE_NICK_MAX bytes. */
void members_rename(struct members *members, struct member *member,
	const char *text, size_t size);

#endif
