/* SPDX-License-Identifier: ISC */
/* Sends events on to where they are shown: stdout's queue, stderr, the
 * transcript. */
#ifndef MCHAT_CHAT_DISPLAY_H
#define MCHAT_CHAT_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/io/diagnostics.h"
#include "mchat/protocol/event.h"
#include "mchat/view/view.h"

struct transcript;
struct output_queue;

/* Messages that are kept to be shown again, and their bytes in all. */
#define DISPLAY_KEPT_MAX  1000
#define DISPLAY_KEPT_SIZE ((size_t)256 * 1024)

struct display {
	struct view view;
	enum verbosity verbosity;
	struct output_queue *output; /* borrowed */
	struct buffer *lines; /* where they go: its queue, or, with what else
			       * would be on stderr, above a line typed */
	struct transcript *transcript; /* borrowed: the transcript */
	bool is_off;                   /* --send-only: messages are not shown */
	uint64_t limit;                /* messages wanted; 0: no end */
	uint64_t shown;                /* messages */
	bool keeps;                    /* messages, to be shown again */
	struct buffer kept;            /* their lines */
	const char *nick;              /* borrowed: who we are */
	bool has_bell;                 /* it rings when somebody says that, */
	bool has_rung;                 /* once for what waits there */
};

void display_fini(struct display *display);

/* Shows an event; what is no message is not shown when quiet. */
void display_event(struct display *display, const struct event *event);

/* Logs what we said at `time`, EVENT_MESSAGE or EVENT_ACTION; who typed it has
 * seen it. */
void display_own(struct display *display, enum event_kind kind,
	const char *text, size_t size, struct wall_time time);

/* Shows what we said, likewise, that was typed at `time`: it stays on the
 * screen, as what others say does. */
void display_typed(struct display *display, enum event_kind kind,
	const char *text, size_t size, struct wall_time time);

/* Shows the last `count` messages that are kept again. */
void display_again(struct display *display, size_t count);

/* Whether the messages that were wanted have been shown. */
bool display_has_all(const struct display *display);

#endif
