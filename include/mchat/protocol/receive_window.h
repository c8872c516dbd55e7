/* SPDX-License-Identifier: ISC */
/*
 * The receive window of one author: packets in order, those that wait behind a
 * gap, and those that are kept for others.
 *
 *     kept for others  |  ready  |   waiting, with gaps    |
 *     store.first  delivered    next                   known
 *
 * Where it begins is found by backfill.h; the messages come out by
 * reassembly.h.
 */
#ifndef MCHAT_PROTOCOL_RECEIVE_WINDOW_H
#define MCHAT_PROTOCOL_RECEIVE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/packet_store.h"

struct code_store;
struct wire_data;
struct wire_gap;

/* Packets ahead of `next` that are taken; a sender keeps within half of it. */
#define RECEIVE_WINDOW_PACKETS (PACKET_STORE_SPAN / 2)

enum backfill_phase {
	BACKFILL_SEEKING,  /* the first packet that is owed is not known yet */
	BACKFILL_COUNTING, /* nobody has it: how much is missing, the author
			    * may tell */
	BACKFILL_HISTORY,  /* what is wanted of the time before it is fetched */
	BACKFILL_DONE,     /* messages come out */
};

/* How much an author is known to have sent. */
struct extent {
	uint64_t last;        /* packet */
	uint64_t messages;    /* that end in the packets up to it */
	bool is_counted;      /* that is known */
	struct duration sent; /* the author's age when `last` left first; that
			       * or less when it said WIRE_QUIET_MAX_MS */
};

struct receive_window {
	bool is_open;
	uint64_t next;       /* all before it are had or given up */
	uint64_t known;      /* the last number known to exist */
	struct instant came; /* when the packet of that number did; NEVER: it
			      * did not */
	struct extent told;  /* the largest extent that was heard of */
	struct extent own;   /* the largest that the author itself told, or a
			      * packet of it shows */
	uint32_t received;   /* packets, doubles and combinations too */
	uint64_t bytes;      /* of those */
	uint64_t gave_up;    /* the first packet that was owed and is lost;
			      * 0: none */
	struct packet_store store;
	struct code_store *codes; /* owned; NULL: no combination came yet */

	/* Where it begins. */
	enum backfill_phase phase;
	uint64_t anchor;         /* what comes before was sent before we
				  * started: it is history */
	uint64_t anchor_message; /* the first that is owed; 0: not known */
	struct duration start;   /* the author's age when we started */
	uint64_t owed;           /* message, by the author's word; 0: none */
	unsigned wanted;         /* messages of history */
	uint64_t floor;          /* nobody has history before this packet */
	uint64_t passed;         /* where it began before, from where on it was
				  * had or given up already */
	uint64_t reached;        /* up to here; passed: it was not */
	uint64_t passed_over;    /* the first packet that was taken for history
				  * and not shown; 0: none */

	/* What comes out next. */
	uint64_t delivered;  /* of the packet whose messages come out next */
	size_t offset;       /* of its records, bytes that are done */
	uint64_t message;    /* number of the message that comes next; 0: of
			      * whatever comes first */
	uint64_t skip;       /* whole messages of history that are too old */
	uint64_t scanned;    /* the long message that begins at `delivered` does
			      * not end before this packet; 0: none does */
	size_t scanned_size; /* its bytes so far */
	bool part_predates;  /* pieces at the beginning are of a message that
			      * began before it */
	bool has_unknown_loss; /* to be told: what came before the anchor */
	bool has_begun;        /* something that is owed has come out */
	uint64_t shown;        /* messages that came out */
};

void receive_window_init(struct receive_window *window);
void receive_window_fini(struct receive_window *window);

/* Starts at packet `anchor`, which begins with message number `message`; 0: not
 * known.  All from there on is owed. */
void receive_window_open(
	struct receive_window *window, uint64_t anchor, uint64_t message);

enum receive_window_result {
	RECEIVE_WINDOW_NEW,
	RECEIVE_WINDOW_DOUBLE,  /* it was had already, or comes before the
				   beginning */
	RECEIVE_WINDOW_LATE,    /* it was given up before it came: not kept */
	RECEIVE_WINDOW_TOO_FAR, /* beyond the window: not kept */
	RECEIVE_WINDOW_NO_MEMORY,
};

/* A packet of this size came in, DATA or CODE. */
void receive_window_count(struct receive_window *window, size_t size);

/* A packet of this author, of which `data` was decoded, came in. */
/* A packet of this size came in, DATA or CODE. */
void receive_window_count(struct receive_window *window, size_t size);

enum receive_window_result receive_window_take(struct receive_window *window,
	const struct wire_data *data, const void *bytes, size_t size,
	struct instant now);

/* The author itself says how much it has sent: there is no more than that and
 * what came in. */
void receive_window_learn(
	struct receive_window *window, const struct extent *extent);

/*
 * Undoes the giving up of packets that only others had told of: the window
 * goes on where the author's own word ends.  Returns whether there were any;
 * none of them has come in.
 */
bool receive_window_unskip(struct receive_window *window);

/* Somebody else knows of more. */
void receive_window_hear_of(
	struct receive_window *window, const struct extent *extent);

/* Packet `number`, which was owed, is lost. */
void receive_window_note_lost(struct receive_window *window, uint64_t number);

/* Whether something was lost that the author did send. */
bool receive_window_has_lost(const struct receive_window *window);

/* Whether a packet that is known to exist is missing. */
bool receive_window_has_gap(const struct receive_window *window);

/* The first gaps within the window from `number` on and before `end`, in order;
 * returns how many, at most `count`. */
size_t receive_window_gaps(const struct receive_window *window, uint64_t number,
	uint64_t end, struct wire_gap *out, size_t count);

/*
 * Gives up what is missing before `number`: the window moves on, and what is
 * not history will come out as lost.
 */
void receive_window_skip(struct receive_window *window, uint64_t number);

/* The number of the first packet behind the first gap; known + 1 without. */
uint64_t receive_window_gap_end(const struct receive_window *window);

/* Bytes that a packet of this author has on average; 0 without any. */
size_t receive_window_mean_size(const struct receive_window *window);

/* Bytes that the window holds. */
size_t receive_window_memory(const struct receive_window *window);

#endif
