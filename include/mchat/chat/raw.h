/* SPDX-License-Identifier: ISC */
/*
 * The textbook's protocol, which is none: one line is one datagram, ended by
 * its newline, so that programs that print what they receive show lines.
 */
#ifndef MCHAT_CHAT_RAW_H
#define MCHAT_CHAT_RAW_H

#include <stddef.h>

#include "mchat/network/batch.h"
#include "mchat/protocol/event.h"

/* What ends a line on the wire. */
#define RAW_LINE_END "\n"

/* The longest line in bytes; the newline fills the datagram up. */
#define RAW_LINE_MAX (DATAGRAM_SIZE_MAX - 1)

struct address;
struct buffer;
struct line;
struct send_batch;
struct trace;

/* Adds a datagram with this line to the batch, which must not be full; it
 * borrows the text.  `trace` tells of it, unless it is NULL. */
void raw_add(struct send_batch *batch, const struct line *line,
	const struct trace *trace, struct instant now);

/*
 * Makes the event of a datagram received at `time` on `interface` (a name, or
 * NULL).  Its line end (LF, or the NUL that some programs send along, or both)
 * is no part of the text; the CR of another system's line end is, since it may
 * as well be the line's own.  *out borrows from both.
 */
void raw_event(const struct datagram *datagram, const char *interface,
	struct wall_time time, struct event *out);

/* Appends what becomes of a textbook program at `from` in a chat that is not
 * raw, and how to talk with it: what it says is shown, but it knows nothing of
 * packets.  `group` is where the chat is. */
void raw_append_advice(struct buffer *out, const struct address *from,
	const struct address *group);

#endif
