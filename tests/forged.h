/* SPDX-License-Identifier: ISC */
/* Forged packets, for tests: their fields may be such as no honest member
 * sends. */
#ifndef MCHAT_TESTS_FORGED_H
#define MCHAT_TESTS_FORGED_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/cursor.h"
#include "mchat/protocol/record.h"
#include "mchat/protocol/wire.h"

struct forged {
	uint8_t bytes[WIRE_PACKET_MAX];
	struct writer writer;
	uint8_t *reports; /* the place of a STATE's count of reports */
};

/* DATA without records, of an author who has just started. */
void forged_data(struct forged *forged, uint32_t room, uint64_t member,
	uint64_t sequence, uint64_t message);

/* Sets when the DATA left: at this age of its author, `quiet_ms` after the
 * packet before. */
void forged_age(struct forged *forged, int64_t age_ms, int64_t quiet_ms);

/* Adds a record; or a piece of a long message. */
void forged_record(struct forged *forged, enum record_type type,
	const char *text, size_t size);
void forged_piece(
	struct forged *forged, uint8_t flags, const char *text, size_t size);

/* CODE of packets up to `last`, with a sum of one byte 12 times. */
void forged_code(struct forged *forged, uint32_t room, uint64_t member,
	uint8_t index, uint64_t last, uint8_t byte);

/* STATE without reports. */
void forged_state(struct forged *forged, uint32_t room, uint64_t member,
	uint8_t flags, const struct wire_state *state);

/* Adds a report; the test ends when it does not fit. */
void forged_report(struct forged *forged, const struct wire_report *report);

/* Behind its reports: it polls these, of whom the first limits it. */
void forged_polled(struct forged *forged, const uint64_t *ids, uint8_t count);

/* Bytes so far. */
size_t forged_size(const struct forged *forged);

#endif
