/* SPDX-License-Identifier: ISC */
#include "packets.h"

#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "mchat/protocol/record.h"

/* The reserved byte of the header. */
#define HEADER_RESERVED_AT 3

size_t packet_from_hex(const char *hex, uint8_t out[WIRE_PACKET_MAX])
{
	return hex_read(hex, out, WIRE_PACKET_MAX);
}

static enum wire_result data_again(struct reader *reader, struct writer *writer)
{
	struct wire_data data;
	struct record record;
	enum wire_result result = wire_data_decode(reader, &data);

	if (result != WIRE_OK)
		return result;
	wire_data_encode(writer, data.sequence, data.message, data.time);
	reader_init(reader, data.records, data.records_size);
	while (record_next(reader, &record))
		record_encode(writer, (enum record_type)record.type,
			record.bytes, record.size);
	wire_data_stamp(writer->start, data.sent);
	return WIRE_OK;
}

static enum wire_result state_again(
	struct reader *reader, struct writer *writer)
{
	struct wire_state state;
	struct wire_report report;
	enum wire_result result = wire_state_decode(reader, &state);
	uint8_t *count;

	if (result != WIRE_OK)
		return result;
	count = wire_state_encode(writer, &state);
	reader_init(reader, state.reports, state.reports_size);
	while (wire_report_next(reader, &report))
		if (!wire_report_encode(writer, count, &report))
			writer->failed = true;
	if (count && *count != state.report_count)
		writer->failed = true;
	return WIRE_OK;
}

static enum wire_result fragment_again(
	struct reader *reader, struct writer *writer)
{
	struct wire_fragment fragment;
	enum wire_result result = wire_fragment_decode(reader, &fragment);

	if (result == WIRE_OK)
		wire_fragment_encode(writer, &fragment);
	return result;
}

static enum wire_result code_again(struct reader *reader, struct writer *writer)
{
	struct wire_code code;
	enum wire_result result = wire_code_decode(reader, &code);

	if (result != WIRE_OK)
		return result;
	wire_code_encode(writer, code.last);
	writer_bytes(writer, code.sum, code.size);
	return WIRE_OK;
}

static bool is_same(
	const uint8_t *packet, size_t size, const struct writer *writer)
{
	size_t written = writer_size(writer);
	const uint8_t *again = writer->start;
	bool is_state = (packet[1] & 0x0f) == WIRE_STATE;
	bool has_index = (packet[1] & 0x0f) == WIRE_CODE;
	size_t i;

	if (writer->failed || (is_state ? written > size : written != size))
		return false;
	for (i = 0; i < written; i++) {
		bool is_reserved = i == HEADER_RESERVED_AT && !has_index;

		if (again[i] != (is_reserved ? 0 : packet[i]))
			return false;
	}
	return true;
}

enum wire_result packet_round_trip(
	const uint8_t *packet, size_t size, bool *out_same)
{
	struct wire_header header;
	struct reader reader;
	struct writer writer;
	enum wire_result result;
	uint8_t *again;

	*out_same = true;
	reader_init(&reader, packet, size);
	result = wire_header_decode(&reader, &header);
	if (result != WIRE_OK)
		return result;
	again = malloc(size);
	if (!again)
		abort();
	writer_init(&writer, again, size);
	wire_header_encode(&writer, &header);
	result = header.type == WIRE_DATA    ? data_again(&reader, &writer)
		 : header.type == WIRE_STATE ? state_again(&reader, &writer)
		 : header.type == WIRE_CODE  ? code_again(&reader, &writer)
					     : fragment_again(&reader, &writer);
	if (result == WIRE_OK)
		*out_same = is_same(packet, size, &writer);
	free(again);
	return result;
}
