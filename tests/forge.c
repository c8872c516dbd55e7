/* SPDX-License-Identifier: ISC */
#include "forge.h"

#include "mchat/base/cursor.h"
#include "mchat/protocol/record.h"

/* Reports are on origins from 0 to this. */
#define ORIGINS 8

#define REPORTS_MAX 3
#define GAPS_MAX    2
#define RECORDS_MAX 7

/* What comes behind the reports of a STATE; and bytes of a false sum. */
#define ITEMS_MAX 3
#define SUM_MAX   31

uint64_t forge_number(struct reader *input)
{
	uint8_t kind = reader_u8(input);

	switch (kind % 4) {
	case 0:
		return kind / 4;
	case 1:
		return reader_u16(input);
	case 2:
		return WIRE_SEQUENCE_MAX - kind / 4;
	default:
		return reader_u64(input);
	}
}

/* A number that a packet may have. */
static uint64_t sequence(struct reader *input)
{
	uint64_t number = forge_number(input) & WIRE_SEQUENCE_MAX;

	return number > 0 ? number : 1;
}

static struct wire_header make_header(
	struct reader *input, enum wire_type type, uint64_t member)
{
	return (struct wire_header){
		.type = type,
		.flags = reader_u8(input),
		.member = member,
	};
}

/* An age, and how long the author was quiet. */
static struct wire_age forge_age(struct reader *input)
{
	struct wire_age age = {0};

	/* One after the other: no initialiser says which comes first. */
	age.age = duration_ms((int64_t)(forge_number(input) & UINT32_MAX));
	age.quiet = duration_ms((int64_t)(forge_number(input) & UINT16_MAX));
	return age;
}

static struct wire_report make_report(struct reader *input)
{
	struct wire_report report = {.origin = reader_u8(input) % ORIGINS};
	uint64_t at;

	report.next = sequence(input);
	report.known = sequence(input);
	report.received = reader_u8(input);
	report.messages = forge_number(input) & WIRE_SEQUENCE_MAX;
	report.age = forge_age(input);
	report.flags = reader_u8(input);
	report.owed = report.flags & WIRE_REPORT_OWED ? sequence(input) : 0;
	report.gap_count = reader_u8(input) % (GAPS_MAX + 1);
	at = report.next;
	for (unsigned i = 0; i < report.gap_count; i++) {
		struct wire_gap *gap = &report.gaps[i];

		gap->first = at + reader_u8(input);
		gap->count = 1 + forge_number(input) % UINT16_MAX;
		at = gap->first + gap->count + 1;
		if (report.known < at - 2)
			report.known = at - 2;
	}
	return report;
}

size_t forge_state(
	struct reader *input, uint64_t member, uint8_t out[WIRE_PACKET_MAX])
{
	struct wire_header header = make_header(input, WIRE_STATE, member);
	struct wire_state state = {.nick = "eve"};
	struct writer writer;
	uint64_t kept;
	unsigned reports;
	uint8_t *count;

	/* One after the other: no initialiser says which comes first. */
	state.counter = forge_number(input);
	state.age = forge_age(input);
	state.nick_size = reader_u8(input) % 4;
	state.last = forge_number(input) & WIRE_SEQUENCE_MAX;
	state.messages = forge_number(input) & WIRE_SEQUENCE_MAX;
	kept = reader_u8(input);
	reports = reader_u8(input) % (REPORTS_MAX + 1);
	state.first = kept <= state.last ? state.last + 1 - kept : 1;
	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &header);
	count = wire_state_encode(&writer, &state);
	while (count && reports-- > 0) {
		struct wire_report report = make_report(input);

		/* A report that would not decode is left out. */
		wire_report_encode(&writer, count, &report);
	}
	return writer.failed ? 0 : writer_size(&writer);
}

size_t forge_data(
	struct reader *input, uint64_t member, uint8_t out[WIRE_PACKET_MAX])
{
	struct wire_header header = make_header(input, WIRE_DATA, member);
	uint64_t number = sequence(input);
	uint64_t message = sequence(input);
	unsigned records = reader_u8(input) % (RECORDS_MAX + 1);
	struct writer writer;

	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &header);
	wire_data_encode(&writer, number, message,
		(struct wall_time){(int64_t)forge_number(input)});
	while (records-- > 0) {
		uint8_t kind = reader_u8(input);
		uint8_t bytes[UINT8_MAX] = {kind / 8};
		size_t size = reader_u8(input);

		if (!writer.failed &&
			writer_left(&writer) >= RECORD_OVERHEAD + size)
			record_encode(&writer, (enum record_type)(kind % 8),
				bytes, size);
	}
	if (!writer.failed)
		wire_data_stamp(out, forge_age(input));
	return writer.failed ? 0 : writer_size(&writer);
}

/* Something behind the reports: as members send it, or any bytes. */
static void put_item(struct reader *input, struct writer *writer)
{
	uint8_t kind = reader_u8(input);
	uint8_t count = reader_u8(input);
	struct wire_lack lacks[WIRE_LACK_BLOCKS_MAX];
	uint64_t polled[WIRE_POLLED_MAX];
	struct duration held[REPORTS_MAX];

	switch (kind % 5) {
	case 0:
		for (unsigned i = 0; i < WIRE_LACK_BLOCKS_MAX; i++)
			lacks[i] = (struct wire_lack){
				(uint8_t)(count * (i + 1)), kind};
		wire_lacks_encode(writer, kind / 5 % REPORTS_MAX, lacks,
			count % (WIRE_LACK_BLOCKS_MAX + 1));
		break;
	case 1:
		for (unsigned i = 0; i < WIRE_POLLED_MAX; i++)
			polled[i] = (i + kind / 5U) % ORIGINS;
		wire_polled_encode(
			writer, polled, count % (WIRE_POLLED_MAX + 1));
		break;
	case 2:
		for (unsigned i = 0; i < REPORTS_MAX; i++)
			held[i] = duration_us((int64_t)count * 100);
		wire_held_encode(writer, held, kind / 5 % (REPORTS_MAX + 1));
		break;
	case 3:
		wire_interval_encode(
			writer, duration_ms((int64_t)kind * count));
		break;
	default:
		writer_u8(writer, kind / 5);
		writer_u8(writer, count);
		for (unsigned i = 0; i < count % 4U; i++)
			writer_u8(writer, kind);
		break;
	}
}

size_t forge_items(
	struct reader *input, uint64_t member, uint8_t out[WIRE_PACKET_MAX])
{
	size_t size = forge_state(input, member, out);
	struct writer writer;

	if (size == 0)
		return 0;
	writer_init(&writer, out + size, WIRE_PACKET_MAX - size);
	for (unsigned i = 0; i < ITEMS_MAX; i++)
		put_item(input, &writer);
	return size + writer_size(&writer);
}

size_t forge_code(
	struct reader *input, uint64_t member, uint8_t out[WIRE_PACKET_MAX])
{
	struct wire_header header = make_header(input, WIRE_CODE, member);
	struct writer writer;
	uint64_t last;
	size_t size;

	header.index = reader_u8(input) % WIRE_CODE_OF_OTHERS;
	last = sequence(input);
	size = WIRE_CODE_EXTRA + reader_u8(input) % SUM_MAX;
	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &header);
	wire_code_encode(&writer, last);
	while (size-- > 0)
		writer_u8(&writer, reader_u8(input));
	return writer_size(&writer);
}
