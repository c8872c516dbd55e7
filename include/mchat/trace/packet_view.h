/* SPDX-License-Identifier: ISC */
/* A packet of the protocol, decoded as far as it can be, for --trace. */
#ifndef MCHAT_TRACE_PACKET_VIEW_H
#define MCHAT_TRACE_PACKET_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"

/* Points into the packet. */
struct packet_view {
	bool is_ours;   /* else a plain datagram */
	bool is_sealed; /* of a private group, and no more is known of it */
	bool has_header;
	struct wire_header header;
	bool has_body;
	union wire_body body;
};

void packet_view_init(
	struct packet_view *view, const void *packet, size_t size);

/* Whether it was decoded completely, as DATA, STATE, FRAGMENT or CODE. */
bool packet_view_is_data(const struct packet_view *view);
bool packet_view_is_state(const struct packet_view *view);
bool packet_view_is_fragment(const struct packet_view *view);
bool packet_view_is_code(const struct packet_view *view);

/* How many packets the report of this number says that its sender lacks, by
 * gaps and, of blocks, by count. */
uint64_t packet_view_lacks(const struct wire_state *state, unsigned number,
	const struct wire_report *report);

/* Whether it is a STATE that reports something missing. */
bool packet_view_asks(const struct packet_view *view);

#endif
