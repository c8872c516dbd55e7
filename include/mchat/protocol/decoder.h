/* SPDX-License-Identifier: ISC */
/*
 * Combinations of one author's packets that wait until there are enough of a
 * block to put together what is missing (coding.h).  What comes out is right or
 * nothing: a block of which one combination, or one packet, was false is left
 * to plain repairs.
 */
#ifndef MCHAT_PROTOCOL_DECODER_H
#define MCHAT_PROTOCOL_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/coding.h"
#include "mchat/protocol/receive_window.h"
#include "mchat/protocol/wire.h"

enum decoder_result {
	DECODER_USELESS, /* nothing is missing that it could give */
	DECODER_TOO_FAR, /* beyond the window */
	DECODER_HELD,    /* more are needed */
	DECODER_READY,   /* the block can be solved */
	DECODER_REFUSED, /* its block is left to plain repairs; no memory */
};

/* A combination came in for a window, whose decoder is made if it is not there.
 */
enum decoder_result decoder_take(struct receive_window *window, uint8_t index,
	const struct wire_code *code);

/* Whether the combinations that are held of the block of number `first` give
 * all that is missing of their columns: after a packet of it came in, too. */
bool decoder_is_ready(const struct receive_window *window, uint64_t first);

/* The packets in the columns of the block of number `first` that are had,
 * and its equations, CODING_BLOCK of them at most. */
void decoder_fill(const struct receive_window *window, uint64_t author,
	uint64_t first, struct coding_block *out_block,
	struct coding_equation *out_equations);

/* Those that are held of that block do not suffice, since one says what others
 * do: one goes, so that another is taken. */
void decoder_drop_one(struct receive_window *window, uint64_t first);

/* The combinations of that block are not needed any more; or are not to be
 * believed, and no others are taken. */
void decoder_drop(struct receive_window *window, uint64_t first);
void decoder_poison(struct receive_window *window, uint64_t first);

/* What is missing of the block of number `first` beyond the combinations that
 * are held, and what was heard of; `end` is behind the last known packet. */
struct wire_lack decoder_lack(
	const struct receive_window *window, uint64_t first, uint64_t end);

/* Whether combinations of that block are of use: not when something of it was
 * false, nor when what came before the beginning of the window, or was given
 * up, is a part of it. */
bool decoder_is_usable(const struct receive_window *window, uint64_t first);

#endif
