/* SPDX-License-Identifier: ISC */
/* Who is in the group, and what each has to do with us: a table by id. */
#ifndef MCHAT_PROTOCOL_MEMBERS_H
#define MCHAT_PROTOCOL_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/congestion.h"
#include "mchat/protocol/nicks.h"
#include "mchat/protocol/path_mtu_types.h"
#include "mchat/protocol/peer_reports.h"
#include "mchat/protocol/receive_window.h"
#include "mchat/protocol/repair_credit.h"
#include "mchat/protocol/wire.h"

/*
 * Members known at most, oneself not counted.  For more, one that said bye
 * gives way; or else, of those long gone or heard only once, the one that was
 * heard for the shortest time, so that a newcomer does not drive out a member
 * of long standing.  If there is none, the newcomer is not let in.
 */
#define MEMBERS_MAX 16384

/* What a silent member takes at most, with its places in list, table and heap.
 */
#define MEMBER_BYTES_MAX 1024

/* Members that are looked at when one has to give way. */
#define MEMBERS_LOOKS 128

/* Members that were forgotten, but not what was shown of them: the points of
 * which the least was shown give way. */
#define RESUME_MAX ((size_t)4 * MEMBERS_MAX)

/* Where the messages of a forgotten member go on. */
struct resume_point {
	uint64_t id; /* 0: none */
	uint64_t packet;
	uint64_t message;
	uint64_t shown; /* messages so far */
	size_t offset;  /* in the packet */
};

struct member {
	uint64_t id;
	uint32_t index;        /* in the list of members */
	struct nick nick;      /* as its last STATE has it */
	struct nick said_nick; /* with what it said last; empty: as above */
	uint64_t shared_as_of; /* others go by that one, too, or not, as of so
				* many changes of nicks */

	/* When it is looked at for its timers, at the latest, and its place in
	 * the heap of those (deadlines.h). */
	struct instant due;
	uint32_t due_place;

	/* Where it is in which of the report lists, and in the queue of those
	 * that have messages to hand out. */
	uint8_t report_list; /* REPORT_LIST_... */
	bool is_said_shared;
	struct member *report_before;
	struct member *report_after;
	struct member *queued_after;

	/* As of which numbers it counts (member_counts.h). */
	uint64_t caught_up_to;
	uint64_t confirms_below;

	/* Presence. */
	bool is_here;
	bool has_said_bye;        /* how much it has sent is certain */
	bool was_told;            /* JOIN was told */
	bool has_born;            /* its age is known */
	bool is_leaving;          /* LEAVE is to be told behind its messages */
	bool left_by_timeout;     /* and how it left */
	uint64_t left_lacking;    /* and what of ours it had not confirmed, */
	uint64_t left_from;       /* from this message on */
	struct instant met;       /* heard first */
	struct instant heard;     /* last */
	struct duration interval; /* of presence when it was heard last */
	unsigned times_heard;
	unsigned olds;    /* STATEs in a row that came too late */
	unsigned lows;    /* STATEs in a row that say it has sent less than we
			   * believe */
	int hops;         /* routers between; -1: not known */
	uint64_t counter; /* of its last STATE */
	uint64_t old_counter; /* of the last of those */
	uint64_t low_last;    /* the least that those say */
	struct instant born;  /* when it started, by our clock, */
	struct instant aged;  /* as it said last */

	/* What it has of us. */
	bool has_heard_us;
	bool counts_as_hearing;
	bool has_skipped; /* what of ours it will never have */
	bool wants_owed;  /* it is to be told what it is owed */
	bool is_awaited;  /* it is among those that hold us up */
	bool is_stalled;  /* waited for in vain: no longer waited for */
	unsigned stalls;  /* of late, and when the last was */
	struct instant stalled_at;
	uint64_t skipped_from;     /* the first message that it skipped */
	uint64_t has_from;         /* what comes before was said too early */
	uint64_t acked_next;       /* all before it are confirmed */
	uint64_t reported_next;    /* the same of its last report, which goes
				    * back when history does */
	uint64_t reported_known;   /* the last that it knows of */
	uint64_t owed_message;     /* the first that left when it was there */
	struct duration told_age;  /* by its last STATE */
	struct instant owed_as_of; /* if it started then; NEVER: not known */
	uint64_t awaited_at;       /* counted at this number */
	struct instant progress;   /* it confirmed enough, last */
	uint64_t progress_from;    /* up to here by then */
	uint64_t progress_goal;    /* and the next time, up to here */
	struct congestion_share share;
	struct repair_credit credit;
	struct path_mtu path;

	/* What it has of others. */
	struct peer_reports peer_reports;

	/* What we have of it. */
	struct receive_window window;
	uint64_t reported;             /* in our STATE of this counter */
	uint64_t kept_first;           /* it keeps nothing before this */
	struct instant nack_at;        /* report our gaps then */
	struct instant nacked_at;      /* last */
	unsigned nacks;                /* since the last progress */
	uint8_t suppressed;            /* by others', since ours or that */
	bool has_answered;             /* it was heard since the first */
	bool from_report_only;         /* only others said where it begins */
	bool is_limited_by_us;         /* we are its limiting receiver */
	bool is_unconfirmed;           /* it sent what we did not report yet */
	bool polls_us;                 /* and waits for a report on it */
	bool must_report;              /* in the next STATE */
	bool is_queued;                /* for handing out its messages */
	struct instant gap_since;      /* since when the first gap is there */
	uint64_t gap_known;            /* the last number known then */
	struct instant counting_until; /* backfill waits so long for a word of
					* the author; NEVER: it does not */
	size_t memory;                 /* as the receive memory counts it */
};

struct members {
	struct member **list; /* owned, as are the members */
	size_t count;
	size_t capacity;             /* of the list */
	size_t here;                 /* of them, and these come first */
	struct nicks nicks;          /* of those that are here */
	size_t looked;               /* at, for somebody to give way */
	uint64_t salt;               /* of the hash */
	struct member **slots;       /* a hash table into the same, twice as
				      * long */
	struct resume_point *resume; /* in sets by a hash of the id; owned;
				      * NULL: none yet */
};

/* False without memory. */
bool members_init(struct members *members, uint64_t salt);
void members_fini(struct members *members);

struct member *members_find(const struct members *members, uint64_t id);

/*
 * Who can be forgotten for another: the best of the next MEMBERS_LOOKS, so that
 * a flood of newcomers costs little; NULL when none of those gives way.
 */
struct member *members_victim(struct members *members, struct instant now);

/* Whether a member is one that is looked for; `context` is the caller's. */
typedef bool members_test(const void *context, const struct member *member);

/* The ids of at most `most` of those who are here and pass the test, in turn:
 * from *looked on, which moves on.  Returns how many. */
size_t members_in_turn(const struct members *members, size_t *looked,
	members_test *test, const void *context, uint64_t *ids, size_t most);

/* Forgets a member, but for where its messages go on when it is met again. */
void members_forget(struct members *members, struct member *member);

/* Where the messages of a forgotten member go on; NULL: not known. */
const struct resume_point *members_resume(
	const struct members *members, uint64_t id);

/* Adds a member that is not known yet; NULL when there is no room for it, or
 * no memory. */
struct member *members_add(
	struct members *members, uint64_t id, struct instant now);

/* The first packet of ours that the member has not confirmed; of one that never
 * told that it hears us, the first since it started. */
uint64_t members_first_lacking(const struct member *member);

/* Says whether the member is here, and keeps list and nicks in step. */
void members_set_here(
	struct members *members, struct member *member, bool is_here);

/* The member goes by this nick, of at most WIRE_NICK_MAX bytes. */
void members_rename(struct members *members, struct member *member,
	const char *text, size_t size);

#endif
