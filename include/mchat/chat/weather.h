/* SPDX-License-Identifier: ISC */
/* The weather: news of this host's interfaces, and when to follow them. */
#ifndef MCHAT_CHAT_WEATHER_H
#define MCHAT_CHAT_WEATHER_H

#include <stdbool.h>

#include "mchat/base/time.h"
#include "mchat/chat/notice.h"
#include "mchat/chat/settle.h"

struct session;
struct trouble;

/* Where the system gives no news we look so often, but only while something is
 * wrong. */
#define WEATHER_LOOK_MS 3000

struct weather {
	enum verbosity verbosity;
	struct session *session;       /* borrowed */
	const struct trouble *trouble; /* borrowed: of sending */

	int fd;          /* the news; -1: there are none */
	bool has_missed; /* some, since the last look */
	struct settle settle;
};

/* Asks for news from now on; that there will be none is said.  The fields above
 * the gap are the caller's to set before. */
void weather_open(struct weather *weather);
void weather_close(struct weather *weather);

/* What to poll for reading, before weather_note; -1: nothing. */
int weather_fd(const struct weather *weather);

/* There are news: takes them, and lets go at once of the memberships that went
 * with a device. */
void weather_note(struct weather *weather, struct instant now);

/* When weather_tick is due. */
struct instant weather_deadline(const struct weather *weather);

/*
 * Follows the interfaces when that is due; whether something is other than
 * before.  To be called when no batch is being sent.
 */
bool weather_tick(struct weather *weather, struct instant now);

#endif
