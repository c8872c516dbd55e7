/* SPDX-License-Identifier: ISC */
/*
 * The wire format: vectors both ways, every way to cut and to spoil them, the
 * bounds of each field, and random packets that come back.
 */
#include "mchat/protocol/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packets.h"
#include "random.h"
#include "tap.h"
#include "vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Where fields are. */
#define HEADER_SIZE 16
#define DATA_AT     40 /* the records */

/* The vector that a test of fields takes apart. */
#define REPORTING (&vectors[5])

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

/* Decodes all of a packet; *out_clean: a failure left the output untouched. */
static enum wire_result decode(
	const uint8_t *packet, size_t size, bool *out_clean)
{
	struct wire_header header;
	struct wire_data data;
	struct wire_state state;
	struct reader reader;
	enum wire_result result;

	memset(&header, 0xa5, sizeof(header));
	memset(&data, 0xa5, sizeof(data));
	memset(&state, 0xa5, sizeof(state));
	reader_init(&reader, packet, size);
	result = wire_header_decode(&reader, &header);
	*out_clean = result == WIRE_OK || is_filled(&header, sizeof(header));
	if (result != WIRE_OK)
		return result;
	result = header.type == WIRE_DATA ? wire_data_decode(&reader, &data)
					  : wire_state_decode(&reader, &state);
	*out_clean =
		result == WIRE_OK || (is_filled(&data, sizeof(data)) &&
					     is_filled(&state, sizeof(state)));
	return result;
}

/* ---- vectors ---- */

static void decodes_data(const struct vector *vector, struct reader *reader)
{
	struct wire_data data;
	struct wire_record record;
	struct reader records;
	size_t i;

	if (!tap_is_int(wire_data_decode(reader, &data), WIRE_OK, "its DATA"))
		return;
	tap_ok(data.sequence == vector->data.sequence &&
			data.message == vector->data.message &&
			data.time.ms == vector->data.time.ms,
		"sequence, message, time");
	reader_init(&records, data.records, data.records_size);
	for (i = 0; i < vector->record_count; i++) {
		const struct vector_record *expected = &vector->records[i];

		if (!tap_ok(wire_record_next(&records, &record), "a record"))
			return;
		tap_is_int(record.type, expected->type, "its type");
		tap_is_bytes(record.bytes, record.size, expected->bytes,
			expected->size, "its bytes");
	}
	tap_ok(!wire_record_next(&records, &record), "no more records");
}

static bool same_report(
	const struct wire_report *a, const struct wire_report *b)
{
	bool same = a->origin == b->origin && a->next == b->next &&
		    a->known == b->known && a->received == b->received &&
		    a->gap_count == b->gap_count;
	unsigned i;

	for (i = 0; same && i < a->gap_count; i++)
		same = a->gaps[i].first == b->gaps[i].first &&
		       a->gaps[i].count == b->gaps[i].count;
	return same;
}

static void decodes_state(const struct vector *vector, struct reader *reader)
{
	const struct wire_state *expected = &vector->state;
	struct wire_state state;
	struct wire_report report;
	struct reader reports;
	size_t i;

	if (!tap_is_int(
		    wire_state_decode(reader, &state), WIRE_OK, "its STATE"))
		return;
	tap_ok(state.counter == expected->counter &&
			state.hop_limit == expected->hop_limit,
		"counter, hop limit");
	tap_ok(state.first == expected->first && state.last == expected->last &&
			state.messages == expected->messages,
		"first, last, messages");
	tap_is_bytes(state.nick, state.nick_size, expected->nick,
		expected->nick_size, "nick");
	tap_is_int(state.report_count, expected->report_count, "report count");
	reader_init(&reports, state.reports, state.reports_size);
	for (i = 0; i < expected->report_count; i++)
		tap_ok(wire_report_next(&reports, &report) &&
				same_report(&report, &vector->reports[i]),
			"report %zu", i);
	tap_ok(!wire_report_next(&reports, &report), "no more reports");
	tap_is_int((intmax_t)reader_left(reader), (intmax_t)vector->ignored,
		"what is behind them");
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
				header.member == vector->header.member,
			"its header");
		if (header.type == WIRE_DATA)
			decodes_data(vector, &reader);
		else
			decodes_state(vector, &reader);
	}
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
			wire_record_encode(writer,
				(enum wire_record_type)vector->records[i].type,
				vector->records[i].bytes,
				vector->records[i].size);
		return;
	}
	count = wire_state_encode(writer, &vector->state);
	for (i = 0; i < vector->state.report_count; i++)
		if (!wire_report_encode(writer, count, &vector->reports[i]))
			writer->failed = true;
}

/* Into exactly its size; with every byte less the writer says so. */
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
				size, vector->name);
		free(packet);
	}
	tap_is_int((intmax_t)fitted, 1, "it fits its size and nothing less");
	tap_is_int(packet_round_trip(expected, size, &same), WIRE_OK,
		"it goes round");
	tap_ok(same, "and is the same");
}

/* ---- spoiled ---- */

/* Whether a DATA packet of `size` bytes ends where a record does. */
static bool ends_a_record(const struct vector *vector, size_t size)
{
	size_t end = DATA_AT;
	size_t i;

	if (vector->header.type != WIRE_DATA)
		return false;
	for (i = 0; i < vector->record_count && end < size; i++)
		end += WIRE_RECORD_OVERHEAD + vector->records[i].size;
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

/* What becomes of a packet of which `size` bytes at `at` are `value`. */
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

static void bounds_of_data(void)
{
	const struct vector *data = &vectors[0];

	tap_is_int(with(data, 0, 'f', 1), WIRE_NOT_OURS, "plain text");
	tap_is_int(with(data, 1, 0x01, 1), WIRE_BAD_VERSION, "version 0");
	tap_is_int(with(data, 1, 0x21, 1), WIRE_BAD_VERSION, "version 2");
	tap_is_int(with(data, 1, 0x10, 1), WIRE_BAD_TYPE, "type 0");
	tap_is_int(with(data, 1, 0x13, 1), WIRE_BAD_TYPE, "type 3");
	tap_is_int(with(data, 8, 0, 8), WIRE_BAD_VALUE, "member 0");
	tap_is_int(with(data, 16, 0, 8), WIRE_BAD_VALUE, "sequence 0");
	tap_is_int(with(data, 16, WIRE_SEQUENCE_MAX, 8), WIRE_OK, "2^63 - 1");
	tap_is_int(with(data, 16, WIRE_SEQUENCE_MAX + 1, 8), WIRE_BAD_VALUE,
		"2^63");
	tap_is_int(with(data, 24, 0, 8), WIRE_BAD_VALUE, "message 0");
	tap_is_int(with(data, 24, WIRE_SEQUENCE_MAX + 1, 8), WIRE_BAD_VALUE,
		"message 2^63");
	tap_is_int(with(data, 41, 6, 2), WIRE_TRUNCATED,
		"a length that reaches into the next record");
	tap_is_int(with(data, 41, UINT16_MAX, 2), WIRE_TRUNCATED,
		"a length past the end");
	tap_is_int(with(&vectors[2], 40, WIRE_LINE, 1), WIRE_OK,
		"a piece taken for a line");
	tap_is_int(with(&vectors[2], 47, WIRE_PART, 1), WIRE_BAD_VALUE,
		"a piece without its first byte");
}

static void bounds_of_state(void)
{
	tap_is_int(with(REPORTING, 24, 0, 8), WIRE_BAD_VALUE, "first 0");
	tap_is_int(with(REPORTING, 24, 33, 8), WIRE_OK, "first is last + 1");
	tap_is_int(with(REPORTING, 24, 34, 8), WIRE_BAD_VALUE, "last + 2");
	tap_is_int(
		with(REPORTING, 24, UINT64_MAX, 8), WIRE_BAD_VALUE, "2^64 - 1");
	tap_is_int(with(REPORTING, 32, WIRE_SEQUENCE_MAX + 1, 8),
		WIRE_BAD_VALUE, "last 2^63");
	tap_is_int(with(REPORTING, 32, UINT64_MAX, 8), WIRE_BAD_VALUE,
		"last 2^64 - 1, after which comes 0");
	tap_is_int(with(REPORTING, 40, WIRE_SEQUENCE_MAX + 1, 8),
		WIRE_BAD_VALUE, "2^63 messages");
	tap_is_int(with(REPORTING, 50, 1, 1), WIRE_OK, "a report less");
	tap_is_int(with(REPORTING, 50, 3, 1), WIRE_TRUNCATED, "one more");
	tap_is_int(with(REPORTING, 50, WIRE_REPORTS_MAX + 1, 1), WIRE_BAD_VALUE,
		"too many");
	tap_is_int(with(REPORTING, 51, WIRE_NICK_MAX + 1, 1), WIRE_BAD_VALUE,
		"nick too long");
	tap_is_int(with(&vectors[4], 51, WIRE_NICK_MAX, 1), WIRE_TRUNCATED,
		"nick past the end");
}

/* Of the first report, which begins at 52; its gaps at 81: 5, 9-11, 21-30. */
static void bounds_of_report(void)
{
	tap_is_int(with(REPORTING, 52, 0, 8), WIRE_BAD_VALUE, "origin 0");
	tap_is_int(with(REPORTING, 60, 0, 8), WIRE_BAD_VALUE, "next 0");
	tap_is_int(with(REPORTING, 60, 6, 8), WIRE_BAD_VALUE,
		"next so that a gap ends after known");
	tap_is_int(with(REPORTING, 60, UINT64_MAX, 8), WIRE_BAD_VALUE,
		"next so that gaps wrap");
	tap_is_int(with(REPORTING, 68, 29, 8), WIRE_BAD_VALUE,
		"known inside a gap");
	tap_is_int(with(REPORTING, 68, 31, 8), WIRE_OK, "known behind it");
	tap_is_int(with(REPORTING, 68, WIRE_SEQUENCE_MAX + 1, 8),
		WIRE_BAD_VALUE, "known 2^63");
	tap_is_int(with(REPORTING, 80, WIRE_GAPS_MAX + 1, 1), WIRE_BAD_VALUE,
		"too many gaps");
	tap_is_int(with(REPORTING, 85, 0, 4), WIRE_BAD_VALUE, "empty gap");
	tap_is_int(with(REPORTING, 85, 3, 4), WIRE_OK, "gaps one apart");
	tap_is_int(
		with(REPORTING, 85, 4, 4), WIRE_BAD_VALUE, "gaps that touch");
	tap_is_int(with(REPORTING, 89, 0, 4), WIRE_BAD_VALUE, "out of order");
	tap_is_int(with(REPORTING, 101, 11, 4), WIRE_BAD_VALUE,
		"a gap past known");
	tap_is_int(with(REPORTING, 101, UINT32_MAX, 4), WIRE_BAD_VALUE,
		"a gap of 2^32 - 1");
	tap_is_int(with(REPORTING, 97, UINT32_MAX, 4), WIRE_BAD_VALUE,
		"a gap that begins past known");
}

/* ---- encoders ---- */

static bool report_is_taken(const struct wire_report *report, size_t room)
{
	uint8_t bytes[512];
	uint8_t count = 7;
	struct writer writer;
	bool taken;

	writer_init(&writer, bytes, room);
	taken = wire_report_encode(&writer, &count, report);
	tap_ok(!writer.failed && count == (taken ? 8 : 7) &&
			(writer_size(&writer) > 0) == taken,
		"a report is written whole or not at all");
	return taken;
}

static void refuses_reports(void)
{
	struct wire_report report = {ALICE, 5, 30, 0, 1, {{5, 1}}};

	tap_ok(report_is_taken(&report, 37), "one that fits");
	tap_ok(!report_is_taken(&report, 36), "not a byte less");
	report.gaps[0].count = 27;
	tap_ok(!report_is_taken(&report, 512), "nor a gap past known");
	report.gaps[0] = (struct wire_gap){4, 1};
	tap_ok(!report_is_taken(&report, 512), "nor one before next");
	report.known = WIRE_SEQUENCE_MAX;
	report.gaps[0] = (struct wire_gap){UINT64_C(6) + UINT32_MAX, 1};
	tap_ok(!report_is_taken(&report, 512), "nor one too far from it");
	report.gaps[0] = (struct wire_gap){5, UINT64_C(1) + UINT32_MAX};
	tap_ok(!report_is_taken(&report, 512), "nor one too long");
	report.gap_count = WIRE_GAPS_MAX + 1;
	tap_ok(!report_is_taken(&report, 512), "nor too many");
	report.gap_count = 0;
	report.origin = 0;
	tap_ok(!report_is_taken(&report, 512), "nor one of nobody");
}

/* The largest report there is, and the largest STATE of such. */
static void most_gaps(void)
{
	struct wire_report report = {
		ALICE, 5, 4 + 2 * WIRE_GAPS_MAX, 0, WIRE_GAPS_MAX, {{0, 0}}};
	struct wire_state state = {.first = 1};
	uint8_t bytes[65536];
	struct writer writer;
	struct reader reader;
	uint8_t *count;
	unsigned i;

	for (i = 0; i < WIRE_GAPS_MAX; i++)
		report.gaps[i] = (struct wire_gap){6 + UINT64_C(2) * i, 1};
	writer_init(&writer, bytes, sizeof(bytes));
	count = wire_state_encode(&writer, &state);
	for (i = 0; i < WIRE_REPORTS_MAX; i++)
		if (!wire_report_encode(&writer, count, &report))
			break;
	tap_is_int(i, WIRE_REPORTS_MAX, "32 reports of 128 gaps fit");
	tap_ok(!wire_report_encode(&writer, count, &report), "but not 33");
	reader_init(&reader, bytes, writer_size(&writer));
	tap_is_int(wire_state_decode(&reader, &state), WIRE_OK, "they decode");
	reader_init(&reader, state.reports, state.reports_size);
	memset(report.gaps, 0, sizeof(report.gaps));
	for (i = 0; wire_report_next(&reader, &report); i++)
		;
	tap_is_int(i, WIRE_REPORTS_MAX, "one by one");
	tap_is_int((intmax_t)report.gaps[WIRE_GAPS_MAX - 1].first,
		4 + 2 * WIRE_GAPS_MAX, "down to the last gap");
}

/* As many gaps as there is room for fit, and not one more. */
static void room_for_gaps(void)
{
	struct wire_report report = {
		ALICE, 5, 4 + 2 * WIRE_GAPS_MAX, 0, WIRE_GAPS_MAX, {{0, 0}}};
	struct wire_state state = {.first = 1};
	uint8_t bytes[512];
	struct writer writer;
	uint8_t *count;
	size_t room;

	for (unsigned i = 0; i < WIRE_GAPS_MAX; i++)
		report.gaps[i] = (struct wire_gap){6 + UINT64_C(2) * i, 1};
	writer_init(&writer, bytes, sizeof(bytes));
	count = wire_state_encode(&writer, &state);
	room = wire_report_room(&writer);
	tap_ok(room > 40 && room < WIRE_GAPS_MAX, "room for %zu gaps", room);
	report.gap_count = (uint8_t)(room + 1);
	tap_ok(!wire_report_encode(&writer, count, &report), "not for more");
	report.gap_count = (uint8_t)room;
	tap_ok(wire_report_encode(&writer, count, &report), "for so many");
	tap_is_int((intmax_t)wire_report_room(&writer), 0, "then for none");
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
	wire_header_encode(writer, &(struct wire_header){WIRE_DATA, 0, 0, 0});
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

	wire_record_encode(writer, WIRE_LINE, bytes, sizeof(bytes));
}

static void long_nick(struct writer *writer)
{
	static const uint8_t bytes[WIRE_NICK_MAX + 1];

	wire_record_encode(writer, WIRE_NICK, bytes, sizeof(bytes));
}

static void empty_part(struct writer *writer)
{
	wire_record_encode(writer, WIRE_PART, NULL, 0);
}

static void first_0(struct writer *writer)
{
	static const struct wire_state state = {0};

	tap_ok(!wire_state_encode(writer, &state), "no count to count up");
}

static void longest_record(struct writer *writer)
{
	static const uint8_t bytes[UINT16_MAX];

	wire_record_encode(writer, WIRE_LINE, bytes, sizeof(bytes));
}

static void refuses_values(void)
{
	tap_ok(fails(member_0), "the encoder refuses member 0");
	tap_ok(fails(sequence_0), "and sequence 0");
	tap_ok(fails(message_0), "and message 0");
	tap_ok(fails(long_record), "and a record of 65,536 bytes");
	tap_ok(!fails(longest_record), "but not one of 65,535");
	tap_ok(fails(long_nick), "and a nick of 33 bytes");
	tap_ok(fails(empty_part), "and a piece without its first byte");
	tap_ok(fails(first_0), "and first 0");
}

static void marks_repair(void)
{
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size = packet_from_hex(vectors[0].hex, packet);
	struct wire_header header = {0};
	struct reader reader;

	wire_mark_repair(packet);
	wire_mark_repair(packet);
	reader_init(&reader, packet, size);
	tap_is_int(wire_header_decode(&reader, &header), WIRE_OK, "a repair");
	tap_is_int(header.flags, WIRE_REPAIR, "has the flag");
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

/* A number with few bits more often than not. */
static uint64_t any_number(void)
{
	return random_next() >> random_below(64);
}

static uint64_t any_sequence(void)
{
	uint64_t number = any_number() & WIRE_SEQUENCE_MAX;

	return number > 0 ? number : 1;
}

static void write_records(struct writer *writer)
{
	static uint8_t bytes[WIRE_PACKET_MAX];

	wire_data_encode(writer, any_sequence(), any_sequence(),
		(struct wall_time){(int64_t)any_number()});
	while (random_below(8) > 0) {
		uint8_t type = (uint8_t)random_below(7);
		size_t size = 1 + random_below(WIRE_NICK_MAX);

		if (type != WIRE_NICK && random_below(4) == 0)
			size = 1 + random_below(500);
		bytes[random_below(sizeof(bytes))] = (uint8_t)any_number();
		if (writer_left(writer) >= WIRE_RECORD_OVERHEAD + size)
			wire_record_encode(writer, (enum wire_record_type)type,
				bytes, size);
	}
}

static struct wire_report any_report(void)
{
	struct wire_report report = {.origin = any_sequence(),
		.next = any_sequence(),
		.known = any_sequence(),
		.received = (uint32_t)any_number()};
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
			any_sequence()};
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
		/* And with a few bytes changed: anything but a crash. */
		packet[random_below(writer_size(&writer))] ^=
			(uint8_t)random_next();
		decoded += packet_round_trip(packet, writer_size(&writer),
				   &same) == WIRE_OK;
		wrong += !same;
		free(packet);
	}
	if (!tap_is_int((intmax_t)wrong, 0, "random packets come back") ||
		!tap_ok(decoded > 1000 && decoded < 20000,
			"and some do with a byte changed"))
		tap_note("SEED=%ju", (uintmax_t)random_seed());
}

int main(void)
{
	size_t i;

	for (i = 0; i < VECTOR_COUNT; i++) {
		vector_decodes(&vectors[i]);
		vector_encodes(&vectors[i]);
		vector_truncated(&vectors[i]);
		vector_corrupted(&vectors[i]);
	}
	bounds_of_data();
	bounds_of_state();
	bounds_of_report();
	refuses_reports();
	most_gaps();
	room_for_gaps();
	refuses_values();
	marks_repair();
	errors_have_names();
	any_packets();
	return tap_done();
}
