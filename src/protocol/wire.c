/* SPDX-License-Identifier: ISC */
/*
 * One predicate for each kind of thing says what is valid, for what comes in
 * and for what goes out alike: what is encoded here, decodes.
 */
#include "mchat/protocol/wire.h"

#include "mchat/protocol/record.h"

#define HEADER_SIZE 16

/* A report without its gaps: origin, flags, gap count, next, known, messages,
 * age and quiet, received, owed.  What is shortest has no messages and no
 * owed. */
#define REPORT_SIZE_MIN (8 + 1 + 1 + 1 + 1 + 1 + 1 + 1)
#define REPORT_SIZE_MAX (8 + 1 + 1 + 10 + 9 + 9 + 6 + 4 + 5 + 9)

/* Distance and length, each below WIRE_GAP_FAR. */
#define GAP_SIZE_MAX (5 + 5)

/* Behind the reports stand items: a type, the size of what follows, that. Types
 * that are not known are passed over, as is an item whose size is wrong. */
#define ITEM_HELD     1
#define ITEM_POLLED   2
#define ITEM_LACKS    3
#define ITEM_INTERVAL 4
#define ITEM_SIZE     5

/* The unit of an interval. */
#define INTERVAL_UNIT_MS 100

/* The unit of the time that a packet was held. */
#define HELD_UNIT_US 16

/* Where a packet has its flags, and DATA its age. */
#define FLAGS_AT 2
#define SENT_AT  40

/* The bits of an age that say how long it was quiet. */
#define QUIET_BITS 24

const char *wire_strerror(enum wire_result result)
{
	switch (result) {
	case WIRE_OK:
		return "no error";
	case WIRE_NOT_OURS:
		return "not a packet of mchat";
	case WIRE_TRUNCATED:
		return "truncated packet";
	case WIRE_BAD_VERSION:
		return "packet of another version of mchat";
	case WIRE_BAD_TYPE:
		return "packet of unknown type";
	case WIRE_BAD_VALUE:
		return "malformed packet";
	}
	return "unknown error";
}

static bool is_sequence(uint64_t number)
{
	return number >= 1 && number <= WIRE_SEQUENCE_MAX;
}

static bool is_engine_type(uint8_t type)
{
	return type == WIRE_DATA || type == WIRE_STATE ||
	       type == WIRE_FRAGMENT || type == WIRE_CODE;
}

static enum wire_result header_decode(
	struct reader *reader, bool takes_any_type, struct wire_header *out)
{
	struct wire_header header;
	uint8_t magic = reader_u8(reader);
	uint8_t version_type = reader_u8(reader);
	uint8_t type = version_type & 0x0f;

	if (magic != WIRE_MAGIC)
		return WIRE_NOT_OURS;
	if (reader->failed)
		return WIRE_TRUNCATED;
	if (version_type >> 4 != WIRE_VERSION)
		return WIRE_BAD_VERSION;
	if (!takes_any_type && !is_engine_type(type))
		return WIRE_BAD_TYPE;
	header.type = (enum wire_type)type;
	header.flags = reader_u8(reader);
	header.index = reader_u8(reader);
	header.room = reader_u32(reader);
	header.member = reader_u64(reader);
	if (reader->failed)
		return WIRE_TRUNCATED;
	if (header.member == 0)
		return WIRE_BAD_VALUE;
	if (type != WIRE_CODE)
		header.index = 0; /* reserved */
	else if (header.index >= WIRE_CODE_OF_OTHERS)
		return WIRE_BAD_VALUE;
	*out = header;
	return WIRE_OK;
}

enum wire_result wire_header_decode(
	struct reader *reader, struct wire_header *out)
{
	return header_decode(reader, false, out);
}

enum wire_result wire_any_header_decode(
	struct reader *reader, struct wire_header *out)
{
	return header_decode(reader, true, out);
}

void wire_header_encode(struct writer *writer, const struct wire_header *header)
{
	if (header->member == 0)
		writer->failed = true;
	writer_u8(writer, WIRE_MAGIC);
	writer_u8(writer, (uint8_t)(WIRE_VERSION << 4 | header->type));
	writer_u8(writer, header->flags);
	writer_u8(writer, header->index);
	writer_u32(writer, header->room);
	writer_u64(writer, header->member);
}

void wire_mark_repair(uint8_t *packet)
{
	packet[FLAGS_AT] |= WIRE_REPAIR;
}

/* ---- ages ---- */

static int64_t bounded_ms(struct duration duration, int64_t most)
{
	int64_t ms = duration.ns / NS_PER_MS;

	return ms < 0 ? 0 : ms > most ? most : ms;
}

static uint64_t age_encode(struct wire_age age)
{
	return (uint64_t)bounded_ms(age.age, WIRE_AGE_MAX_MS) << QUIET_BITS |
	       (uint64_t)bounded_ms(age.quiet, WIRE_QUIET_MAX_MS);
}

static struct wire_age age_decode(uint64_t bits)
{
	return (struct wire_age){
		.age = duration_ms((int64_t)(bits >> QUIET_BITS)),
		.quiet = duration_ms((int64_t)(bits & WIRE_QUIET_MAX_MS)),
	};
}

void wire_data_stamp(uint8_t *packet, struct wire_age sent)
{
	struct writer writer;

	writer_init(&writer, packet + SENT_AT, sizeof(uint64_t));
	writer_u64(&writer, age_encode(sent));
}

/* ---- DATA ---- */

static enum wire_result data_head_decode(
	struct reader *reader, struct wire_data *out)
{
	struct wire_data data;

	data.sequence = reader_u64(reader);
	data.message = reader_u64(reader);
	data.time.ms = (int64_t)reader_u64(reader);
	data.sent = age_decode(reader_u64(reader));
	data.ends = 0;
	data.records_size = reader_left(reader);
	data.records = reader_bytes(reader, data.records_size);
	if (reader->failed)
		return WIRE_TRUNCATED;
	if (!is_sequence(data.sequence) || !is_sequence(data.message))
		return WIRE_BAD_VALUE;
	*out = data;
	return WIRE_OK;
}

enum wire_result wire_data_decode(struct reader *reader, struct wire_data *out)
{
	struct wire_data data;
	struct record record;
	struct reader records;
	enum wire_result result = data_head_decode(reader, &data);

	if (result != WIRE_OK)
		return result;
	reader_init(&records, data.records, data.records_size);
	while (record_next(&records, &record)) {
		if (!record_is_valid(&record))
			return WIRE_BAD_VALUE;
		data.ends += record.is_last;
	}
	if (records.failed)
		return WIRE_TRUNCATED;
	/* The last message has a number, too. */
	if (data.ends > WIRE_SEQUENCE_MAX - (data.message - 1))
		return WIRE_BAD_VALUE;
	*out = data;
	return WIRE_OK;
}

bool wire_data_open(const void *bytes, size_t size, struct wire_data *out)
{
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, bytes, size);
	return wire_header_decode(&reader, &header) == WIRE_OK &&
	       header.type == WIRE_DATA &&
	       data_head_decode(&reader, out) == WIRE_OK;
}

void wire_data_encode(struct writer *writer, uint64_t sequence,
	uint64_t message, struct wall_time time)
{
	if (!is_sequence(sequence) || !is_sequence(message))
		writer->failed = true;
	writer_u64(writer, sequence);
	writer_u64(writer, message);
	writer_u64(writer, (uint64_t)time.ms);
	writer_u64(writer, 0);
}

/* ---- FRAGMENT ---- */

static bool fragment_is_valid(const struct wire_fragment *fragment)
{
	return is_sequence(fragment->sequence) &&
	       fragment->packet_size > WIRE_FRAGMENT_BYTES &&
	       fragment->packet_size <= WIRE_PACKET_MAX &&
	       fragment->offset < fragment->packet_size &&
	       fragment->offset % WIRE_FRAGMENT_BYTES == 0 &&
	       fragment->size == wire_fragment_size(fragment->packet_size,
					 fragment->offset);
}

enum wire_result wire_fragment_decode(
	struct reader *reader, struct wire_fragment *out)
{
	struct wire_fragment fragment;

	fragment.sequence = reader_u64(reader);
	fragment.offset = reader_u16(reader);
	fragment.packet_size = reader_u16(reader);
	if (reader->failed)
		return WIRE_TRUNCATED;
	fragment.size =
		wire_fragment_size(fragment.packet_size, fragment.offset);
	if (!fragment_is_valid(&fragment))
		return WIRE_BAD_VALUE;
	fragment.bytes = reader_bytes(reader, fragment.size);
	if (reader->failed)
		return WIRE_TRUNCATED;
	if (reader_left(reader) > 0)
		return WIRE_BAD_VALUE;
	*out = fragment;
	return WIRE_OK;
}

void wire_fragment_encode(
	struct writer *writer, const struct wire_fragment *fragment)
{
	if (!fragment_is_valid(fragment))
		writer->failed = true;
	writer_u64(writer, fragment->sequence);
	writer_u16(writer, fragment->offset);
	writer_u16(writer, fragment->packet_size);
	writer_bytes(writer, fragment->bytes, fragment->size);
}

/* ---- CODE ---- */

enum wire_result wire_code_decode(struct reader *reader, struct wire_code *out)
{
	struct wire_code code;

	code.last = reader_u64(reader);
	code.size = reader_left(reader);
	code.sum = reader_bytes(reader, code.size);
	if (reader->failed || code.size < WIRE_CODE_EXTRA)
		return WIRE_TRUNCATED;
	if (!is_sequence(code.last) || code.size > WIRE_CODE_SUM_MAX)
		return WIRE_BAD_VALUE;
	*out = code;
	return WIRE_OK;
}

void wire_code_encode(struct writer *writer, uint64_t last)
{
	if (!is_sequence(last))
		writer->failed = true;
	writer_u64(writer, last);
}

/* ---- STATE ---- */

/*
 * Numbers are as long as they need to be here (cursor.h): each member confirms
 * what it gets, so that a group sends as many STATEs as it has members.
 */

/* An age, and one more than what it was quiet: so the most, which those have
 * that said nothing, is 0. */
static void age_write(struct writer *writer, struct wire_age age)
{
	int64_t quiet = bounded_ms(age.quiet, WIRE_QUIET_MAX_MS);

	writer_number(writer, (uint64_t)bounded_ms(age.age, WIRE_AGE_MAX_MS));
	writer_number(writer, (uint64_t)(quiet + 1) & WIRE_QUIET_MAX_MS);
}

/* False when no member would say that. */
static bool age_read(struct reader *reader, struct wire_age *out)
{
	uint64_t age = reader_number(reader);
	uint64_t quiet = reader_number(reader);

	if (age > WIRE_AGE_MAX_MS || quiet > WIRE_QUIET_MAX_MS)
		return false;
	*out = (struct wire_age){
		.age = duration_ms((int64_t)age),
		.quiet =
			duration_ms((int64_t)((quiet - 1) & WIRE_QUIET_MAX_MS)),
	};
	return true;
}

/* No sum here can overflow: each is bounded by `known` before it is made. */
static bool report_is_valid(const struct wire_report *report)
{
	uint64_t least = report->next; /* that the gap may begin with */
	unsigned i;

	if (report->origin == 0 || report->next == 0 ||
		report->next > WIRE_SEQUENCE_MAX + 1 ||
		report->known > WIRE_SEQUENCE_MAX ||
		report->messages > WIRE_SEQUENCE_MAX ||
		report->gap_count > WIRE_GAPS_MAX)
		return false;
	if (report->flags & WIRE_REPORT_OWED && !is_sequence(report->owed))
		return false;
	for (i = 0; i < report->gap_count; i++) {
		const struct wire_gap *gap = &report->gaps[i];

		if (gap->first < least || gap->first > report->known ||
			gap->first - report->next >= WIRE_GAP_FAR ||
			gap->count == 0 || gap->count >= WIRE_GAP_FAR ||
			gap->count - 1 > report->known - gap->first)
			return false;
		least = gap->first + gap->count + 1;
	}
	return true;
}

/* Each gap begins so far behind the one before, the first one behind `next`. */
static void gaps_decode(struct reader *reader, struct wire_report *out)
{
	uint64_t behind = out->next;

	for (unsigned i = 0; i < out->gap_count; i++) {
		/* May wrap when they are too large, which is found below. */
		out->gaps[i].first = behind + reader_number(reader);
		out->gaps[i].count = reader_number(reader);
		behind = out->gaps[i].first + out->gaps[i].count;
	}
}

static enum wire_result report_decode(
	struct reader *reader, struct wire_report *out)
{
	uint64_t received;
	bool is_age;

	out->origin = reader_u64(reader);
	out->flags = reader_u8(reader);
	out->gap_count = reader_u8(reader);
	if (out->gap_count > WIRE_GAPS_MAX)
		return WIRE_BAD_VALUE;
	out->next = reader_number(reader);
	out->known = reader_number(reader);
	out->messages =
		out->flags & WIRE_REPORT_COUNTED ? reader_number(reader) : 0;
	is_age = age_read(reader, &out->age);
	received = reader_number(reader);
	out->received = (uint32_t)received;
	out->owed = out->flags & WIRE_REPORT_OWED ? reader_number(reader) : 0;
	gaps_decode(reader, out);
	if (reader->failed)
		return WIRE_TRUNCATED;
	return is_age && received <= UINT32_MAX && report_is_valid(out)
		       ? WIRE_OK
		       : WIRE_BAD_VALUE;
}

bool wire_report_next(struct reader *reader, struct wire_report *out)
{
	return reader_left(reader) > 0 && report_decode(reader, out) == WIRE_OK;
}

/* What the state says of its own packets, and its nick. */
static bool state_is_valid(const struct wire_state *state)
{
	return state->first >= 1 && state->last <= WIRE_SEQUENCE_MAX &&
	       state->first <= state->last + 1 &&
	       state->messages <= WIRE_SEQUENCE_MAX &&
	       state->nick_size <= WIRE_NICK_MAX;
}

/* Decodes the reports of a state, each of another origin: `state` knows their
 * number. */
static enum wire_result reports_decode(
	struct reader *reader, const struct wire_state *state)
{
	uint64_t origins[WIRE_REPORTS_MAX];

	for (unsigned i = 0; i < state->report_count; i++) {
		struct wire_report report;
		enum wire_result result = report_decode(reader, &report);

		if (result != WIRE_OK)
			return result;
		origins[i] = report.origin;
		for (unsigned j = 0; j < i; j++)
			if (origins[j] == report.origin)
				return WIRE_BAD_VALUE;
	}
	return WIRE_OK;
}

/* Of an item of two bytes. */
static uint16_t number_of(const uint8_t *bytes)
{
	struct reader reader;

	reader_init(&reader, bytes, 2);
	return reader_u16(&reader);
}

/* Takes in what stands behind the reports, as far as it is whole. */
static void tail_decode(struct reader reader, struct wire_state *out)
{
	while (reader_left(&reader) > 0) {
		uint8_t type = reader_u8(&reader);
		uint8_t size = reader_u8(&reader);
		const uint8_t *bytes = reader_bytes(&reader, size);

		if (reader.failed)
			return;
		if (type == ITEM_HELD && size == 2 * out->report_count) {
			out->held = bytes;
		} else if (type == ITEM_LACKS && size % 2 == 1 &&
			   out->lacks_count < WIRE_LACKS_MAX) {
			out->lacks[out->lacks_count++] = (struct wire_lacks){
				.report = bytes[0],
				.count = (uint8_t)((size - 1) / 2),
				.bytes = bytes + 1,
			};
		} else if (type == ITEM_POLLED && size % 8 == 0) {
			out->polled = bytes;
			out->polled_count = size / 8;
		} else if (type == ITEM_INTERVAL && size == 2) {
			out->interval = duration_ms(
				(int64_t)number_of(bytes) * INTERVAL_UNIT_MS);
		} else if (type == ITEM_SIZE && size == 2) {
			out->largest = number_of(bytes);
		}
	}
}

enum wire_result wire_state_decode(
	struct reader *reader, struct wire_state *out)
{
	struct wire_state state = {0};
	const uint8_t *start = reader->at;
	enum wire_result result;
	bool is_age;

	state.counter = reader_number(reader);
	state.first = reader_number(reader);
	state.last = reader_number(reader);
	state.messages = reader_number(reader);
	is_age = age_read(reader, &state.age);
	state.hop_limit = reader_u8(reader);
	state.report_count = reader_u8(reader);
	state.nick_size = reader_u8(reader);
	if (reader->failed)
		return WIRE_TRUNCATED;
	if (!is_age || !state_is_valid(&state) ||
		state.report_count > WIRE_REPORTS_MAX)
		return WIRE_BAD_VALUE;
	state.nick = (const char *)reader_bytes(reader, state.nick_size);
	if (reader->failed)
		return WIRE_TRUNCATED;
	state.reports = reader->at;
	result = reports_decode(reader, &state);
	if (result != WIRE_OK)
		return result;
	state.reports_size = (size_t)(reader->at - state.reports);
	state.size = HEADER_SIZE + (size_t)(reader->at - start);
	tail_decode(*reader, &state);
	*out = state;
	return WIRE_OK;
}

struct duration wire_state_held(const struct wire_state *state, unsigned report)
{
	struct reader reader;

	if (!state->held)
		return duration_us(WIRE_HELD_MAX_US);
	reader_init(&reader, state->held + (size_t)2 * report, 2);
	return duration_us((int64_t)reader_u16(&reader) * HELD_UNIT_US);
}

struct wire_lack wire_lack_at(const struct wire_lacks *lacks, unsigned block)
{
	const uint8_t *bytes = lacks->bytes + (size_t)2 * block;

	return (struct wire_lack){bytes[0], bytes[1]};
}

const struct wire_lacks *wire_state_lacks(
	const struct wire_state *state, unsigned report)
{
	for (unsigned i = 0; i < state->lacks_count; i++)
		if (state->lacks[i].report == report)
			return &state->lacks[i];
	return NULL;
}

uint64_t wire_state_polled(const struct wire_state *state, unsigned index)
{
	struct reader reader;

	reader_init(&reader, state->polled + (size_t)8 * index, 8);
	return reader_u64(&reader);
}

uint8_t *wire_state_encode(
	struct writer *writer, const struct wire_state *state)
{
	uint8_t *count;

	if (!state_is_valid(state))
		writer->failed = true;
	writer_number(writer, state->counter);
	writer_number(writer, state->first);
	writer_number(writer, state->last);
	writer_number(writer, state->messages);
	age_write(writer, state->age);
	writer_u8(writer, state->hop_limit);
	count = writer->at;
	writer_u8(writer, 0);
	writer_u8(writer, state->nick_size);
	writer_bytes(writer, state->nick, state->nick_size);
	return writer->failed ? NULL : count;
}

size_t wire_tail_size(size_t size, uint8_t polled_count)
{
	size_t reports = size / REPORT_SIZE_MIN;

	if (reports > WIRE_REPORTS_MAX)
		reports = WIRE_REPORTS_MAX;
	return 2 + 2 * reports +
	       (polled_count > 0 ? 2 + (size_t)8 * polled_count : 0);
}

size_t wire_report_room(const struct writer *writer)
{
	size_t left = writer_left(writer);

	return left > REPORT_SIZE_MAX ? (left - REPORT_SIZE_MAX) / GAP_SIZE_MAX
				      : 0;
}

/* Whether one of the reports that were encoded before, behind the nick whose
 * size stands behind their count, is of this origin. */
static bool is_reported(
	const struct writer *writer, const uint8_t *count, uint64_t origin)
{
	const uint8_t *reports = count + 2 + count[1];
	struct wire_report report;
	struct reader reader;

	reader_init(&reader, reports, (size_t)(writer->at - reports));
	while (wire_report_next(&reader, &report)) {
		if (report.origin == origin)
			return true;
	}
	return false;
}

static void report_write(
	struct writer *writer, const struct wire_report *report)
{
	uint64_t behind = report->next;

	writer_u64(writer, report->origin);
	writer_u8(writer, report->flags);
	writer_u8(writer, report->gap_count);
	writer_number(writer, report->next);
	writer_number(writer, report->known);
	if (report->flags & WIRE_REPORT_COUNTED)
		writer_number(writer, report->messages);
	age_write(writer, report->age);
	writer_number(writer, report->received);
	if (report->flags & WIRE_REPORT_OWED)
		writer_number(writer, report->owed);
	for (unsigned i = 0; i < report->gap_count; i++) {
		const struct wire_gap *gap = &report->gaps[i];

		writer_number(writer, gap->first - behind);
		writer_number(writer, gap->count);
		behind = gap->first + gap->count;
	}
}

bool wire_report_encode(
	struct writer *writer, uint8_t *count, const struct wire_report *report)
{
	struct writer before = *writer;

	if (!report_is_valid(report) || !count || *count >= WIRE_REPORTS_MAX ||
		writer->failed || is_reported(writer, count, report->origin))
		return false;
	report_write(writer, report);
	if (writer->failed) {
		*writer = before;
		return false;
	}
	++*count;
	return true;
}

void wire_held_encode(
	struct writer *writer, const struct duration *held, uint8_t count)
{
	if (count == 0)
		return;
	writer_u8(writer, ITEM_HELD);
	writer_u8(writer, (uint8_t)(2 * count));
	for (unsigned i = 0; i < count; i++) {
		int64_t us = held[i].ns / NS_PER_US;

		us = us < 0 ? 0 : us > WIRE_HELD_MAX_US ? WIRE_HELD_MAX_US : us;
		writer_u16(writer, (uint16_t)(us / HELD_UNIT_US));
	}
}

void wire_lacks_encode(struct writer *writer, uint8_t report,
	const struct wire_lack *lacks, uint8_t count)
{
	if (count == 0)
		return;
	writer_u8(writer, ITEM_LACKS);
	writer_u8(writer, (uint8_t)(1 + 2 * count));
	writer_u8(writer, report);
	for (unsigned i = 0; i < count; i++) {
		writer_u8(writer, lacks[i].packets);
		writer_u8(writer, lacks[i].heard);
	}
}

void wire_interval_encode(struct writer *writer, struct duration interval)
{
	int64_t units = interval.ns / (INTERVAL_UNIT_MS * NS_PER_MS);

	if (units <= 0)
		return;
	writer_u8(writer, ITEM_INTERVAL);
	writer_u8(writer, 2);
	writer_u16(writer, (uint16_t)(units < UINT16_MAX ? units : UINT16_MAX));
}

void wire_largest_encode(struct writer *writer, size_t largest)
{
	writer_u8(writer, ITEM_SIZE);
	writer_u8(writer, 2);
	writer_u16(writer, (uint16_t)largest);
}

void wire_polled_encode(
	struct writer *writer, const uint64_t *ids, uint8_t count)
{
	if (count == 0)
		return;
	writer_u8(writer, ITEM_POLLED);
	writer_u8(writer, (uint8_t)(8 * count));
	for (unsigned i = 0; i < count; i++)
		writer_u64(writer, ids[i]);
}

bool wire_is_packet(const void *bytes, size_t size)
{
	struct wire_header header;
	union wire_body body;
	struct reader reader;

	reader_init(&reader, bytes, size);
	return wire_header_decode(&reader, &header) == WIRE_OK &&
	       wire_body_decode(&reader, header.type, &body) == WIRE_OK;
}

bool wire_is_of_other_version(const void *bytes, size_t size)
{
	const uint8_t *header = bytes;

	if (size < HEADER_SIZE || header[0] != WIRE_MAGIC)
		return false;
	return header[1] == (WIRE_VERSION << 4 | WIRE_STATE_0_1) ||
	       header[1] >> 4 > WIRE_VERSION_SEALED;
}
