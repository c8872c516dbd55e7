/* SPDX-License-Identifier: ISC */
/* Where events go: as lines to stdout's queue, or to stderr. */
#ifndef MCHAT_CHAT_DISPLAY_H
#define MCHAT_CHAT_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/chat/notice.h"
#include "mchat/view/view.h"

struct event;
struct output;

struct display {
	struct view view;
	enum verbosity verbosity;
	struct output *output; /* borrowed */
	bool is_off;           /* --send-only: messages are not shown */
	uint64_t limit;        /* messages wanted; 0: no end */
	uint64_t shown;        /* messages */
};

/* Shows an event; what is no message is not shown when quiet. */
void display_event(struct display *display, const struct event *event);

/* Whether the messages that were wanted have been shown. */
bool display_has_all(const struct display *display);

#endif
