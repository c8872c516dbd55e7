/* SPDX-License-Identifier: ISC */
/*
 * When enough members are present to start sending (-w), when everything that
 * was sent is confirmed, and who has not confirmed it.
 */
#ifndef MCHAT_CHAT_DELIVERY_H
#define MCHAT_CHAT_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"
#include "mchat/chat/delivery_departed.h"

struct engine;
struct event;

/* Who has just joined knows nobody yet: members may come up so long after the
 * last that did, */
#define DELIVERY_SETTLE_MS 100

/* and the first so long after we joined.  The first hello, or the answers to
 * it, may have been lost, and Wi-Fi holds multicast back up to 200 ms. */
#define DELIVERY_ALONE_MS 500

/* How long members are waited for when nothing is said (--timeout). */
#define DELIVERY_TIMEOUT_MS 10000

/* How long a member that said bye may still confirm the rest, in the next of
 * its byes: those of a small group come 15 ms apart, ten where much is lost. */
#define DELIVERY_BYES_MS 200

/* A member of a small group that is not heard for this long is silent. */
#define DELIVERY_SILENT_MS 3000

struct delivery {
	size_t wanted;           /* members, to begin and to confirm (-w) */
	struct duration timeout; /* of the beginning, and of the end */

	struct instant started;  /* when we joined */
	struct instant deadline; /* of the waiting under way, or NEVER */
	struct instant check_at; /* when to look again, if nothing happens */
	size_t met;              /* members at the last look */
	struct instant met_at;   /* when they became so many */
	struct delivery_departed departed;
};

enum delivery_state {
	DELIVERY_WAITING,
	DELIVERY_DONE,
	DELIVERY_TIMED_OUT,
};

/* `wanted` and `timeout` are the caller's to set before. */
void delivery_init(struct delivery *delivery, struct instant now);

/* Whether the members that are wanted are here. */
enum delivery_state delivery_begin(struct delivery *delivery,
	const struct engine *engine, struct instant now);

/* How many of them were missing at the last look. */
size_t delivery_absent_count(const struct delivery *delivery);

/* Whether all that was said is delivered, when no more will be said. */
enum delivery_state delivery_end(struct delivery *delivery,
	const struct engine *engine, struct instant now);

/* Takes note of a member that left, of its own will or not, while it lacked
 * something; or that has everything after all. */
void delivery_note(struct delivery *delivery, const struct event *event);

/*
 * Says on stderr, after the prefix `before`, who has not confirmed what was
 * said, why, and what to do about it; true when there is nothing to say.
 */
bool delivery_conclude(const struct delivery *delivery,
	const struct engine *engine, const char *before, struct instant now);

#endif
