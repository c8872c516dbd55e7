/* SPDX-License-Identifier: ISC */
/* What --trace says of a packet in words; what it quotes is made safe. */
#ifndef MCHAT_TRACE_TRACE_TEXT_H
#define MCHAT_TRACE_TRACE_TEXT_H

#include <stdbool.h>

#include "mchat/protocol/wire.h"
#include "mchat/seal/seal.h"

struct buffer;
struct engine;
struct packet_view;
struct wire_peer;

/* Who sent a packet that has a header: "me", a nick, or the beginning of the
 * id, as much as tells members apart. */
void trace_text_author(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet);

/* Why the packet that the engine has just given leaves, and what it holds. */
void trace_text_sent(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet);

/* What a packet says that peers exchange about their exchange. */
void trace_text_exchange(struct buffer *out, const struct engine *engine,
	const struct wire_peer *packet, bool is_sent);

/* What came of the packet that the engine has just taken with this result,
 * which is not WIRE_NOT_OURS, and what it holds. */
void trace_text_received(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet, enum wire_result result);

/* What came of a datagram to a private group that has no packet for us, and is
 * no echo. */
void trace_text_sealed(struct buffer *out, enum seal_result result,
	const struct seal_opened *opened);

/* What a datagram does that names sessions. */
const char *trace_text_names(enum seal_kind kind);

#endif
