/* SPDX-License-Identifier: ISC */
#include "forged.h"

#include <stdlib.h>

void forged_data(struct forged *forged, uint32_t room, uint64_t member,
	uint64_t sequence, uint64_t message)
{
	struct wire_header header = {
		.type = WIRE_DATA, .room = room, .member = member};

	writer_init(&forged->writer, forged->bytes, sizeof(forged->bytes));
	wire_header_encode(&forged->writer, &header);
	wire_data_encode(
		&forged->writer, sequence, message, (struct wall_time){0});
}

void forged_age(struct forged *forged, int64_t age_ms, int64_t quiet_ms)
{
	wire_data_stamp(forged->bytes,
		(struct wire_age){duration_ms(age_ms), duration_ms(quiet_ms)});
}

void forged_record(struct forged *forged, enum record_type type,
	const char *text, size_t size)
{
	record_encode(&forged->writer, type, text, size);
}

void forged_piece(
	struct forged *forged, uint8_t flags, const char *text, size_t size)
{
	writer_u8(&forged->writer, RECORD_PART);
	writer_u16(&forged->writer, (uint16_t)(size + 1));
	writer_u8(&forged->writer, flags);
	writer_bytes(&forged->writer, text, size);
}

void forged_code(struct forged *forged, uint32_t room, uint64_t member,
	uint8_t index, uint64_t last, uint8_t byte)
{
	struct wire_header header = {.type = WIRE_CODE,
		.room = room,
		.member = member,
		.index = index};

	writer_init(&forged->writer, forged->bytes, sizeof(forged->bytes));
	wire_header_encode(&forged->writer, &header);
	wire_code_encode(&forged->writer, last);
	for (int i = 0; i < 12; i++)
		writer_u8(&forged->writer, byte);
}

void forged_state(struct forged *forged, uint32_t room, uint64_t member,
	uint8_t flags, const struct wire_state *state)
{
	struct wire_header header = {.type = WIRE_STATE,
		.flags = flags,
		.room = room,
		.member = member};

	writer_init(&forged->writer, forged->bytes, sizeof(forged->bytes));
	wire_header_encode(&forged->writer, &header);
	forged->reports = wire_state_encode(&forged->writer, state);
	if (!forged->reports)
		abort();
}

void forged_report(struct forged *forged, const struct wire_report *report)
{
	if (!wire_report_encode(&forged->writer, forged->reports, report))
		abort();
}

void forged_polled(struct forged *forged, const uint64_t *ids, uint8_t count)
{
	wire_polled_encode(&forged->writer, ids, count);
}

size_t forged_size(const struct forged *forged)
{
	return writer_size(&forged->writer);
}
