/* SPDX-License-Identifier: ISC */
/*
 * Where the messages of an author begin for us.  All that it sent since we
 * started is owed, whatever the network did meanwhile; what it sent before is
 * history, of which the last messages may be wanted.
 *
 * Every packet says at which age of its author it left, and we know the
 * author's age when we started: so each packet that is at hand shows whether it
 * is owed, and whether the one before it is.  The beginning moves back until it
 * is found, by BACKFILL_FIRST packets and then by as many as there are already.
 * What is missing is asked for like any gap, and had from whoever keeps it.
 */
#ifndef MCHAT_PROTOCOL_BACKFILL_H
#define MCHAT_PROTOCOL_BACKFILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/receive_window.h"

struct wire_data;

/* Packets that are fetched at first to find the beginning. */
#define BACKFILL_FIRST 64

/*
 * Opens the window of an author that is known to have sent so much, and whose
 * age was `start` when we started: 0 or less when it started later.  The last
 * `history` whole messages from before that are wanted, too; nobody has any
 * packet before `floor`.
 */
void backfill_begin(struct receive_window *window, const struct extent *extent,
	struct duration start, unsigned history, uint64_t floor);

/* Whether what was sent at this age of the author is owed to us. */
bool backfill_is_owed(struct duration sent, struct duration start);

/*
 * The author itself tells what its age was when we started; others had told
 * another: what was passed over as history, and was not, comes out after all.
 */
void backfill_correct_start(
	struct receive_window *window, struct duration start);

/* As receive_window_take and receive_window_skip; once all from where the
 * window begins to its anchor is had or given up, either that is enough or the
 * window is made to begin earlier. */
enum receive_window_result backfill_take(struct receive_window *window,
	const struct wire_data *data, const void *bytes, size_t size,
	struct instant now);
void backfill_skip(struct receive_window *window, uint64_t number);

/* The author says that message number `owed` is the first that it owes us. */
void backfill_learn_owed(struct receive_window *window, uint64_t owed);

/* Whether it waits for that word; and goes on without it, for nobody gives it:
 * then a loss of unknown size is told. */
bool backfill_is_counting(const struct receive_window *window);
void backfill_stop_counting(struct receive_window *window);

#endif
