/* SPDX-License-Identifier: ISC */
/*
 * Which sessions we name, and when: those that are to name ours, since their
 * clock is off, and those that asked us to.  The more members are here, the
 * longer each waits, so that all together send about 100 such datagrams a
 * second.
 */
#ifndef MCHAT_SEAL_NAMING_H
#define MCHAT_SEAL_NAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/prng.h"
#include "mchat/base/time.h"
#include "mchat/seal/header.h"
#include "mchat/seal/names.h"

/* Sessions that are to be asked; of these the one heard longest ago gives way.
 * And as many that wait for a reply. */
#define NAMING_SESSIONS_MAX 256
/* How long a session is left alone after it was asked, while it is heard: at
 * first, and after doubling. */
#define NAMING_AGAIN_MS     1000
#define NAMING_AGAIN_MAX_MS 60000
/* The wait before a datagram is random up to the first of these, two datagrams
 * are apart by the second; the third is added for each member, if that is
 * more. */
#define NAMING_WAIT_MS       5
#define NAMING_APART_MS      200
#define NAMING_PER_MEMBER_MS 10

/* The circumstances of a call. */
struct naming_load {
	struct instant now;
	size_t members; /* heard in the last minute */
	bool is_urgent; /* we joined, or our clock was set, just now: asks do
			 * not wait for the number of members */
};

struct naming_ask {
	uint64_t session;
	struct instant heard; /* when it last was to be asked */
	struct instant again; /* not asked before then */
	struct duration gap;  /* after it is asked next */
	bool is_wanted;       /* heard since it was asked */
};

struct naming_timer {
	struct instant wanted; /* INSTANT_NEVER: nothing is to be sent */
	struct instant due;    /* that, and a random wait */
	struct instant apart;  /* not before then */
};

struct naming {
	struct prng prng;
	struct naming_timer ask;
	struct naming_timer reply;
	size_t ask_count;
	size_t reply_count;
	struct naming_ask asks[NAMING_SESSIONS_MAX];
	uint64_t replies[NAMING_SESSIONS_MAX]; /* the oldest first */
};

/* `seed` is random. */
void naming_init(struct naming *naming, uint64_t seed);

/* A datagram of a session came in that is to name ours. */
void naming_ask(struct naming *naming, uint64_t session,
	const struct naming_load *load);

/* The session need not be asked any more. */
void naming_drop(struct naming *naming, uint64_t session);

/* A session asked us to name it; left out when too many wait. */
void naming_reply(struct naming *naming, uint64_t session,
	const struct naming_load *load);

/* It has become urgent: what waits to be asked is asked soon. */
void naming_hurry(struct naming *naming, const struct naming_load *load);

/* When naming_next is to be called; INSTANT_NEVER: nothing to send. */
struct instant naming_deadline(const struct naming *naming);

/* The sessions that are to be named now, at most `max` of 1 to
 * NAMES_MAX, and whether they are asked or replied to.  Gives how many;
 * 0: nothing is due. */
size_t naming_next(struct naming *naming, size_t max,
	const struct naming_load *load, enum seal_kind *kind,
	uint64_t out[NAMES_MAX]);

#endif
