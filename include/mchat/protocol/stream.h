/* SPDX-License-Identifier: ISC */
/*
 * What one author sends, put back in order: a window of packets ahead of the
 * one expected next, the gaps in it, and the messages that come out.
 *
 *     kept for others  |  ready  |   waiting, with gaps    |
 *     store.first  delivered    next                   known
 *
 * What was said before we joined is history.  It begins a guess back and then,
 * as long as it holds too few messages, twice as far: packets say nothing of
 * how many there are in those before them that could be relied on.
 */
#ifndef MCHAT_PROTOCOL_STREAM_H
#define MCHAT_PROTOCOL_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/base/time.h"
#include "mchat/protocol/store.h"

struct wire_gap;

/* Packets ahead of `next` that are taken; a sender keeps within half of it. */
#define STREAM_WINDOW (STORE_SPAN / 2)

struct stream {
	bool is_open;
	uint64_t anchor;     /* what comes before was said before we joined */
	uint64_t next;       /* all before it are had or given up */
	uint64_t known;      /* the last number known to exist */
	uint64_t total_last; /* up to here the author has said how many */
	uint64_t total;      /* messages it wrote */
	uint64_t delivered;  /* of the packet whose messages come out next */
	size_t offset;       /* of its records, bytes that are done */
	uint64_t message;    /* number of the message that comes next; 0: of
			      * whatever comes first */
	unsigned wanted;     /* messages of history */
	uint64_t floor;      /* nobody has history before this packet */
	bool is_settled;     /* it begins where it will; then it comes out */
	uint64_t passed;     /* where it began before, from where on it was had
			      * or given up already */
	uint64_t reached;    /* up to here; passed: it was not */
	uint64_t skip;       /* whole messages of it that are too old to show */
	uint32_t received;   /* packets, doubles too */
	struct store store;
	struct buffer part;  /* of a long message */
	bool part_is_broken; /* its beginning is missing */
	bool part_predates;  /* because it came before ours */
};

void stream_init(struct stream *stream);
void stream_fini(struct stream *stream);

/* Starts at number `anchor`; what comes before is history, of which nothing is
 * promised, and none is wanted. */
void stream_open(struct stream *stream, uint64_t anchor);

/*
 * Of one that was just opened: the last `history` whole messages before the
 * anchor are wanted, or as many as there are from packet `first` on.  `next`
 * goes back for them, also later, when there prove to be too few.
 */
void stream_want_history(
	struct stream *stream, unsigned history, uint64_t first);

enum stream_took {
	STREAM_NEW,
	STREAM_DOUBLE,  /* it was had already, or comes before the beginning */
	STREAM_LATE,    /* it was given up before it came: not kept */
	STREAM_TOO_FAR, /* beyond the window: not kept */
	STREAM_NO_MEMORY,
};

/* A packet of this author, whole and valid, came in. */
enum stream_took stream_take(struct stream *stream, uint64_t number,
	const void *bytes, size_t size, struct instant now);

/* The author says that packets up to `last` exist, and no others but what came
 * in, and that so many messages end in all of them. */
void stream_learn(struct stream *stream, uint64_t last, uint64_t messages);

/* Whether a packet that is known to exist is missing. */
bool stream_has_gap(const struct stream *stream);

/* The first gaps within the window, in order; returns how many. */
size_t stream_gaps(
	const struct stream *stream, struct wire_gap *out, size_t count);

/*
 * Gives up what is missing before `number`: the window moves on, and what is
 * not history will come out as lost.
 */
void stream_skip(struct stream *stream, uint64_t number);

/* The number of the first packet behind the first gap; known + 1 without. */
uint64_t stream_gap_end(const struct stream *stream);

enum stream_item_kind {
	STREAM_MESSAGE,
	STREAM_ACTION,
	STREAM_NICK,
	STREAM_LOST,
};

struct stream_item {
	enum stream_item_kind kind;
	struct wall_time time; /* of the author */
	uint64_t number;       /* of the packet */
	uint64_t message;      /* of MESSAGE and ACTION: 1, 2, 3, ... */
	const char *text;      /* of message, action, nick */
	size_t size;
	uint64_t count; /* of messages lost */
	bool is_history;
};

/* Whether stream_next may have something. */
bool stream_is_ready(const struct stream *stream);

/*
 * The next thing that the author said, of history no more than is wanted; false
 * when there is none.  *out borrows until the next call with this stream.
 */
bool stream_next(struct stream *stream, struct stream_item *out);

/* Bytes that the stream holds. */
size_t stream_memory(const struct stream *stream);

#endif
