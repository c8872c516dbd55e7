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
	bool on_terminal; /* stdout is one: all bytes safe; in text the time
			     before messages, and a line when the day changes */
	bool has_color;
	bool ends_with_nul; /* in VIEW_BARE each message, but on a terminal;
			       else with a newline */
	int64_t day;        /* of what was shown last: see calendar_day */
};

/* Where a line belongs. */
enum view_stream {
	VIEW_STDOUT,
	VIEW_STDERR,
};

/* Finds a format by its name: "text", "bare", "json"; a log is asked for
 * otherwise. */
bool view_format_find(const char *name, enum view_format *out);

/* Nothing was shown yet; it is `now`.  Colour is for text only. */
void view_init(struct view *view, enum view_format format, bool on_terminal,
	enum color_when when, struct wall_time now);

/* The stream that the line of `event` belongs to. */
enum view_stream view_stream(
	const struct view *view, const struct event *event);

/* What ends a message: a newline, or a NUL. */
char view_end(const struct view *view);

/*
 * Appends a line, its end included, for `event`, and before it one for the day
 * where that changes and the time is told without it.  Without a terminal
 * VIEW_BARE passes the message's bytes as they are, but for the one that ends
 * it, which is escaped; every other way makes them safe (view/safe.h).
 */
void view_event(
	struct view *view, const struct event *event, struct buffer *out);

#endif
