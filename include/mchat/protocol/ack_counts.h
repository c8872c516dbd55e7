/* SPDX-License-Identifier: ISC */
/* How many members have confirmed how much: what ack.h keeps in an engine. */
#ifndef MCHAT_PROTOCOL_ACK_COUNTS_H
#define MCHAT_PROTOCOL_ACK_COUNTS_H

#include <stddef.h>
#include <stdint.h>

/* Where members that are waited for stand, as counts by packet number: more
 * than a sender's window. */
#define ACK_SLOTS 8192

struct ack_counts {
	uint32_t waiting[ACK_SLOTS]; /* members by the packet they need next */
	size_t members;              /* in all */
};

#endif
