/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: whatever decodes must come back the same when it is encoded
 * again, and keep to what the rest of mchat takes for granted; all else must
 * fail without a read outside the packet.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "packets.h"
#include "mchat/protocol/probe_responder.h"
#include "mchat/protocol/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool condition)
{
	if (!condition)
		abort();
}

static bool is_age(struct wire_age age)
{
	return age.age.ns >= 0 && age.quiet.ns >= 0 &&
	       age.age.ns <= duration_ms(WIRE_AGE_MAX_MS).ns &&
	       age.quiet.ns <= duration_ms(WIRE_QUIET_MAX_MS).ns;
}

/* A stamp changes when it left, whatever it was, and nothing else. */
static void check_stamp(const uint8_t *bytes, size_t size)
{
	struct wire_age sent = {duration_ms(WIRE_AGE_MAX_MS), duration_ms(1)};
	struct wire_data before;
	struct wire_data after;
	uint8_t *packet = malloc(size);

	if (!packet)
		abort();
	memcpy(packet, bytes, size);
	wire_data_stamp(packet, sent);
	check(wire_data_open(bytes, size, &before) && is_age(before.sent));
	check(wire_data_open(packet, size, &after));
	check(after.sent.age.ns == sent.age.ns &&
		after.sent.quiet.ns == sent.quiet.ns);
	wire_data_stamp(packet, before.sent);
	check(memcmp(packet, bytes, size) == 0);
	free(packet);
}

static void check_data(struct reader *reader)
{
	struct wire_data data;
	struct record record;
	struct reader records;
	uint64_t ends = 0;

	check(wire_data_decode(reader, &data) == WIRE_OK);
	reader_init(&records, data.records, data.records_size);
	while (record_next(&records, &record))
		ends += record.is_last;
	check(ends == data.ends && reader_left(&records) == 0);
}

/* Whether so many bytes are behind what was read, in one piece. */
static bool is_behind(
	const struct reader *reader, const uint8_t *bytes, size_t size)
{
	return bytes >= reader->at && bytes <= reader->end &&
	       size <= (size_t)(reader->end - bytes);
}

/* Items are behind the reports, and within the packet. */
static void check_items(
	const struct reader *reader, const struct wire_state *state)
{
	unsigned lacked = 0;

	if (state->held)
		check(is_behind(
			reader, state->held, (size_t)2 * state->report_count));
	for (unsigned i = 0; i < state->report_count; i++) {
		struct duration held = wire_state_held(state, i);

		check(held.ns >= 0 &&
			held.ns <= duration_us(WIRE_HELD_MAX_US).ns);
		lacked += wire_state_lacks(state, i) != NULL;
	}
	check(state->lacks_count <= WIRE_LACKS_MAX &&
		lacked <= state->lacks_count);
	for (unsigned i = 0; i < state->lacks_count; i++)
		check(is_behind(reader, state->lacks[i].bytes,
			(size_t)2 * state->lacks[i].count));
	check(state->polled_count <= WIRE_POLLED_MAX);
	if (state->polled_count > 0)
		check(is_behind(reader, state->polled,
			(size_t)8 * state->polled_count));
	check(state->interval.ns >= 0 &&
		state->interval.ns <= duration_ms(WIRE_INTERVAL_MAX_MS).ns);
}

static void check_state(struct reader *reader, size_t size)
{
	struct wire_state state;
	struct wire_report report;
	struct reader reports;
	uint64_t origins[WIRE_REPORTS_MAX];
	unsigned count = 0;

	check(wire_state_decode(reader, &state) == WIRE_OK);
	check(is_age(state.age));
	check(state.size == size - reader_left(reader));
	reader_init(&reports, state.reports, state.reports_size);
	for (; wire_report_next(&reports, &report); count++) {
		for (unsigned i = 0; i < count; i++)
			check(origins[i] != report.origin);
		origins[count] = report.origin;
		check(is_age(report.age));
		check(report.messages <= WIRE_SEQUENCE_MAX);
		check(report.flags & WIRE_REPORT_OWED
				? report.owed >= 1 &&
					  report.owed <= WIRE_SEQUENCE_MAX
				: report.owed == 0);
	}
	check(count == state.report_count);
	check_items(reader, &state);
}

static void check_fragment(struct reader *reader)
{
	struct wire_fragment fragment;

	check(wire_fragment_decode(reader, &fragment) == WIRE_OK);
	check(fragment.size >= 1 && fragment.size <= WIRE_FRAGMENT_BYTES);
	check(fragment.offset + fragment.size <= fragment.packet_size);
	check(fragment.packet_size <= WIRE_PACKET_MAX);
	check(wire_fragment_is_last(&fragment) ||
		fragment.size == WIRE_FRAGMENT_BYTES);
	check(reader_left(reader) == 0);
}

static void check_code(struct reader *reader)
{
	struct wire_code code;

	check(wire_code_decode(reader, &code) == WIRE_OK);
	check(code.last >= 1 && code.last <= WIRE_SEQUENCE_MAX);
	check(code.size >= WIRE_CODE_EXTRA && code.size <= WIRE_CODE_SUM_MAX);
	check(reader_left(reader) == 0);
}

/* What a doctor is told, and what it asks: the same again, and no reply to a
 * reply. */
static void check_probe(const uint8_t *bytes, size_t size)
{
	struct probe_member members[PROBE_MEMBERS_MAX];
	uint8_t packet[PROBE_REPLY_MAX];
	struct probe_responder responder = {0};
	struct probe_arrival arrival = {bytes, size, -1};
	struct probe_self self = {.member = 1};
	struct probe_reply reply;
	struct probe probe;
	size_t count = 0;

	if (probe_decode(bytes, size, &probe)) {
		check(probe_is_either(bytes, size) && probe.member != 0);
		check(probe_encode(&probe, packet) == PROBE_SIZE);
		check(memcmp(packet + 4 + 4, bytes + 4 + 4, 32) == 0);
		self.groups = &probe.group;
		self.group_count = 1;
		check(2 * probe_responder_answer(&responder, &self, &arrival,
				  (struct instant){1}, packet) <=
			size);
	}
	if (!probe_reply_decode(bytes, size, &reply))
		return;
	check(!probe_decode(bytes, size, &probe));
	while (probe_member_at(bytes, size, count, &members[count]))
		count++;
	check(count == reply.members);
	check(probe_reply_encode(&reply, members, packet) ==
		PROBE_REPLY_SIZE + count * PROBE_MEMBER_SIZE);
	check(memcmp(packet + 16, bytes + 16, 18) == 0);
	check(memcmp(packet + PROBE_REPLY_SIZE, bytes + PROBE_REPLY_SIZE,
		      count * PROBE_MEMBER_SIZE) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum wire_result result;
	struct wire_header header;
	struct reader reader;
	bool same;

	check_probe(bytes, size);
	result = packet_round_trip(bytes, size, &same);
	check(same);
	check(wire_is_packet(bytes, size) == (result == WIRE_OK));
	if (result != WIRE_OK)
		return 0;
	reader_init(&reader, bytes, size);
	check(wire_header_decode(&reader, &header) == WIRE_OK);
	if (header.type == WIRE_DATA) {
		check_stamp(bytes, size);
		check_data(&reader);
	} else if (header.type == WIRE_STATE) {
		check_state(&reader, size);
	} else if (header.type == WIRE_CODE) {
		check(header.index < WIRE_CODE_OF_OTHERS);
		check_code(&reader);
	} else {
		check_fragment(&reader);
	}
	return 0;
}
