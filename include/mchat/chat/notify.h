/* SPDX-License-Identifier: ISC */
/* --notify: who looks elsewhere is told that somebody says the nick. */
#ifndef MCHAT_CHAT_NOTIFY_H
#define MCHAT_CHAT_NOTIFY_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct buffer;
struct event;

/* Between two notifications: one makes a person look, and a flood of mentions
 * is not to become a flood of these. */
#define NOTIFY_PAUSE_MS 5000

enum notify_how {
	NOTIFY_OFF,
	NOTIFY_BELL,
	NOTIFY_OSC, /* terminal/notification.h */
};

struct notify {
	enum notify_how how;
	struct instant next; /* not before this one */
};

/* Finds one by its name: "bell", "osc". */
bool notify_how_find(const char *name, enum notify_how *out);

/* Appends what notifies of an event that is shown at `now` to who is not
 * looking and goes by `nick`; nothing if there is no mention in it, or the last
 * notification was just before. */
void notify_of(struct notify *notify, const struct event *event,
	const char *nick, struct instant now, struct buffer *out);

#endif
