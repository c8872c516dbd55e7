/* SPDX-License-Identifier: ISC */
/* From an event to the line that people or programs read. */
#ifndef MCHAT_VIEW_VIEW_H
#define MCHAT_VIEW_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/view/color.h"

struct buffer;
struct event;

enum view_format {
	VIEW_TEXT, /* "nick: hello", "* nick waves", "[192.0.2.1:5000] hello" */
	VIEW_BARE, /* "hello" */
	VIEW_JSON, /* one object a line */
	VIEW_LOG,  /* text with date and time, everything in one stream */
};

struct view {
	enum view_format format;
	bool on_terminal; /* stdout is one: all is made safe; VIEW_TEXT has the
			     time before messages, and a line for a new day */
	bool has_color;
	bool ends_with_nul; /* a NUL ends each message of VIEW_BARE, except on
			       a terminal; otherwise a newline does */
	unsigned columns;   /* that what is no message is wrapped to; 0: it is
			     * not; the caller's to set, as the window may
			     * change */
	int64_t day;        /* calendar_day of what was shown last */
	const char *nick;   /* borrowed, or NULL: VIEW_TEXT on a terminal shows
			       where others say it */
};

/* Where a line belongs. */
enum view_stream {
	VIEW_STDOUT,
	VIEW_STDERR,
};

/* Finds a format by its name: "text", "bare", "json"; VIEW_LOG has none. */
bool view_format_find(const char *name, enum view_format *out);

/* Nothing was shown yet, and it is `now`.  Only VIEW_TEXT may have colour. */
void view_init(struct view *view, enum view_format format, bool on_terminal,
	enum color_when when, struct wall_time now);

/* The stream that the line of `event` belongs to. */
enum view_stream view_stream(
	const struct view *view, const struct event *event);

/* What ends a message: a newline, or a NUL. */
char view_end(const struct view *view);

/*
 * Appends the line of `event`, its end included; and before it a line with the
 * date, where times are shown without one and the day has changed.  VIEW_BARE
 * without a terminal passes the message's bytes as they are, except that the
 * byte which ends a message is escaped; otherwise all is made safe
 * (view/safe.h).
 */
void view_event(
	struct view *view, const struct event *event, struct buffer *out);

/* Appends words of ours that are no event, which must be safe to print, as a
 * line between dashes. */
void view_aside(const struct view *view, const struct buffer *words,
	struct buffer *out);

#endif
