/* SPDX-License-Identifier: ISC */
/*
 * Joining the group anew now and then.  A switch that snoops IGMP keeps a
 * membership for 260 s (RFC 3376, 8.4) unless a querier asks and is answered;
 * on a network without a querier it then sends the group nowhere.  A program
 * cannot know of queries, as IPv4 counts none; a report that nobody needed
 * costs a packet or two.
 */
#ifndef MCHAT_INTERFACES_REJOIN_H
#define MCHAT_INTERFACES_REJOIN_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct call_log;
struct membership;

/* Twice in the time that a switch keeps it, so that the report may be lost
 * once, with some to spare. */
#define REJOIN_MS 100000

/* Between leaving and joining what comes in is lost: some 20 to 200
 * microseconds (one datagram, of 20,000 a second).  So it waits until the group
 * was silent for a moment; where it never is, for as long as leaves time for
 * another report. */
#define REJOIN_QUIET_MS  20
#define REJOIN_LATEST_MS 200000

struct rejoin {
	struct instant due;
	struct instant latest;
};

/* The group has just been joined. */
void rejoin_begin(struct rejoin *rejoin, struct instant now);

/* When rejoin_run may do something. */
struct instant rejoin_deadline(const struct rejoin *rejoin);

/*
 * Joins anew when that is due, unless only this host hears; whether it did.
 * `heard` is when something last came in.  Then the interfaces are to be looked
 * at, as where one cannot be joined again it is as if it had gone.
 */
bool rejoin_run(struct rejoin *rejoin, struct membership *membership,
	struct call_log *log, struct instant heard, struct instant now);

#endif
