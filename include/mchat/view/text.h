/* SPDX-License-Identifier: ISC */
/* From an event to a line of text, for people. */
#ifndef MCHAT_VIEW_TEXT_H
#define MCHAT_VIEW_TEXT_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct buffer;
struct event;

/*
 * The time before a message: none, "11:23 ", or "2026-11-22 11:23:45 ".  With a
 * time, '~' marks what was said before we joined, and notices are enclosed in
 * dashes, since they appear among messages; without, they begin with "mchat: ".
 */
enum text_time {
	TEXT_NO_TIME,
	TEXT_CLOCK, /* but not before notices */
	TEXT_STAMP,
};

struct text_style {
	enum text_time time;
	bool has_color;
	unsigned columns; /* that notices are wrapped to; 0: they are not */
	/* Not NULL: where others say this nick, it is highlighted; without
	 * colour '!' stands behind the time. */
	const char *nick;
};

/* Appends the line, newline included; it is safe to print, and has no escape
 * sequences but our own for colour. */
void text_append(const struct text_style *style, const struct event *event,
	struct buffer *out);

/*
 * Appends the line of a message as a pipe has most, with a plain nick and a
 * plain text: what text_append does without time and colour, but in one piece.
 * False, and nothing appended, when the event is another.
 */
bool text_append_plain(const struct event *event, struct buffer *out);

/* Appends a line with the date of `time`. */
void text_append_day(const struct text_style *style, struct wall_time time,
	struct buffer *out);

/* Appends a line of other words, safe to print, as the lesser notices are. */
void text_append_aside(const struct text_style *style,
	const struct buffer *words, struct buffer *out);

#endif
