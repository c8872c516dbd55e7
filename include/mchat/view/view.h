/* SPDX-License-Identifier: ISC */
/* From an event to the line that people or programs read. */
#ifndef MCHAT_VIEW_VIEW_H
#define MCHAT_VIEW_VIEW_H

#include <stdbool.h>

struct buffer;
struct event;

enum view_format {
	VIEW_TEXT, /* "nick: hello", "* nick waves", "[192.0.2.1:5000] hello" */
	VIEW_BARE, /* "hello" */
	VIEW_JSON, /* one object a line */
};

struct view {
	enum view_format format;
	bool on_terminal; /* stdout is one: the time before, all bytes safe */
};

/* Where a line belongs. */
enum view_stream {
	VIEW_STDOUT,
	VIEW_STDERR,
};

/* Finds a format by its name: "text", "bare", "json". */
bool view_format_find(const char *name, enum view_format *out);

/* The stream that the line of `event` belongs to. */
enum view_stream view_stream(
	const struct view *view, const struct event *event);

/*
 * Appends one line, newline included, for `event`.  Without a terminal,
 * VIEW_BARE passes the message's bytes as they are; every other way makes them
 * safe (view/safe.h).
 */
void view_event(
	const struct view *view, const struct event *event, struct buffer *out);

#endif
