/* SPDX-License-Identifier: ISC */
/*
 * The wire format: vectors are decoded and encoded, cut and corrupted in every
 * way; the bounds of each field; and random packets, encoded and decoded.
 */
#include "mchat/protocol/record.h"
#include "mchat/protocol/wire.h"
#include "mchat/seal/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packets.h"
#include "random.h"
#include "tap.h"
#include "vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Where fields are. */
#define FLAGS_AT    2
#define HEADER_SIZE 16
#define SENT_AT     40 /* of DATA */
#define SENT_SIZE   8

/* Of a STATE and a report whose numbers are below 128. */
#define COUNT_AT    23
#define STATE_SIZE  25 /* without nick and reports */
#define REPORT_SIZE 15 /* without gaps, messages and what is owed */

/* The vectors that tests of fields take apart. */
#define REPORTING (&vectors[5])
#define OWING     (&vectors[9])

/* A packet that ends where its allocation does. */
static uint8_t *exact(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, bytes, size);
	return copy;
}

static bool is_filled(const void *object, size_t size)
{
	const uint8_t *bytes = object;

	while (size > 0 && bytes[size - 1] == 0xa5)
		size--;
	return size == 0;
}

/* Decodes all of a packet; *out_clean is whether a failure left the output
 * untouched. */
static enum wire_result decode(
	const uint8_t *packet, size_t size, bool *out_clean)
{
	struct wire_header header;
	union wire_body body;
	struct reader reader;
	enum wire_result result;

	memset(&header, 0xa5, sizeof(header));
	memset(&body, 0xa5, sizeof(body));
	reader_init(&reader, packet, size);
	result = wire_header_decode(&reader, &header);
	*out_clean = result == WIRE_OK || is_filled(&header, sizeof(header));
	if (result != WIRE_OK)
		return result;
	result = wire_body_decode(&reader, header.type, &body);
	*out_clean = result == WIRE_OK || is_filled(&body, sizeof(body));
	return result;
}

/* ---- vectors ---- */

static bool same_age(struct wire_age a, struct wire_age b)
{
	return a.age.ns == b.age.ns && a.quiet.ns == b.quiet.ns;
}

static void decodes_data(const struct vector *vector, struct reader *reader)
{
	struct wire_data data;
	struct record record = {0};
	struct reader records;
	size_t i;

	if (!tap_is_int(wire_data_decode(reader, &data), WIRE_OK,
		    "DATA is decoded"))
		return;
	tap_ok(data.sequence == vector->data.sequence &&
			data.message == vector->data.message &&
			data.time.ms == vector->data.time.ms,
		"DATA has its sequence, message and time");
	tap_ok(same_age(data.sent, vector->data.sent),
		"DATA tells when it left first");
	tap_is_int((intmax_t)data.ends, (intmax_t)vector->data.ends,
		"the messages that end in DATA are counted");
	reader_init(&records, data.records, data.records_size);
	for (i = 0; i < vector->record_count; i++) {
		const struct vector_record *expected = &vector->records[i];

		if (!tap_ok(record_next(&records, &record),
			    "DATA has its next record"))
			return;
		tap_is_int(
			record.type, expected->type, "a record has its type");
		tap_is_bytes(record.bytes, record.size, expected->bytes,
			expected->size, "a record has its bytes");
	}
	tap_ok(!record_next(&records, &record), "DATA has no more records");
}

static bool same_report(
	const struct wire_report *a, const struct wire_report *b)
{
	bool same = a->origin == b->origin && a->next == b->next &&
		    a->known == b->known && a->messages == b->messages &&
		    same_age(a->age, b->age) && a->received == b->received &&
		    a->flags == b->flags && a->owed == b->owed &&
		    a->gap_count == b->gap_count;
	unsigned i;

	for (i = 0; same && i < a->gap_count; i++)
		same = a->gaps[i].first == b->gaps[i].first &&
		       a->gaps[i].count == b->gaps[i].count;
	return same;
}

/* What stands behind the reports. */
static void decodes_items(
	const struct wire_state *expected, const struct wire_state *state)
{
	tap_ok(!state->held == !expected->held, "STATE says what was held");
	if (expected->held && state->held)
		tap_is_bytes(state->held, (size_t)2 * state->report_count,
			expected->held, (size_t)2 * expected->report_count,
			"for how long");
	tap_is_int(state->lacks_count, expected->lacks_count,
		"STATE says of which authors' blocks something is lacked");
	for (unsigned i = 0; i < expected->lacks_count; i++)
		tap_is_bytes(state->lacks[i].bytes,
			(size_t)2 * state->lacks[i].count,
			expected->lacks[i].bytes,
			(size_t)2 * expected->lacks[i].count, "how much");
	tap_is_bytes(state->polled, (size_t)8 * state->polled_count,
		expected->polled, (size_t)8 * expected->polled_count,
		"STATE polls");
	tap_ok(state->interval.ns == expected->interval.ns,
		"STATE says how seldom its sender speaks");
}

static void decodes_state(const struct vector *vector, struct reader *reader)
{
	const struct wire_state *expected = &vector->state;
	size_t whole = HEADER_SIZE + reader_left(reader);
	struct wire_state state;
	struct wire_report report;
	struct reader reports;
	size_t i;

	if (!tap_is_int(wire_state_decode(reader, &state), WIRE_OK,
		    "STATE is decoded"))
		return;
	tap_ok(state.counter == expected->counter &&
			state.hop_limit == expected->hop_limit,
		"STATE has its counter and hop limit");
	tap_ok(state.first == expected->first && state.last == expected->last &&
			state.messages == expected->messages,
		"STATE has its first, last and messages");
	tap_ok(same_age(state.age, expected->age), "STATE has its age");
	tap_is_bytes(state.nick, state.nick_size, expected->nick,
		expected->nick_size, "STATE has its nick");
	tap_is_int(state.report_count, expected->report_count,
		"STATE has its count of reports");
	reader_init(&reports, state.reports, state.reports_size);
	for (i = 0; i < expected->report_count; i++)
		tap_ok(wire_report_next(&reports, &report) &&
				same_report(&report, &vector->reports[i]),
			"STATE has its report %zu", i);
	tap_ok(!wire_report_next(&reports, &report),
		"STATE has no more reports");
	tap_is_int((intmax_t)reader_left(reader), (intmax_t)vector->ignored,
		"bytes behind the reports are left to the reader");
	tap_ok(state.reports + state.reports_size == reader->at,
		"the reports end where the reader stands");
	tap_is_int((intmax_t)state.size, (intmax_t)(whole - vector->ignored),
		"the size of the STATE is known");
	decodes_items(expected, &state);
}

static void decodes_fragment(const struct vector *vector, struct reader *reader)
{
	const struct wire_fragment *expected = &vector->fragment;
	struct wire_fragment fragment;

	if (!tap_is_int(wire_fragment_decode(reader, &fragment), WIRE_OK,
		    "FRAGMENT is decoded"))
		return;
	tap_ok(fragment.sequence == expected->sequence &&
			fragment.offset == expected->offset &&
			fragment.packet_size == expected->packet_size &&
			fragment.size == expected->size &&
			fragment.bytes[0] == WIRE_MAGIC,
		"FRAGMENT has its place and its bytes");
	tap_ok(wire_fragment_is_last(&fragment), "it is the last one");
}

static void decodes_code(const struct vector *vector, struct reader *reader)
{
	struct wire_code code;

	if (!tap_is_int(wire_code_decode(reader, &code), WIRE_OK,
		    "CODE is decoded"))
		return;
	tap_ok(code.last == vector->code.last, "CODE has its last packet");
	tap_is_bytes(code.sum, code.size, vector->code.sum, vector->code.size,
		"CODE has its sum");
}

/* What is asked of packets without decoding all of them. */
static void vector_opens(
	const struct vector *vector, const uint8_t *packet, size_t size)
{
	bool is_data = vector->header.type == WIRE_DATA;
	struct wire_data data = {0};

	tap_ok(wire_is_packet(packet, size), "wire_is_packet takes the vector");
	tap_ok(!wire_is_of_other_version(packet, size),
		"it is of this version");
	tap_ok(!wire_is_packet(packet, size - vector->ignored - 1),
		"wire_is_packet refuses it without its last byte");
	tap_ok(wire_data_open(packet, size, &data) == is_data,
		"wire_data_open takes DATA only");
	if (is_data)
		tap_ok(data.sequence == vector->data.sequence &&
				data.message == vector->data.message &&
				same_age(data.sent, vector->data.sent) &&
				data.ends == 0 &&
				data.records == packet + WIRE_DATA_RECORDS_AT &&
				data.records_size ==
					size - WIRE_DATA_RECORDS_AT,
			"wire_data_open gives what stands before the records");
	if (is_data && size >= WIRE_DATA_RECORDS_AT)
		tap_ok(wire_data_time(packet).ms == vector->data.time.ms,
			"wire_data_time gives the time alone");
}

static void vector_decodes(const struct vector *vector)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	size_t size = packet_from_hex(vector->hex, bytes);
	uint8_t *packet = exact(bytes, size);
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, packet, size);
	if (tap_is_int(wire_header_decode(&reader, &header), WIRE_OK,
		    vector->name)) {
		tap_ok(header.type == vector->header.type &&
				header.flags == vector->header.flags &&
				header.room == vector->header.room &&
				header.member == vector->header.member &&
				header.index == vector->header.index,
			"the packet has its header");
		if (header.type == WIRE_DATA)
			decodes_data(vector, &reader);
		else if (header.type == WIRE_FRAGMENT)
			decodes_fragment(vector, &reader);
		else if (header.type == WIRE_CODE)
			decodes_code(vector, &reader);
		else
			decodes_state(vector, &reader);
	}
	vector_opens(vector, packet, size);
	free(packet);
}

static void encode(const struct vector *vector, struct writer *writer)
{
	uint8_t *count;
	size_t i;

	wire_header_encode(writer, &vector->header);
	if (vector->header.type == WIRE_DATA) {
		wire_data_encode(writer, vector->data.sequence,
			vector->data.message, vector->data.time);
		for (i = 0; i < vector->record_count; i++)
			record_encode(writer,
				(enum record_type)vector->records[i].type,
				vector->records[i].bytes,
				vector->records[i].size);
		if (!writer->failed)
			wire_data_stamp(writer->start, vector->data.sent);
		return;
	}
	if (vector->header.type == WIRE_FRAGMENT) {
		static const uint8_t byte = WIRE_MAGIC;
		struct wire_fragment fragment = vector->fragment;

		fragment.bytes = &byte;
		wire_fragment_encode(writer, &fragment);
		return;
	}
	if (vector->header.type == WIRE_CODE) {
		wire_code_encode(writer, vector->code.last);
		writer_bytes(writer, vector->code.sum, vector->code.size);
		return;
	}
	count = wire_state_encode(writer, &vector->state);
	for (i = 0; i < vector->state.report_count; i++)
		if (!wire_report_encode(writer, count, &vector->reports[i]))
			writer->failed = true;
}

/* Encodes into every room up to the exact size; only that one fits. */
static void vector_encodes(const struct vector *vector)
{
	uint8_t expected[WIRE_PACKET_MAX];
	size_t size = packet_from_hex(vector->hex, expected);
	size_t fitted = 0;
	size_t room;
	bool same;

	for (room = 0; room <= size - vector->ignored; room++) {
		uint8_t *packet = exact(expected, room);
		struct writer writer;

		memset(packet, 0, room);
		writer_init(&writer, packet, room);
		encode(vector, &writer);
		fitted += !writer.failed;
		if (room == size - vector->ignored && !vector->has_reserved)
			tap_is_bytes(packet, writer_size(&writer), expected,
				size - vector->ignored, vector->name);
		free(packet);
	}
	tap_is_int((intmax_t)fitted, 1,
		"the packet fits its exact size and nothing less");
	tap_is_int(packet_round_trip(expected, size, &same), WIRE_OK,
		"the packet decodes in a round trip");
	tap_ok(same, "the packet is the same after a round trip");
}

/* Encodes what stands behind the reports, but for what is not known. */
static void vector_items(const struct vector *vector)
{
	const struct wire_state *state = &vector->state;
	uint8_t expected[WIRE_PACKET_MAX];
	size_t size = packet_from_hex(vector->hex, expected);
	const uint8_t *at = expected + size - vector->ignored;
	uint8_t items[WIRE_PACKET_MAX];
	struct duration held[WIRE_REPORTS_MAX];
	struct wire_lack lacks[WIRE_LACK_BLOCKS_MAX];
	uint64_t polled[WIRE_POLLED_MAX];
	struct writer writer;

	if (!state->held)
		return;
	writer_init(&writer, items, sizeof(items));
	for (unsigned i = 0; i < state->report_count; i++)
		held[i] = wire_state_held(state, i);
	for (unsigned i = 0; i < state->lacks[0].count; i++)
		lacks[i] = wire_lack_at(&state->lacks[0], i);
	for (unsigned i = 0; i < state->polled_count; i++)
		polled[i] = wire_state_polled(state, i);
	wire_held_encode(&writer, held, state->report_count);
	wire_lacks_encode(
		&writer, state->lacks[0].report, lacks, state->lacks[0].count);
	wire_interval_encode(&writer, state->interval);
	wire_polled_encode(&writer, polled, state->polled_count);
	tap_is_bytes(items, writer_size(&writer), at, writer_size(&writer),
		"what stands behind the reports is encoded so");
}

/* ---- corrupted ---- */

/* Whether a DATA packet of `size` bytes ends where a record does. */
static bool ends_a_record(const struct vector *vector, size_t size)
{
	size_t end = WIRE_DATA_RECORDS_AT;
	size_t i;

	if (vector->header.type != WIRE_DATA)
		return false;
	for (i = 0; i < vector->record_count && end < size; i++)
		end += RECORD_OVERHEAD + vector->records[i].size;
	return end == size;
}

static void vector_truncated(const struct vector *vector)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	size_t whole = packet_from_hex(vector->hex, bytes) - vector->ignored;
	size_t wrong = 0;
	size_t size;

	for (size = 0; size < whole; size++) {
		uint8_t *packet = exact(bytes, size);
		enum wire_result expected = size == 0 ? WIRE_NOT_OURS
					    : ends_a_record(vector, size)
						    ? WIRE_OK
						    : WIRE_TRUNCATED;
		bool clean;

		if (decode(packet, size, &clean) != expected || !clean) {
			tap_note("cut to %zu", size);
			wrong++;
		}
		free(packet);
	}
	tap_is_int((intmax_t)wrong, 0, "every truncation fails cleanly");
}

static void vector_corrupted(const struct vector *vector)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	size_t size = packet_from_hex(vector->hex, bytes);
	uint8_t *packet = exact(bytes, size);
	size_t wrong = 0;
	size_t i;

	for (i = 0; i < size * 256; i++) {
		bool clean;
		bool same;
		enum wire_result result;

		packet[i / 256] = (uint8_t)i;
		result = decode(packet, size, &clean);
		if (!clean ||
			result != packet_round_trip(packet, size, &same) ||
			!same) {
			tap_note("byte %zu as %02zx", i / 256, i % 256);
			wrong++;
		}
		packet[i / 256] = bytes[i / 256];
	}
	tap_is_int((intmax_t)wrong, 0,
		"every value of every byte: an error, or the same again");
	free(packet);
}

/* ---- fields ---- */

/* The result of decoding a vector with `size` bytes at `at` set to `value`. */
static enum wire_result with(
	const struct vector *vector, size_t at, uint64_t value, size_t size)
{
	uint8_t packet[WIRE_PACKET_MAX];
	size_t whole = packet_from_hex(vector->hex, packet);
	bool clean;

	while (size > 0) {
		packet[at + --size] = (uint8_t)value;
		value >>= 8;
	}
	return decode(packet, whole, &clean);
}

/* What these bytes are decoded to, with nothing readable behind them;
 * WIRE_NOT_OURS when a failure was not clean. */
static enum wire_result decode_exact(const uint8_t *bytes, size_t size)
{
	uint8_t *packet = exact(bytes, size);
	bool clean;
	enum wire_result result = decode(packet, size, &clean);

	free(packet);
	return clean ? result : WIRE_NOT_OURS;
}

/* The result of decoding a vector whose number at `at` is another. */
static enum wire_result with_number(
	const struct vector *vector, size_t at, uint64_t value)
{
	uint8_t packet[WIRE_PACKET_MAX];
	uint8_t bytes[WIRE_PACKET_MAX];
	size_t size = packet_from_hex(vector->hex, packet);
	size_t behind = at;
	struct writer writer;

	while (packet[behind++] & 0x80)
		;
	writer_init(&writer, bytes, sizeof(bytes));
	writer_bytes(&writer, packet, at);
	writer_number(&writer, value);
	writer_bytes(&writer, packet + behind, size - behind);
	return decode_exact(bytes, writer_size(&writer));
}

/* The result of decoding a FRAGMENT of these numbers and so many bytes. */
static enum wire_result fragment_of(
	uint64_t sequence, uint16_t offset, uint16_t packet_size, size_t size)
{
	uint8_t bytes[WIRE_PACKET_MAX] = {0};
	struct wire_header header = {WIRE_FRAGMENT, 0, 0, ALICE, 0};
	struct writer writer;

	writer_init(&writer, bytes, sizeof(bytes));
	wire_header_encode(&writer, &header);
	writer_u64(&writer, sequence);
	writer_u16(&writer, offset);
	writer_u16(&writer, packet_size);
	size += writer_size(&writer);
	return decode_exact(bytes, size);
}

static void bounds_of_fragments(void)
{
	tap_is_int(fragment_of(1, 0, 481, 480), WIRE_OK, "the first of two");
	tap_is_int(fragment_of(1, 480, 481, 1), WIRE_OK, "the second");
	tap_is_int(fragment_of(1, 8640, WIRE_PACKET_MAX, 332), WIRE_OK,
		"the last of the largest packet");
	tap_is_int(fragment_of(0, 0, 481, 480), WIRE_BAD_VALUE, "sequence 0");
	tap_is_int(fragment_of(WIRE_SEQUENCE_MAX + 1, 0, 481, 480),
		WIRE_BAD_VALUE, "sequence 2^63");
	tap_is_int(fragment_of(1, 0, 480, 480), WIRE_BAD_VALUE,
		"a packet that one fragment holds");
	tap_is_int(fragment_of(1, 0, 0, 0), WIRE_BAD_VALUE, "an empty packet");
	tap_is_int(fragment_of(1, 0, WIRE_PACKET_MAX + 1, 480), WIRE_BAD_VALUE,
		"a packet that is too large");
	tap_is_int(fragment_of(1, 479, 900, 421), WIRE_BAD_VALUE,
		"one that begins within another");
	tap_is_int(fragment_of(1, 480, 480, 0), WIRE_BAD_VALUE,
		"one that begins behind the end");
	tap_is_int(fragment_of(1, 960, 900, 480), WIRE_BAD_VALUE,
		"one far behind the end");
	tap_is_int(fragment_of(1, 0, 900, 479), WIRE_TRUNCATED, "a short one");
	tap_is_int(fragment_of(1, 480, 900, 421), WIRE_BAD_VALUE,
		"one that goes past the end");
	tap_is_int(fragment_of(1, 480, 900, 0), WIRE_TRUNCATED, "no bytes");
}

static void bounds_of_data(void)
{
	const struct vector *data = &vectors[0];

	tap_is_int(with(data, 0, 'f', 1), WIRE_NOT_OURS, "plain text");
	tap_is_int(with(data, 1, 0x01, 1), WIRE_BAD_VERSION, "version 0");
	tap_is_int(with(data, 1, 0x21, 1), WIRE_BAD_VERSION, "version 2");
	tap_is_int(with(data, 1, 0x10, 1), WIRE_BAD_TYPE, "type 0");
	tap_is_int(with(data, 1, 0x14, 1), WIRE_BAD_TYPE, "type 4");
	tap_is_int(with(data, 8, 0, 8), WIRE_BAD_VALUE, "member 0");
	tap_is_int(with(data, 16, 0, 8), WIRE_BAD_VALUE, "sequence 0");
	tap_is_int(with(data, 16, WIRE_SEQUENCE_MAX, 8), WIRE_OK, "2^63 - 1");
	tap_is_int(with(data, 16, WIRE_SEQUENCE_MAX + 1, 8), WIRE_BAD_VALUE,
		"2^63");
	tap_is_int(with(data, 24, 0, 8), WIRE_BAD_VALUE, "message 0");
	tap_is_int(with(data, 24, WIRE_SEQUENCE_MAX + 1, 8), WIRE_BAD_VALUE,
		"message 2^63");
	tap_is_int(with(data, SENT_AT, 0, 8), WIRE_OK, "the least age");
	tap_is_int(with(data, SENT_AT, UINT64_MAX, 8), WIRE_OK, "the most");
	tap_is_int(with(data, 49, 6, 2), WIRE_TRUNCATED,
		"a length that reaches into the next record");
	tap_is_int(with(data, 49, UINT16_MAX, 2), WIRE_TRUNCATED,
		"a length past the end");
	tap_is_int(with(&vectors[2], 48, RECORD_LINE, 1), WIRE_OK,
		"a piece taken for a line");
	tap_is_int(with(&vectors[2], 55, RECORD_PART, 1), WIRE_BAD_VALUE,
		"a piece without its first byte");
}

/* An age at `at`, and how long it was quiet at `quiet_at`. */
static void bounds_of_age(size_t at, size_t quiet_at)
{
	tap_is_int(with_number(REPORTING, at, 0), WIRE_OK, "the least age");
	tap_is_int(with_number(REPORTING, at, WIRE_AGE_MAX_MS), WIRE_OK,
		"the most");
	tap_is_int(with_number(REPORTING, at, WIRE_AGE_MAX_MS + 1),
		WIRE_BAD_VALUE, "an age of 2^40 ms");
	tap_is_int(with_number(REPORTING, at, UINT64_MAX), WIRE_BAD_VALUE,
		"an age of 2^64 - 1 ms");
	tap_is_int(
		with_number(REPORTING, quiet_at, 0), WIRE_OK, "quiet for long");
	tap_is_int(with_number(REPORTING, quiet_at, WIRE_QUIET_MAX_MS), WIRE_OK,
		"quiet for less");
	tap_is_int(with_number(REPORTING, quiet_at, WIRE_QUIET_MAX_MS + 1),
		WIRE_BAD_VALUE, "quiet for 2^24 ms and more");
}

/* The counter is at 16, the last number behind the size of the nick at 32. */
static void bounds_of_state(void)
{
	tap_is_int(with_number(REPORTING, 16, UINT64_MAX), WIRE_OK,
		"the last counter");
	tap_is_int(with_number(REPORTING, 19, 0), WIRE_BAD_VALUE, "first 0");
	tap_is_int(
		with_number(REPORTING, 19, 33), WIRE_OK, "first is last + 1");
	tap_is_int(with_number(REPORTING, 19, 34), WIRE_BAD_VALUE, "last + 2");
	tap_is_int(with_number(REPORTING, 19, UINT64_MAX), WIRE_BAD_VALUE,
		"2^64 - 1");
	tap_is_int(with_number(REPORTING, 20, WIRE_SEQUENCE_MAX + 1),
		WIRE_BAD_VALUE, "last 2^63");
	tap_is_int(with_number(REPORTING, 20, UINT64_MAX), WIRE_BAD_VALUE,
		"last 2^64 - 1, after which comes 0");
	tap_is_int(with_number(REPORTING, 21, WIRE_SEQUENCE_MAX), WIRE_OK,
		"2^63 - 1 messages");
	tap_is_int(with_number(REPORTING, 21, WIRE_SEQUENCE_MAX + 1),
		WIRE_BAD_VALUE, "2^63 messages");
	bounds_of_age(22, 27);
	tap_is_int(with(REPORTING, 16, 0x80, 1), WIRE_TRUNCATED,
		"a number that is longer than it needs to be");
	tap_is_int(with(REPORTING, FLAGS_AT, 0xff, 1), WIRE_OK, "all flags");
	tap_is_int(with(REPORTING, 31, 1, 1), WIRE_OK, "a report less");
	tap_is_int(with(REPORTING, 31, 3, 1), WIRE_TRUNCATED, "one more");
	tap_is_int(with(REPORTING, 31, WIRE_REPORTS_MAX + 1, 1), WIRE_BAD_VALUE,
		"too many");
	tap_is_int(with(REPORTING, 32, WIRE_NICK_MAX + 1, 1), WIRE_BAD_VALUE,
		"nick too long");
	tap_is_int(with(&vectors[4], 24, WIRE_NICK_MAX, 1), WIRE_TRUNCATED,
		"nick past the end");
}

/* The first report begins at 33, its gaps, 5, 9-11 and 21-30, at 55. */
static void bounds_of_report(void)
{
	tap_is_int(with(REPORTING, 33, 0, 8), WIRE_BAD_VALUE, "origin 0");
	tap_is_int(with(REPORTING, 33, CAROL, 8), WIRE_BAD_VALUE,
		"the origin of the second");
	tap_is_int(with(REPORTING, 33, BOB, 8), WIRE_OK, "the sender itself");
	tap_is_int(with(REPORTING, 41, 0xfd, 1), WIRE_OK,
		"all flags but that something is owed");
	tap_is_int(with(REPORTING, 42, WIRE_GAPS_MAX + 1, 1), WIRE_BAD_VALUE,
		"too many gaps");
	tap_is_int(with_number(REPORTING, 43, 0), WIRE_BAD_VALUE, "next 0");
	tap_is_int(with_number(REPORTING, 43, 6), WIRE_BAD_VALUE,
		"next so that a gap ends after known");
	tap_is_int(with_number(REPORTING, 43, UINT64_MAX), WIRE_BAD_VALUE,
		"next so that gaps wrap");
	tap_is_int(with_number(REPORTING, 44, 29), WIRE_BAD_VALUE,
		"known inside a gap");
	tap_is_int(with_number(REPORTING, 44, 31), WIRE_OK,
		"known just behind a gap");
	tap_is_int(with_number(REPORTING, 44, WIRE_SEQUENCE_MAX + 1),
		WIRE_BAD_VALUE, "known 2^63");
	tap_is_int(with_number(REPORTING, 45, 0), WIRE_OK, "no messages");
	tap_is_int(with_number(REPORTING, 45, WIRE_SEQUENCE_MAX), WIRE_OK,
		"2^63 - 1 messages");
	tap_is_int(with_number(REPORTING, 45, WIRE_SEQUENCE_MAX + 1),
		WIRE_BAD_VALUE, "2^63 messages");
	bounds_of_age(46, 51);
	tap_is_int(with_number(REPORTING, 54, UINT32_MAX), WIRE_OK,
		"2^32 - 1 packets received");
	tap_is_int(with_number(REPORTING, 54, UINT64_C(1) + UINT32_MAX),
		WIRE_BAD_VALUE, "2^32 packets received");
}

static void bounds_of_gaps(void)
{
	tap_is_int(with_number(REPORTING, 56, 0), WIRE_BAD_VALUE, "empty gap");
	tap_is_int(with_number(REPORTING, 57, 1), WIRE_OK, "gaps one apart");
	tap_is_int(with_number(REPORTING, 57, 0), WIRE_BAD_VALUE,
		"gaps that touch");
	tap_is_int(with_number(REPORTING, 57, UINT64_MAX), WIRE_BAD_VALUE,
		"out of order");
	tap_is_int(with_number(REPORTING, 58, UINT64_MAX), WIRE_BAD_VALUE,
		"a gap so long that the next is before it");
	tap_is_int(with_number(REPORTING, 60, 11), WIRE_BAD_VALUE,
		"a gap past known");
	tap_is_int(with_number(REPORTING, 60, UINT32_MAX), WIRE_BAD_VALUE,
		"a gap of 2^32 - 1");
	tap_is_int(with_number(REPORTING, 59, UINT32_MAX), WIRE_BAD_VALUE,
		"a gap that begins past known");
}

/* The last report begins at 52; it has a count of messages, too. */
static void bounds_of_owed(void)
{
	tap_is_int(
		with_number(OWING, 49, 0), WIRE_BAD_VALUE, "message 0 is owed");
	tap_is_int(with_number(OWING, 71, 0), WIRE_BAD_VALUE,
		"message 0 is owed in the last report, too");
	tap_is_int(with_number(OWING, 71, 1), WIRE_OK, "message 1 is owed");
	tap_is_int(with_number(OWING, 71, WIRE_SEQUENCE_MAX + 1),
		WIRE_BAD_VALUE, "message 2^63 is owed");
	tap_is_int(with_number(OWING, 71, UINT64_MAX), WIRE_BAD_VALUE,
		"message 2^64 - 1 is owed");
	tap_is_int(with(OWING, 60, WIRE_REPORT_COUNTED, 1), WIRE_OK,
		"nothing is owed: what stands there is of a later mchat");
	tap_is_int(with(OWING, 61, 1, 1), WIRE_TRUNCATED,
		"what is owed is no gap");
}

/* ---- CODE ---- */

/* The result of decoding a CODE of this index and number, and so many bytes. */
static enum wire_result code_of(uint8_t index, uint64_t last, size_t size)
{
	static uint8_t bytes[WIRE_PACKET_MAX + 1];
	struct wire_header header = {WIRE_CODE, 0, 0, ALICE, index};
	struct writer writer;

	writer_init(&writer, bytes, sizeof(bytes));
	wire_header_encode(&writer, &header);
	writer_u64(&writer, last);
	size += writer_size(&writer);
	return decode_exact(bytes, size);
}

static void bounds_of_code(void)
{
	tap_is_int(code_of(0, 1, 8), WIRE_OK, "the least combination");
	tap_is_int(code_of(191, WIRE_SEQUENCE_MAX, WIRE_CODE_SUM_MAX), WIRE_OK,
		"the most");
	tap_is_int(code_of(192, 1, 8), WIRE_BAD_VALUE, "index 192");
	tap_is_int(code_of(255, 1, 8), WIRE_BAD_VALUE, "index 255");
	tap_is_int(code_of(0, 0, 8), WIRE_BAD_VALUE, "of no packet");
	tap_is_int(code_of(0, WIRE_SEQUENCE_MAX + 1, 8), WIRE_BAD_VALUE,
		"up to 2^63");
	tap_is_int(code_of(0, UINT64_MAX, 8), WIRE_BAD_VALUE, "up to 2^64 - 1");
	tap_is_int(code_of(0, 1, 7), WIRE_TRUNCATED, "a sum of 7 bytes");
	tap_is_int(code_of(0, 1, 0), WIRE_TRUNCATED, "no sum");
	tap_is_int(code_of(0, 1, WIRE_CODE_SUM_MAX + 1), WIRE_BAD_VALUE,
		"a sum that no datagram holds");
	tap_is_int(WIRE_CODE_SUM_MAX + 24, WIRE_PACKET_MAX,
		"the largest fills a datagram");
}

/* ---- what stands behind the reports ---- */

/* A STATE of alice with two reports, and these bytes behind them. */
static struct wire_state *with_items(
	const uint8_t *items, size_t size, uint8_t **out_packet)
{
	static struct wire_state state;
	uint8_t bytes[WIRE_PACKET_MAX];
	struct wire_header header = {WIRE_STATE, 0, 0, ALICE, 0};
	struct wire_state plain = {.first = 1};
	struct wire_report report = {.origin = BOB, .next = 1};
	struct writer writer;
	struct reader reader;
	uint8_t *count;

	writer_init(&writer, bytes, sizeof(bytes));
	wire_header_encode(&writer, &header);
	count = wire_state_encode(&writer, &plain);
	(void)wire_report_encode(&writer, count, &report);
	report.origin = CAROL;
	(void)wire_report_encode(&writer, count, &report);
	writer_bytes(&writer, items, size);
	*out_packet = exact(bytes, writer_size(&writer));
	reader_init(&reader, *out_packet, writer_size(&writer));
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		wire_state_decode(&reader, &state) != WIRE_OK)
		return NULL;
	return &state;
}

/* What such a STATE says, as text; items are passed over, never refused. */
static void items_say(
	const char *items, size_t size, const char *expected, const char *what)
{
	char said[512] = "refused";
	uint8_t *packet;
	const struct wire_state *state =
		with_items((const uint8_t *)items, size, &packet);
	size_t at = 0;

	if (state) {
		said[0] = '\0';
		for (unsigned i = 0; i < 2 && state->held; i++)
			at += (size_t)snprintf(said + at, sizeof(said) - at,
				"held %jd ",
				(intmax_t)(wire_state_held(state, i).ns /
					   NS_PER_US));
		for (unsigned i = 0; i < state->lacks_count; i++) {
			const struct wire_lacks *lacks = &state->lacks[i];

			at += (size_t)snprintf(said + at, sizeof(said) - at,
				"of %u", lacks->report);
			for (unsigned j = 0; j < lacks->count; j++)
				at += (size_t)snprintf(said + at,
					sizeof(said) - at, " %u/%u",
					wire_lack_at(lacks, j).packets,
					wire_lack_at(lacks, j).heard);
			at += (size_t)snprintf(
				said + at, sizeof(said) - at, " ");
		}
		for (unsigned i = 0; i < state->polled_count; i++)
			at += (size_t)snprintf(said + at, sizeof(said) - at,
				"polls %jx ",
				(uintmax_t)wire_state_polled(state, i));
		if (state->interval.ns > 0)
			(void)snprintf(said + at, sizeof(said) - at,
				"each %jd ",
				(intmax_t)(state->interval.ns / NS_PER_MS));
	}
	tap_is_string(said, expected, what);
	free(packet);
}

#define ITEMS_SAY(items, expected, what)                                       \
	items_say(items, sizeof(items) - 1, expected, what)

static void bounds_of_items(void)
{
	ITEMS_SAY("", "", "nothing behind the reports");
	ITEMS_SAY("\1\4\0\1\xff\xff", "held 16 held 1048560 ", "both held");
	ITEMS_SAY("\1\2\0\1", "", "one of two held");
	ITEMS_SAY("\1\6\0\1\0\1\0\1", "", "three of two held");
	ITEMS_SAY("\1\4\0\1\0", "", "cut within the last");
	ITEMS_SAY("\1", "", "a type without a size");
	ITEMS_SAY("\2\10\0\0\0\0\0\0\0\5", "polls 5 ", "one polled");
	ITEMS_SAY("\2\7\0\0\0\0\0\0\5", "", "an id of 7 bytes");
	ITEMS_SAY("\2\11\0\0\0\0\0\0\0\5\0", "", "a byte behind an id");
	ITEMS_SAY("\2\20\0\0\0\0\0\0\0\5", "", "a second id that is cut");
	ITEMS_SAY("\3\5\0\1\2\3\4", "of 0 1/2 3/4 ", "two blocks");
	ITEMS_SAY("\3\1\1", "of 1 ", "no blocks");
	ITEMS_SAY("\3\0", "", "of no report");
	ITEMS_SAY("\3\4\0\1\2\3", "", "half a block");
	ITEMS_SAY("\3\3\xff\1\2", "of 255 1/2 ",
		"of a report that is not there: nobody asks for it");
	ITEMS_SAY("\3\1\0\3\1\1\3\1\2\3\1\3\3\1\4", "of 0 of 1 of 2 of 3 ",
		"the fifth is passed over");
	ITEMS_SAY("\4\2\0\31", "each 2500 ", "an interval");
	ITEMS_SAY("\4\2\xff\xff", "each 6553500 ", "the longest");
	ITEMS_SAY("\4\1\31", "", "an interval of one byte");
	ITEMS_SAY("\4\3\0\31\0", "", "of three");
	ITEMS_SAY("\0\0\xff\2\1\2\4\2\0\1", "each 100 ",
		"unknown types are passed over");
	ITEMS_SAY("\5\xff\4\2\0\1", "",
		"one that goes past the end hides the rest");
	ITEMS_SAY("\4\2\0\1\1\2\0\1\4\2\0\2", "each 200 ",
		"the last of two that say the same counts");
}

/* Lacks of the most blocks, and of more than members send, decode. */
static void most_lacks(void)
{
	uint8_t items[2 + UINT8_MAX] = {3, UINT8_MAX, 1};
	struct wire_lack lacks[WIRE_LACK_BLOCKS_MAX];
	const struct wire_state *state;
	struct writer writer;
	uint8_t *packet;

	for (unsigned i = 3; i < sizeof(items); i++)
		items[i] = (uint8_t)i;
	state = with_items(items, sizeof(items), &packet);
	if (tap_ok(state && state->lacks_count == 1 &&
			    state->lacks[0].count == 127 &&
			    wire_state_lacks(state, 1) &&
			    !wire_state_lacks(state, 0),
		    "an item of 255 bytes is of 127 blocks"))
		tap_ok(wire_lack_at(&state->lacks[0], 126).packets == 255 &&
				wire_lack_at(&state->lacks[0], 126).heard == 0,
			"the last of them is read");
	free(packet);
	for (unsigned i = 0; i < WIRE_LACK_BLOCKS_MAX; i++)
		lacks[i] = (struct wire_lack){(uint8_t)i, (uint8_t)(255 - i)};
	writer_init(&writer, items, sizeof(items));
	wire_lacks_encode(&writer, 0, lacks, WIRE_LACK_BLOCKS_MAX);
	tap_is_int((intmax_t)writer_size(&writer),
		(intmax_t)wire_lacks_size(WIRE_LACK_BLOCKS_MAX),
		"the size of an item is known before");
	state = with_items(items, writer_size(&writer), &packet);
	tap_ok(state && state->lacks[0].count == WIRE_LACK_BLOCKS_MAX &&
			wire_lack_at(&state->lacks[0], 65).packets == 65 &&
			wire_lack_at(&state->lacks[0], 65).heard == 190,
		"what is encoded decodes");
	free(packet);
}

/* What takes no room is not written at all. */
static void empty_items(void)
{
	uint8_t bytes[64];
	struct writer writer;
	struct wire_lack lack = {1, 1};
	uint64_t id = 5;
	struct duration held = duration_ms(-1);

	writer_init(&writer, bytes, sizeof(bytes));
	wire_held_encode(&writer, &held, 0);
	wire_lacks_encode(&writer, 0, &lack, 0);
	wire_polled_encode(&writer, &id, 0);
	wire_interval_encode(&writer, duration_ms(99));
	tap_is_int((intmax_t)writer_size(&writer), 0, "empty items are none");
	wire_held_encode(&writer, &held, 1);
	tap_is_bytes(bytes, writer_size(&writer), "\1\2\0\0", 4,
		"a time before now is 0");
	writer_init(&writer, bytes, sizeof(bytes));
	wire_interval_encode(&writer, duration_ms(INT64_C(360000000)));
	tap_is_bytes(bytes, writer_size(&writer), "\4\2\xff\xff", 4,
		"an interval is at most the longest");
}

/* ---- reports of one origin ---- */

/* A STATE of as many reports as there may be, each of another origin; every
 * third owes something, every second has a gap.  Where they begin goes to
 * *out_starts; returns its size. */
static size_t write_many_reports(
	uint8_t *bytes, size_t size, size_t out_starts[WIRE_REPORTS_MAX])
{
	const struct wire_header header = {WIRE_STATE, 0, 0, ALICE, 0};
	const struct wire_state state = {
		.first = 1, .nick = "a", .nick_size = 1};
	struct writer writer;
	uint8_t *count;

	writer_init(&writer, bytes, size);
	wire_header_encode(&writer, &header);
	count = wire_state_encode(&writer, &state);
	for (unsigned i = 0; i < WIRE_REPORTS_MAX; i++) {
		const struct wire_report report = {
			.origin = i + 1,
			.next = 1,
			.known = 1,
			.flags = i % 3 == 0 ? WIRE_REPORT_OWED : 0,
			.owed = i + 1,
			.gap_count = i % 2,
			.gaps = {{1, 1}},
		};

		out_starts[i] = writer_size(&writer);
		if (!wire_report_encode(&writer, count, &report))
			break;
	}
	return writer_size(&writer);
}

/* Whichever two reports they are. */
static void refuses_origins_twice(void)
{
	uint8_t bytes[4096];
	size_t starts[WIRE_REPORTS_MAX] = {0};
	size_t size = write_many_reports(bytes, sizeof(bytes), starts);
	size_t wrong = 0;
	bool clean;

	tap_is_int(bytes[COUNT_AT], WIRE_REPORTS_MAX, "reports of 32 origins");
	tap_is_int(decode(bytes, size, &clean), WIRE_OK,
		"reports of 32 origins decode");
	for (size_t i = 0; i < WIRE_REPORTS_MAX; i++) {
		for (size_t j = 0; j < i; j++) {
			uint8_t *origin = bytes + starts[i];
			uint8_t last = origin[7];

			origin[7] = bytes[starts[j] + 7];
			wrong +=
				decode(bytes, size, &clean) != WIRE_BAD_VALUE ||
				!clean;
			origin[7] = last;
		}
	}
	tap_is_int((intmax_t)wrong, 0,
		"any two reports of one origin do not decode");
}

/* The encoder refuses, however many reports there are already. */
static void encodes_no_origin_twice(void)
{
	uint8_t bytes[4096];
	size_t starts[WIRE_REPORTS_MAX] = {0};
	size_t wrong = 0;

	(void)write_many_reports(bytes, sizeof(bytes), starts);
	for (size_t written = 1; written < WIRE_REPORTS_MAX; written++) {
		struct writer writer = {
			.start = bytes,
			.at = bytes + starts[written],
			.end = bytes + sizeof(bytes),
		};

		bytes[COUNT_AT] = (uint8_t)written;
		for (uint64_t origin = 1; origin <= written; origin++)
			wrong += wire_report_encode(&writer, bytes + COUNT_AT,
				&(struct wire_report){
					.origin = origin, .next = 1});
		wrong += bytes[COUNT_AT] != written ||
			 writer.at != bytes + starts[written];
	}
	tap_is_int((intmax_t)wrong, 0, "no origin is reported twice");
}

/* ---- ages ---- */

#define MS(ms)                                                                 \
	{                                                                      \
		(ms) * NS_PER_MS                                               \
	}
#define MS_LESS(ms)                                                            \
	{                                                                      \
		(ms) * NS_PER_MS - 1                                           \
	}

static const struct {
	struct wire_age age;
	const char *hex;
} ages[] = {
	{{MS(0), MS(0)}, "0000000000 000000"},
	{{MS(1), MS(2)}, "0000000001 000002"},
	{{MS_LESS(1), MS_LESS(2)}, "0000000000 000001"},
	{{MS(0x123456789a), MS(0xabcdef)}, "123456789a abcdef"},
	{{MS(WIRE_AGE_MAX_MS), MS(WIRE_QUIET_MAX_MS)}, "ffffffffff ffffff"},
	{{MS_LESS(WIRE_AGE_MAX_MS), MS_LESS(WIRE_QUIET_MAX_MS)},
		"fffffffffe fffffe"},
	{{MS(WIRE_AGE_MAX_MS + 1), MS(WIRE_QUIET_MAX_MS + 1)},
		"ffffffffff ffffff"},
	{{MS(0), MS(WIRE_QUIET_MAX_MS + 1)}, "0000000000 ffffff"},
	{{MS(WIRE_AGE_MAX_MS + 1), MS(0)}, "ffffffffff 000000"},
	{{{INT64_MAX}, {INT64_MAX}}, "ffffffffff ffffff"},
	{{MS(-1), MS(-1)}, "0000000000 000000"},
	{{{-1}, {-1}}, "0000000000 000000"},
	{{{INT64_MIN}, {INT64_MIN}}, "0000000000 000000"},
	{{MS(5), {INT64_MIN}}, "0000000005 000000"},
	{{{INT64_MIN}, MS(5)}, "0000000000 000005"},
};

/* The same in the three places that have an age. */
static void ages_saturate(void)
{
	for (size_t i = 0; i < COUNT(ages); i++) {
		struct wire_state state = {.first = 1, .age = ages[i].age};
		struct wire_report report = {
			.origin = ALICE, .next = 1, .age = ages[i].age};
		uint8_t expected[WIRE_PACKET_MAX];
		uint8_t bytes[WIRE_PACKET_MAX] = {0};
		struct wire_age age;
		struct writer writer;
		struct reader reader;

		(void)packet_from_hex(ages[i].hex, expected);
		wire_data_stamp(bytes, ages[i].age);
		tap_is_bytes(bytes + SENT_AT, SENT_SIZE, expected, SENT_SIZE,
			"an age in DATA");
		age.age = duration_ms((int64_t)(cursor_u64(expected) >> 24));
		age.quiet = duration_ms(
			(int64_t)(cursor_u64(expected) & WIRE_QUIET_MAX_MS));
		writer_init(&writer, bytes, sizeof(bytes));
		tap_ok(wire_report_encode(&writer,
			       wire_state_encode(&writer, &state), &report),
			"(setup) a report is encoded");
		reader_init(&reader, bytes, writer_size(&writer));
		tap_ok(wire_state_decode(&reader, &state) == WIRE_OK &&
				same_age(state.age, age),
			"an age in STATE");
		reader_init(&reader, state.reports, state.reports_size);
		tap_ok(wire_report_next(&reader, &report) &&
				same_age(report.age, age),
			"an age in a report");
	}
}

/* The stamp needs only the bytes that stand before the records. */
static void stamps_nothing_else(void)
{
	static const uint8_t fills[] = {0x00, 0x5a, 0xff};

	for (size_t i = 0; i < COUNT(fills); i++) {
		uint8_t *packet = malloc(WIRE_DATA_RECORDS_AT);
		size_t changed = 0;

		if (!packet)
			abort();
		memset(packet, fills[i], WIRE_DATA_RECORDS_AT);
		wire_data_stamp(
			packet, (struct wire_age){MS(WIRE_AGE_MAX_MS), MS(0)});
		wire_data_stamp(packet,
			(struct wire_age){MS(0x123456789a), MS(0xabcdef)});
		for (size_t at = 0; at < SENT_AT; at++)
			changed += packet[at] != fills[i];
		tap_is_int((intmax_t)changed, 0,
			"the stamp changes no byte before it");
		tap_is_bytes(packet + SENT_AT, SENT_SIZE,
			"\x12\x34\x56\x78\x9a\xab\xcd\xef", SENT_SIZE,
			"of two stamps the last one counts");
		free(packet);
	}
}

/* A packet that has not left does not tell when it left. */
static void begins_without_stamp(void)
{
	uint8_t bytes[WIRE_DATA_RECORDS_AT];
	struct wire_data data = {0};
	struct writer writer;

	memset(bytes, 0xff, sizeof(bytes));
	writer_init(&writer, bytes, sizeof(bytes));
	wire_header_encode(&writer, &vectors[0].header);
	wire_data_encode(&writer, 1, 1, (struct wall_time){-1});
	tap_is_int((intmax_t)writer_size(&writer), WIRE_DATA_RECORDS_AT,
		"DATA without records has its fixed size");
	tap_ok(wire_data_open(bytes, sizeof(bytes), &data) &&
			data.sent.age.ns == 0 && data.sent.quiet.ns == 0,
		"the stamp is zero until it leaves");
	tap_ok(!wire_data_open(bytes, sizeof(bytes) - 1, &data),
		"DATA that lacks a byte before its records does not open");
}

/* ---- ends of messages ---- */

static const struct {
	uint8_t type;
	bool ends;
	size_t size;
	const char *bytes;
} endings[] = {
	{RECORD_LINE, true, 0, ""},
	{RECORD_LINE, true, 1, "\0"},
	{RECORD_ACTION, true, 0, ""},
	{RECORD_ACTION, true, 4, "nods"},
	{RECORD_PART, false, 1, "\0"},
	{RECORD_PART, false, 2, "\1a"},
	{RECORD_PART, true, 1, "\2"},
	{RECORD_PART, true, 2, "\3a"},
	{RECORD_PART, false, 2, "\4\2"},
	{RECORD_PART, false, 2, "\5\2"},
	{RECORD_PART, true, 2, "\6a"},
	{RECORD_PART, true, 2, "\7a"},
	{RECORD_PART, false, 2, "\xfd\2"},
	{RECORD_PART, true, 1, "\xff"},
	{RECORD_NICK, false, 0, ""},
	{RECORD_NICK, false, 1, "\2"},
	{0, false, 1, "\2"},
	{5, false, 1, "\2"},
	{UINT8_MAX, false, 1, "\2"},
};

/* Each record alone, and all of them in one packet. */
static void counts_ends(void)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	struct writer writer;
	struct reader reader;
	struct wire_data data = {0};
	uint64_t expected = 0;

	writer_init(&writer, bytes, sizeof(bytes));
	wire_data_encode(&writer, 1, 1, (struct wall_time){0});
	for (size_t i = 0; i < COUNT(endings); i++) {
		size_t before = writer_size(&writer);
		struct record record;

		record_encode(&writer, (enum record_type)endings[i].type,
			endings[i].bytes, endings[i].size);
		reader_init(
			&reader, bytes + before, writer_size(&writer) - before);
		tap_ok(record_next(&reader, &record) &&
				record.is_last == endings[i].ends,
			"record %zu, of type %d, is known to end a message or "
			"not",
			i, endings[i].type);
		expected += endings[i].ends;
		reader_init(&reader, bytes, writer_size(&writer));
		tap_ok(wire_data_decode(&reader, &data) == WIRE_OK &&
				data.ends == expected,
			"the packet counts as many ends as its records");
	}
}

/* The last number can be used for one message only. */
static void last_number(void)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	struct writer writer;
	struct reader reader;
	struct wire_data data;

	writer_init(&writer, bytes, sizeof(bytes));
	wire_data_encode(&writer, 1, WIRE_SEQUENCE_MAX, (struct wall_time){0});
	record_encode(&writer, RECORD_LINE, "a", 1);
	reader_init(&reader, bytes, writer_size(&writer));
	tap_is_int(wire_data_decode(&reader, &data), WIRE_OK,
		"one message with the last number is valid");
	record_encode(&writer, RECORD_LINE, "b", 1);
	reader_init(&reader, bytes, writer_size(&writer));
	tap_is_int(wire_data_decode(&reader, &data), WIRE_BAD_VALUE,
		"a second message behind the last number is not valid");
}

/* A packet of nothing but empty lines. */
static void most_ends(void)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	struct writer writer;
	struct reader reader;
	struct wire_data data = {0};

	writer_init(&writer, bytes, sizeof(bytes));
	wire_data_encode(&writer, 1, 1, (struct wall_time){0});
	while (writer_left(&writer) >= RECORD_OVERHEAD)
		record_encode(&writer, RECORD_LINE, "", 0);
	reader_init(&reader, bytes, writer_size(&writer));
	tap_is_int(wire_data_decode(&reader, &data), WIRE_OK,
		"a packet full of empty lines decodes");
	tap_is_int((intmax_t)data.ends, (WIRE_PACKET_MAX - 32) / 3,
		"a packet full of empty lines counts each as a message");
}

/* ---- encoders ---- */

/* Encodes a report behind a STATE, with `room` bytes for it. */
static bool report_is_taken(const struct wire_report *report, size_t room)
{
	static const struct wire_state state = {.first = 1};
	uint8_t bytes[STATE_SIZE - HEADER_SIZE + 512];
	struct writer writer;
	uint8_t *count;
	size_t before;
	bool taken;

	writer_init(&writer, bytes, STATE_SIZE - HEADER_SIZE + room);
	count = wire_state_encode(&writer, &state);
	before = writer_size(&writer);
	taken = wire_report_encode(&writer, count, report);
	tap_ok(!writer.failed && *count == taken &&
			(writer_size(&writer) > before) == taken,
		"a report is written whole or not at all");
	return taken;
}

static void refuses_reports(void)
{
	struct wire_report report = {.origin = ALICE,
		.next = 5,
		.known = 30,
		.gap_count = 1,
		.gaps = {{5, 1}}};

	tap_ok(report_is_taken(&report, REPORT_SIZE + 2),
		"a report that fits is taken");
	tap_ok(!report_is_taken(&report, REPORT_SIZE + 1),
		"a report with a byte too little room is refused");
	report.gaps[0].count = 27;
	tap_ok(!report_is_taken(&report, 512), "a gap past known is refused");
	report.gaps[0] = (struct wire_gap){4, 1};
	tap_ok(!report_is_taken(&report, 512), "a gap before next is refused");
	report.known = WIRE_SEQUENCE_MAX;
	report.gaps[0] = (struct wire_gap){UINT64_C(6) + UINT32_MAX, 1};
	tap_ok(!report_is_taken(&report, 512),
		"a gap too far from next is refused");
	report.gaps[0] = (struct wire_gap){5, UINT64_C(1) + UINT32_MAX};
	tap_ok(!report_is_taken(&report, 512),
		"a gap that is too long is refused");
	report.gap_count = WIRE_GAPS_MAX + 1;
	tap_ok(!report_is_taken(&report, 512), "too many gaps are refused");
	report.gap_count = 0;
	tap_ok(report_is_taken(&report, 512), "a report without gaps is taken");
	report.messages = WIRE_SEQUENCE_MAX + 1;
	tap_ok(!report_is_taken(&report, 512), "2^63 messages are refused");
	report.messages = WIRE_SEQUENCE_MAX;
	tap_ok(report_is_taken(&report, 512), "2^63 - 1 messages are taken");
	report.origin = 0;
	tap_ok(!report_is_taken(&report, 512),
		"a report on origin 0 is refused");
	tap_ok(!wire_report_encode(&(struct writer){0}, NULL, &report),
		"a report behind a STATE that failed is refused");
}

static void refuses_owed(void)
{
	struct wire_report report = {.origin = ALICE,
		.next = 1,
		.flags = WIRE_REPORT_OWED,
		.owed = 1};

	tap_ok(report_is_taken(&report, REPORT_SIZE + 1),
		"a report that message 1 is owed is taken");
	tap_ok(!report_is_taken(&report, REPORT_SIZE),
		"what is owed is refused with a byte too little room");
	report.owed = 0;
	tap_ok(!report_is_taken(&report, 512),
		"that message 0 is owed is refused");
	report.owed = WIRE_SEQUENCE_MAX;
	tap_ok(report_is_taken(&report, 512),
		"that message 2^63 - 1 is owed is taken");
	report.owed = WIRE_SEQUENCE_MAX + 1;
	tap_ok(!report_is_taken(&report, 512),
		"that message 2^63 is owed is refused");
	report.flags = (uint8_t) ~(WIRE_REPORT_OWED | WIRE_REPORT_COUNTED);
	tap_ok(report_is_taken(&report, REPORT_SIZE),
		"without its flag what is owed takes no room");
	report.flags = WIRE_REPORT_COUNTED;
	tap_ok(!report_is_taken(&report, REPORT_SIZE),
		"with theirs messages do");
}

/* The largest report that there can be, on this origin. */
static struct wire_report largest_report(uint64_t origin)
{
	struct wire_report report = {.origin = origin,
		.next = 5,
		.known = 4 + 2 * WIRE_GAPS_MAX,
		.flags = WIRE_REPORT_OWED,
		.owed = 1,
		.gap_count = WIRE_GAPS_MAX};

	for (unsigned i = 0; i < WIRE_GAPS_MAX; i++)
		report.gaps[i] = (struct wire_gap){6 + UINT64_C(2) * i, 1};
	return report;
}

/* The largest STATE that there can be. */
static void most_gaps(void)
{
	struct wire_report report;
	struct wire_state state = {.first = 1};
	uint8_t bytes[65536];
	struct writer writer;
	struct reader reader;
	uint8_t *count;
	unsigned i;

	writer_init(&writer, bytes, sizeof(bytes));
	count = wire_state_encode(&writer, &state);
	for (i = 0; i < WIRE_REPORTS_MAX; i++) {
		report = largest_report(i + 1);
		if (!wire_report_encode(&writer, count, &report))
			break;
	}
	tap_is_int(i, WIRE_REPORTS_MAX, "32 reports of 128 gaps fit");
	report = largest_report(i + 1);
	tap_ok(!wire_report_encode(&writer, count, &report),
		"33 reports do not fit");
	reader_init(&reader, bytes, writer_size(&writer));
	tap_is_int(wire_state_decode(&reader, &state), WIRE_OK,
		"32 reports of 128 gaps decode");
	tap_is_int((intmax_t)state.size,
		(intmax_t)writer_size(&writer) + HEADER_SIZE,
		"the size of the largest STATE is known");
	reader_init(&reader, state.reports, state.reports_size);
	memset(report.gaps, 0, sizeof(report.gaps));
	for (i = 0; wire_report_next(&reader, &report); i++)
		;
	tap_is_int(i, WIRE_REPORTS_MAX, "each of the 32 reports is read");
	tap_is_int((intmax_t)report.gaps[WIRE_GAPS_MAX - 1].first,
		4 + 2 * WIRE_GAPS_MAX,
		"the last gap of the last report is read");
}

/* As many gaps fit as wire_report_room tells, whatever they are, even with
 * something owed. */
static void room_for_gaps(void)
{
	struct wire_report report = {.origin = ALICE,
		.next = WIRE_SEQUENCE_MAX - UINT32_MAX,
		.known = WIRE_SEQUENCE_MAX,
		.messages = WIRE_SEQUENCE_MAX,
		.age = {MS(WIRE_AGE_MAX_MS), MS(0)},
		.received = UINT32_MAX,
		.flags = WIRE_REPORT_OWED | WIRE_REPORT_COUNTED,
		.owed = WIRE_SEQUENCE_MAX};
	struct wire_state state = {.first = 1};
	uint8_t bytes[512];
	struct writer writer;
	uint8_t *count;
	size_t room;

	writer_init(&writer, bytes, sizeof(bytes));
	count = wire_state_encode(&writer, &state);
	room = wire_report_room(&writer);
	tap_ok(room > 40 && room < WIRE_GAPS_MAX, "there is room for %zu gaps",
		room);
	report.gap_count = (uint8_t)room;
	for (uint64_t i = 0; i < room; i++)
		report.gaps[i] = (struct wire_gap){
			report.next + (i << 26), UINT64_C(1) << 25};
	tap_ok(wire_report_encode(&writer, count, &report),
		"as many gaps as there is room for are taken");
	writer_init(&writer, bytes, writer_size(&writer) - 1);
	count = wire_state_encode(&writer, &state);
	tap_ok(!wire_report_encode(&writer, count, &report) && *count == 0,
		"with a byte less they are not");
}

static bool fails(void (*encode_one)(struct writer *writer))
{
	static uint8_t bytes[70000];
	struct writer writer;

	writer_init(&writer, bytes, sizeof(bytes));
	encode_one(&writer);
	return writer.failed && writer_size(&writer) == 0;
}

static void member_0(struct writer *writer)
{
	wire_header_encode(
		writer, &(struct wire_header){WIRE_DATA, 0, 0, 0, 0});
}

static void sequence_0(struct writer *writer)
{
	wire_data_encode(writer, 0, 1, (struct wall_time){0});
}

static void message_0(struct writer *writer)
{
	wire_data_encode(writer, 1, 0, (struct wall_time){0});
}

static void long_record(struct writer *writer)
{
	static const uint8_t bytes[65536];

	record_encode(writer, RECORD_LINE, bytes, sizeof(bytes));
}

static void long_nick(struct writer *writer)
{
	static const uint8_t bytes[WIRE_NICK_MAX + 1];

	record_encode(writer, RECORD_NICK, bytes, sizeof(bytes));
}

static void empty_part(struct writer *writer)
{
	record_encode(writer, RECORD_PART, NULL, 0);
}

static void first_0(struct writer *writer)
{
	static const struct wire_state state = {0};

	tap_ok(!wire_state_encode(writer, &state),
		"a STATE with first 0 gives no place for its count");
}

static void many_messages(struct writer *writer)
{
	static const struct wire_state state = {
		.first = 1, .messages = WIRE_SEQUENCE_MAX + 1};

	tap_ok(!wire_state_encode(writer, &state),
		"a STATE of 2^63 messages gives no place for its count");
}

static void longest_record(struct writer *writer)
{
	static const uint8_t bytes[UINT16_MAX];

	record_encode(writer, RECORD_LINE, bytes, sizeof(bytes));
}

static void refuses_values(void)
{
	tap_ok(fails(member_0), "the encoder refuses member 0");
	tap_ok(fails(sequence_0), "the encoder refuses sequence 0");
	tap_ok(fails(message_0), "the encoder refuses message 0");
	tap_ok(fails(long_record),
		"the encoder refuses a record of 65,536 bytes");
	tap_ok(!fails(longest_record),
		"the encoder takes a record of 65,535 bytes");
	tap_ok(fails(long_nick), "the encoder refuses a nick of 33 bytes");
	tap_ok(fails(empty_part),
		"the encoder refuses a piece without its first byte");
	tap_ok(fails(first_0), "the encoder refuses first 0");
	tap_ok(fails(many_messages), "the encoder refuses 2^63 messages");
}

static void marks_repair(void)
{
	uint8_t packet[WIRE_PACKET_MAX];
	uint8_t original[WIRE_PACKET_MAX];
	size_t size = packet_from_hex(vectors[0].hex, packet);
	struct wire_header header = {0};
	struct reader reader;

	wire_mark_repair(packet);
	wire_mark_repair(packet);
	reader_init(&reader, packet, size);
	tap_is_int(wire_header_decode(&reader, &header), WIRE_OK,
		"a packet marked as a repair decodes");
	tap_is_int(header.flags, WIRE_REPAIR,
		"a packet marked as a repair has the flag");
	packet[FLAGS_AT] = 0;
	tap_ok(packet_from_hex(vectors[0].hex, original) == size &&
			memcmp(packet, original, size) == 0,
		"a packet marked as a repair is otherwise the same");
}

static void errors_have_names(void)
{
	int result;
	int other;

	for (result = WIRE_BAD_VALUE; result <= WIRE_OK; result++) {
		const char *name = wire_strerror((enum wire_result)result);

		for (other = WIRE_BAD_VALUE; other < result; other++)
			tap_ok(strcmp(name, wire_strerror(
						    (enum wire_result)other)) !=
					0,
				"%s", name);
	}
}

/* ---- random ---- */

/* A random number, small more often than not. */
static uint64_t any_number(void)
{
	return random_next() >> random_below(64);
}

static uint64_t any_sequence(void)
{
	uint64_t number = any_number() & WIRE_SEQUENCE_MAX;

	return number > 0 ? number : 1;
}

/* A random age, which may be negative or too large. */
static struct wire_age any_age(void)
{
	struct wire_age age = {
		{(int64_t)any_number()}, {(int64_t)any_number()}};

	if (random_below(8) == 0)
		age.age.ns = -age.age.ns / 2;
	return age;
}

static void write_records(struct writer *writer)
{
	static uint8_t bytes[WIRE_PACKET_MAX];

	wire_data_encode(writer, any_sequence(), any_sequence(),
		(struct wall_time){(int64_t)any_number()});
	while (random_below(8) > 0) {
		uint8_t type = (uint8_t)random_below(7);
		size_t size = 1 + random_below(WIRE_NICK_MAX);

		if (type != RECORD_NICK && random_below(4) == 0)
			size = 1 + random_below(500);
		bytes[random_below(sizeof(bytes))] = (uint8_t)any_number();
		if (writer_left(writer) >= RECORD_OVERHEAD + size)
			record_encode(
				writer, (enum record_type)type, bytes, size);
	}
	wire_data_stamp(writer->start, any_age());
}

static struct wire_report any_report(void)
{
	struct wire_report report = {.origin = any_sequence(),
		.next = any_sequence(),
		.known = any_sequence(),
		.messages = any_number() & WIRE_SEQUENCE_MAX,
		.age = any_age(),
		.received = (uint32_t)any_number(),
		.flags = (uint8_t)random_next(),
		.owed = any_sequence()};
	size_t wanted = random_below(WIRE_GAPS_MAX + 1);
	uint64_t at = report.next;

	while (report.gap_count < wanted && at <= report.known) {
		struct wire_gap gap = {at + random_below(3),
			1 + random_below(random_below(9) == 0 ? 1000 : 3)};

		if (gap.first + gap.count - 1 > report.known)
			break;
		report.gaps[report.gap_count++] = gap;
		at = gap.first + gap.count + 1;
	}
	return report;
}

static void write_state(struct writer *writer)
{
	struct wire_state state = {.counter = any_number(),
		.age = any_age(),
		.hop_limit = (uint8_t)random_next(),
		.nick = "a nick that is long enough for all",
		.nick_size = (uint8_t)random_below(WIRE_NICK_MAX + 1),
		.last = any_number() & WIRE_SEQUENCE_MAX,
		.messages = any_number() & WIRE_SEQUENCE_MAX};
	uint8_t *count;

	state.first = state.last + 1 -
		      (random_below(2) ? random_next() % (state.last + 1) : 0);
	count = wire_state_encode(writer, &state);
	while (random_below(40) > 0) {
		struct wire_report report = any_report();

		if (!wire_report_encode(writer, count, &report))
			break;
	}
}

static void any_packets(void)
{
	size_t decoded = 0;
	size_t wrong = 0;
	int run;

	random_restart();
	for (run = 0; run < 20000; run++) {
		uint8_t bytes[WIRE_PACKET_MAX];
		struct wire_header header = {
			random_below(2) ? WIRE_DATA : WIRE_STATE,
			(uint8_t)random_next(), (uint32_t)any_number(),
			any_sequence(), 0};
		struct writer writer;
		uint8_t *packet;
		bool same;

		writer_init(&writer, bytes, sizeof(bytes));
		wire_header_encode(&writer, &header);
		if (header.type == WIRE_DATA)
			write_records(&writer);
		else
			write_state(&writer);
		packet = exact(bytes, writer_size(&writer));
		wrong += writer.failed ||
			 packet_round_trip(packet, writer_size(&writer),
				 &same) != WIRE_OK ||
			 !same;
		/* With a byte changed it may decode or not, but must not crash.
		 */
		packet[random_below(writer_size(&writer))] ^=
			(uint8_t)random_next();
		decoded += packet_round_trip(packet, writer_size(&writer),
				   &same) == WIRE_OK;
		wrong += !same;
		free(packet);
	}
	if (!tap_is_int((intmax_t)wrong, 0,
		    "random packets decode to what was encoded") ||
		!tap_ok(decoded > 1000 && decoded < 20000,
			"some random packets decode with a byte changed"))
		tap_note("SEED=%ju", (uintmax_t)random_seed());
}

/* A packet that has nothing but a header of this version and type, without the
 * last `missing` bytes of it. */
static bool is_of_other_version(unsigned version, unsigned type, size_t missing)
{
	uint8_t packet[16] = {
		WIRE_MAGIC, (uint8_t)(version << 4 | type), [15] = 1};

	return wire_is_of_other_version(packet, sizeof(packet) - missing);
}

static void versions(void)
{
	tap_ok(is_of_other_version(WIRE_VERSION, WIRE_STATE_0_1, 0),
		"a STATE of mchat 0.1 is of another version");
	tap_ok(!is_of_other_version(WIRE_VERSION, 11, 0),
		"a type that is not known yet is none");
	tap_ok(!is_of_other_version(SEAL_VERSION, WIRE_STATE_0_1, 0),
		"nor is what is sealed");
	tap_ok(is_of_other_version(SEAL_VERSION + 1, WIRE_DATA, 0),
		"a later version is");
	tap_ok(!is_of_other_version(SEAL_VERSION + 1, WIRE_DATA, 1),
		"but not a part of a header");
	tap_ok(!wire_is_of_other_version("\xf8\x31 what is no packet", 20),
		"nor what is no packet");
}

int main(void)
{
	size_t i;

	versions();
	for (i = 0; i < VECTOR_COUNT; i++) {
		vector_decodes(&vectors[i]);
		vector_encodes(&vectors[i]);
		vector_items(&vectors[i]);
		vector_truncated(&vectors[i]);
		vector_corrupted(&vectors[i]);
	}
	bounds_of_data();
	bounds_of_fragments();
	bounds_of_state();
	bounds_of_report();
	bounds_of_gaps();
	bounds_of_owed();
	bounds_of_code();
	bounds_of_items();
	most_lacks();
	empty_items();
	refuses_origins_twice();
	encodes_no_origin_twice();
	ages_saturate();
	stamps_nothing_else();
	begins_without_stamp();
	counts_ends();
	last_number();
	most_ends();
	refuses_reports();
	refuses_owed();
	most_gaps();
	room_for_gaps();
	refuses_values();
	marks_repair();
	errors_have_names();
	any_packets();
	return tap_done();
}
