/* SPDX-License-Identifier: ISC */
/*
 * Where events are shown: stdout's queue, or the lines above one that is being
 * typed; stderr; the transcript.
 */
#ifndef MCHAT_CHAT_DISPLAY_H
#define MCHAT_CHAT_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/fold.h"
#include "mchat/chat/kept_lines.h"
#include "mchat/chat/ignore_list.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/output_queue.h"
#include "mchat/io/transcript.h"
#include "mchat/protocol/event.h"
#include "mchat/view/view.h"

/*
 * Bytes that wait above a line that is typed before the group's socket is left
 * unread, as with OUTPUT_QUEUE_MAX.  A slow terminal (100 kB/s) shows that much
 * within a second, so that what is on the screen is never long past.  An answer
 * to what was typed may come on top.
 */
#define DISPLAY_ABOVE_MAX ((size_t)64 * 1024)

/* Messages that /history shows at most, and bytes of them that are kept. */
#define DISPLAY_KEPT_MAX  1000
#define DISPLAY_KEPT_SIZE ((size_t)256 * 1024)

struct display {
	struct view view;
	enum verbosity verbosity;
	struct output_queue output; /* stdout's */
	bool is_edited;      /* a line is typed at the end of it: what is to be
			      * shown, on stderr too, goes above that */
	struct buffer above; /* and waits here */
	struct transcript transcript;
	const char *nick;       /* borrowed: who we are, by now */
	bool is_off;            /* --send-only: messages are not shown */
	uint64_t limit;         /* messages wanted; 0: no end */
	uint64_t shown;         /* messages, */
	uint64_t counted;       /* and those of members among them, */
	bool counts_plain;      /* or of anybody: --raw */
	bool echoes_own;        /* what is typed is shown when it goes out */
	bool keeps;             /* messages, to be shown again */
	struct kept_lines kept; /* their lines */
	struct fold fold; /* the caller's to switch on, once initialised */
	struct ignore_list ignored; /* whose messages are not shown */
	bool has_bell;              /* it rings when somebody says the nick, */
	bool has_rung;              /* once for what waits there */
};

/* Shows on `fd`, from nothing else set but maybe the nick; display_fini is due,
 * and the transcript is the caller's to open before and to close. */
void display_init(struct display *display, int fd);
void display_fini(struct display *display);

/*
 * Prints what waits above the line that is being typed, which is not shown just
 * now: whole lines, `size` bytes at most, but one line at least.  Returns the
 * bytes that were printed.
 */
size_t display_print_above(struct display *display, size_t size);

/* No line is typed any more: prints all that waits above it. */
void display_end_edit(struct display *display);

/* Whether so much waits that no more should be received; then the sockets are
 * left alone until some of it was taken. */
bool display_is_full(const struct display *display);

/* Where what is shown waits. */
struct buffer *display_lines(struct display *display);

/* Shows an event; what is no message is not shown when quiet. */
void display_event(struct display *display, const struct event *event);

/* The two parts of that: logs it, and shows it. */
void display_log(struct display *display, const struct event *event);
void display_show(struct display *display, const struct event *event);

/* Shows words of ours for who is at a terminal, which are no event: on a line
 * of their own, unless quiet. */
void display_aside(struct display *display, const struct buffer *words);

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

/* Shows the last `count` messages that were folded whole; returns how many
 * there were. */
size_t display_whole(struct display *display, size_t count);

/* How many of the messages that were wanted are still to come; 0: none, or
 * there is no end. */
uint64_t display_lacks(const struct display *display);

/* Whether the messages that were wanted have been shown. */
bool display_has_all(const struct display *display);

#endif
