/* SPDX-License-Identifier: ISC */
/*
 * The packets of tests/vectors.h for other programs.
 *
 *	vectors hex		a packet a line, as text2pcap reads it
 *	vectors corpus FOLDER	a packet a file
 *	vectors spoiled		packets cut and changed in every place, a line
 *				each, behind what the decoder says of them:
 *				"ok", "plain" or "malformed"
 *	vectors twins		the same of a packet in which two reports are
 *				given one origin
 *	vectors names		what the dissector calls the fields, a line each
 *	vectors fields		a packet a line: these fields, between '|',
 *				as tshark -T fields prints them
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/protocol/coding.h"
#include "packets.h"
#include "vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const names[] = {"mchat.version", "mchat.type",
	"mchat.flags", "mchat.flags.repair", "mchat.flags.hello",
	"mchat.flags.bye", "mchat.flags.answer", "mchat.flags.full",
	"mchat.reserved", "mchat.room", "mchat.member", "mchat.sequence",
	"mchat.message", "mchat.time", "mchat.record.type",
	"mchat.record.length", "mchat.line", "mchat.action", "mchat.part.flags",
	"mchat.part.first", "mchat.part.last", "mchat.part.action",
	"mchat.part.text", "mchat.record.unknown", "mchat.counter",
	"mchat.first", "mchat.last", "mchat.messages", "mchat.age",
	"mchat.quiet", "mchat.hop_limit", "mchat.report_count",
	"mchat.nick_size", "mchat.nick", "mchat.report.origin",
	"mchat.report.next", "mchat.report.known", "mchat.report.messages",
	"mchat.report.age", "mchat.report.quiet", "mchat.report.received",
	"mchat.report.flags", "mchat.report.flags.counted",
	"mchat.report.flags.owed", "mchat.report.flags.counts",
	"mchat.report.flags.lost", "mchat.report.flags.small",
	"mchat.report.gap_count", "mchat.report.owed", "mchat.gap.distance",
	"mchat.gap.length", "mchat.gap.first", "mchat.gap.last",
	"mchat.fragment.offset", "mchat.fragment.packet_size",
	"mchat.fragment.bytes", "mchat.code.index", "mchat.code.last",
	"mchat.code.first", "mchat.code.sum", "mchat.item.type",
	"mchat.item.size", "mchat.held", "mchat.lacks.report",
	"mchat.lack.packets", "mchat.lack.heard", "mchat.lack.first",
	"mchat.interval", "mchat.limiting", "mchat.polled", "mchat.extension",
	"mchat.malformed"};

/* The values of one packet, by name. */
struct columns {
	char text[COUNT(names)][300];
};

/* Adds a value; further ones of the same name follow behind commas. */
__attribute__((format(printf, 3, 4))) static void add(
	struct columns *columns, const char *name, const char *format, ...)
{
	va_list values;
	size_t used;
	size_t i = 0;

	while (strcmp(names[i], name) != 0)
		if (++i == COUNT(names))
			abort();
	used = strlen(columns->text[i]);
	if (used > 0)
		columns->text[i][used++] = ',';
	va_start(values, format);
	vsnprintf(columns->text[i] + used, sizeof(columns->text[i]) - used,
		format, values);
	va_end(values);
}

static void add_number(
	struct columns *columns, const char *name, uint64_t number)
{
	add(columns, name, "%" PRIu64, number);
}

static void add_flag(
	struct columns *columns, const char *name, unsigned flags, unsigned bit)
{
	add(columns, name, "%d", (flags & bit) != 0);
}

static void add_header(struct columns *columns, const struct vector *vector,
	const uint8_t *packet)
{
	const struct wire_header *header = &vector->header;

	add_number(columns, "mchat.version", WIRE_VERSION);
	add_number(columns, "mchat.type", header->type);
	add(columns, "mchat.flags", "0x%02x", header->flags);
	if (header->type == WIRE_DATA) {
		add_flag(columns, "mchat.flags.repair", header->flags,
			WIRE_REPAIR);
	} else if (header->type == WIRE_STATE) {
		add_flag(columns, "mchat.flags.hello", header->flags,
			WIRE_HELLO);
		add_flag(columns, "mchat.flags.bye", header->flags, WIRE_BYE);
		add_flag(columns, "mchat.flags.answer", header->flags,
			WIRE_ANSWER);
		add_flag(columns, "mchat.flags.full", header->flags, WIRE_FULL);
	}
	/* The decoder does not keep what is reserved. */
	if (header->type == WIRE_CODE)
		add_number(columns, "mchat.code.index", header->index);
	else
		add(columns, "mchat.reserved", "0x%02x", packet[3]);
	add(columns, "mchat.room", "0x%08" PRIx32, header->room);
	add(columns, "mchat.member", "0x%016" PRIx64, header->member);
}

static void add_duration(
	struct columns *columns, const char *name, struct duration duration)
{
	add(columns, name, "%" PRId64, duration.ns / NS_PER_MS);
}

static void add_record(
	struct columns *columns, const struct vector_record *record)
{
	const char *text = record->bytes;
	int size = (int)record->size;
	size_t i;

	add_number(columns, "mchat.record.type", record->type);
	add_number(columns, "mchat.record.length", record->size);
	if (record->type == RECORD_LINE) {
		add(columns, "mchat.line", "%.*s", size, text);
	} else if (record->type == RECORD_ACTION) {
		add(columns, "mchat.action", "%.*s", size, text);
	} else if (record->type == RECORD_NICK) {
		add(columns, "mchat.nick", "%.*s", size, text);
	} else if (record->type == RECORD_PART) {
		unsigned flags = (uint8_t)text[0];

		add(columns, "mchat.part.flags", "0x%02x", flags);
		add_flag(columns, "mchat.part.first", flags, RECORD_PART_FIRST);
		add_flag(columns, "mchat.part.last", flags, RECORD_PART_LAST);
		add_flag(columns, "mchat.part.action", flags,
			RECORD_PART_ACTION);
		add(columns, "mchat.part.text", "%.*s", size - 1, text + 1);
	} else {
		char hex[64] = "";

		for (i = 0; i < record->size; i++)
			snprintf(hex + 2 * i, 3, "%02x", (uint8_t)text[i]);
		add(columns, "mchat.record.unknown", "%s", hex);
	}
}

static void add_data(struct columns *columns, const struct vector *vector)
{
	size_t i;

	add_number(columns, "mchat.sequence", vector->data.sequence);
	add_number(columns, "mchat.message", vector->data.message);
	add(columns, "mchat.time", "%" PRId64, vector->data.time.ms);
	add_duration(columns, "mchat.age", vector->data.sent.age);
	add_duration(columns, "mchat.quiet", vector->data.sent.quiet);
	for (i = 0; i < vector->record_count; i++)
		add_record(columns, &vector->records[i]);
}

static void add_report(
	struct columns *columns, const struct wire_report *report)
{
	uint64_t behind = report->next;
	unsigned i;

	add(columns, "mchat.report.origin", "0x%016" PRIx64, report->origin);
	add_number(columns, "mchat.report.next", report->next);
	add_number(columns, "mchat.report.known", report->known);
	if (report->flags & WIRE_REPORT_COUNTED)
		add_number(columns, "mchat.report.messages", report->messages);
	add_duration(columns, "mchat.report.age", report->age.age);
	add_duration(columns, "mchat.report.quiet", report->age.quiet);
	add_number(columns, "mchat.report.received", report->received);
	add(columns, "mchat.report.flags", "0x%02x", report->flags);
	add_flag(columns, "mchat.report.flags.counted", report->flags,
		WIRE_REPORT_COUNTED);
	add_flag(columns, "mchat.report.flags.owed", report->flags,
		WIRE_REPORT_OWED);
	add_flag(columns, "mchat.report.flags.counts", report->flags,
		WIRE_REPORT_COUNTS);
	add_flag(columns, "mchat.report.flags.lost", report->flags,
		WIRE_REPORT_LOST);
	add_flag(columns, "mchat.report.flags.small", report->flags,
		WIRE_REPORT_SMALL);
	add_number(columns, "mchat.report.gap_count", report->gap_count);
	if (report->flags & WIRE_REPORT_OWED)
		add_number(columns, "mchat.report.owed", report->owed);
	for (i = 0; i < report->gap_count; i++) {
		const struct wire_gap *gap = &report->gaps[i];

		add_number(columns, "mchat.gap.distance", gap->first - behind);
		behind = gap->first + gap->count;
		add_number(columns, "mchat.gap.length", gap->count);
		add_number(columns, "mchat.gap.first", gap->first);
		add_number(
			columns, "mchat.gap.last", gap->first + gap->count - 1);
	}
}

static void add_item(struct columns *columns, unsigned type, size_t size)
{
	add_number(columns, "mchat.item.type", type);
	add_number(columns, "mchat.item.size", size);
}

/* Of the only vector that has all of them, and an unknown one. */
static void add_items(struct columns *columns, const struct vector *vector)
{
	const struct wire_state *state = &vector->state;
	const struct wire_lacks *lacks = &state->lacks[0];
	const struct wire_report *report = &vector->reports[lacks->report];

	add_item(columns, 1, (size_t)2 * state->report_count);
	for (unsigned i = 0; i < state->report_count; i++)
		add_number(columns, "mchat.held",
			(uint64_t)(wire_state_held(state, i).ns /
				   (16 * NS_PER_US)));
	add_item(columns, 3, 1 + (size_t)2 * lacks->count);
	add_number(columns, "mchat.lacks.report", lacks->report);
	for (unsigned i = 0; i < lacks->count; i++) {
		struct wire_lack lack = wire_lack_at(lacks, i);

		add_number(columns, "mchat.lack.packets", lack.packets);
		add_number(columns, "mchat.lack.heard", lack.heard);
		add_number(columns, "mchat.lack.first",
			coding_block_first(report->next) +
				(uint64_t)i * CODING_BLOCK);
	}
	add_item(columns, 4, 2);
	add_number(columns, "mchat.interval",
		(uint64_t)(state->interval.ns / (100 * NS_PER_MS)));
	add_item(columns, 2, (size_t)8 * state->polled_count);
	for (unsigned i = 0; i < state->polled_count; i++)
		add(columns, i == 0 ? "mchat.limiting" : "mchat.polled",
			"0x%016" PRIx64, wire_state_polled(state, i));
	add_item(columns, 0x7f, 1);
	add(columns, "mchat.extension", "2a");
}

static void add_state(struct columns *columns, const struct vector *vector,
	const uint8_t *end)
{
	const struct wire_state *state = &vector->state;
	size_t i;

	add_number(columns, "mchat.counter", state->counter);
	add_number(columns, "mchat.first", state->first);
	add_number(columns, "mchat.last", state->last);
	add_number(columns, "mchat.messages", state->messages);
	add_duration(columns, "mchat.age", state->age.age);
	add_duration(columns, "mchat.quiet", state->age.quiet);
	add_number(columns, "mchat.hop_limit", state->hop_limit);
	add_number(columns, "mchat.report_count", state->report_count);
	add_number(columns, "mchat.nick_size", state->nick_size);
	add(columns, "mchat.nick", "%.*s", (int)state->nick_size, state->nick);
	for (i = 0; i < state->report_count; i++)
		add_report(columns, &vector->reports[i]);
	if (state->held)
		add_items(columns, vector);
	else if (vector->ignored == 3)
		add(columns, "mchat.extension", "%02x%02x%02x", end[-3],
			end[-2], end[-1]);
}

static void add_fragment(struct columns *columns, const struct vector *vector)
{
	const struct wire_fragment *fragment = &vector->fragment;

	add_number(columns, "mchat.sequence", fragment->sequence);
	add_number(columns, "mchat.fragment.offset", fragment->offset);
	add_number(
		columns, "mchat.fragment.packet_size", fragment->packet_size);
	add(columns, "mchat.fragment.bytes", "%02x", WIRE_MAGIC);
}

static void add_code(struct columns *columns, const struct vector *vector)
{
	add_number(columns, "mchat.code.last", vector->code.last);
	add_number(columns, "mchat.code.first",
		coding_block_first(vector->code.last));
	add(columns, "mchat.code.sum", "0102030405060708");
}

static void print_fields(
	const struct vector *vector, const uint8_t *packet, size_t size)
{
	struct columns columns = {0};
	size_t i;

	add_header(&columns, vector, packet);
	if (vector->header.type == WIRE_DATA)
		add_data(&columns, vector);
	else if (vector->header.type == WIRE_FRAGMENT)
		add_fragment(&columns, vector);
	else if (vector->header.type == WIRE_CODE)
		add_code(&columns, vector);
	else
		add_state(&columns, vector, packet + size);
	for (i = 0; i < COUNT(names); i++)
		printf("%s%s", i > 0 ? "|" : "", columns.text[i]);
	printf("\n");
}

static void print_hex(const uint8_t *packet, size_t size)
{
	size_t i;

	printf("000000");
	for (i = 0; i < size; i++)
		printf(" %02x", packet[i]);
	printf("\n");
}

static void print_verdict(const uint8_t *packet, size_t size)
{
	bool same;
	enum wire_result result = packet_round_trip(packet, size, &same);

	printf("%s ", result == WIRE_OK         ? "ok"
		      : result == WIRE_NOT_OURS ? "plain"
						: "malformed");
	print_hex(packet, size);
}

/* Kinds that are no engine's, of which the dissector knows what they hold. */
static bool is_of_link(const uint8_t *packet)
{
	return packet[1] >> 4 == WIRE_VERSION && (packet[1] & 0x0f) >= 4 &&
	       (packet[1] & 0x0f) <= 8;
}

static void print_spoiled(uint8_t *packet, size_t size)
{
	static const uint8_t changes[] = {0x01, 0x03, 0x0f, 0x80, 0xff};
	size_t at;
	size_t i;

	for (at = 0; at < size; at++) {
		if (at > 0)
			print_verdict(packet, at);
		for (i = 0; i < COUNT(changes); i++) {
			packet[at] ^= changes[i];
			if (!is_of_link(packet))
				print_verdict(packet, size);
			packet[at] ^= changes[i];
		}
	}
}

/* Prints a packet whose last report has the origin of its first. */
static void print_twins(
	const struct vector *vector, uint8_t *packet, size_t size)
{
	uint8_t first[8];
	uint8_t last[8];
	struct writer writer;
	size_t at = size - sizeof(last);

	if (vector->state.report_count < 2)
		return;
	writer_init(&writer, first, sizeof(first));
	writer_u64(&writer, vector->reports[0].origin);
	writer_init(&writer, last, sizeof(last));
	writer_u64(&writer,
		vector->reports[vector->state.report_count - 1].origin);
	while (memcmp(packet + at, last, sizeof(last)) != 0)
		if (--at == 0)
			abort();
	memcpy(packet + at, first, sizeof(first));
	print_verdict(packet, size);
	memcpy(packet + at, last, sizeof(last));
}

static void write_file(
	const char *folder, size_t number, const uint8_t *packet, size_t size)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/vector.%zu", folder, number);
	file = fopen(path, "wb");
	if (!file || fwrite(packet, 1, size, file) != size || fclose(file)) {
		perror(path);
		exit(1);
	}
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";
	size_t i;

	for (i = 0; strcmp(what, "names") == 0 && i < COUNT(names); i++)
		puts(names[i]);
	for (i = 0; i < VECTOR_COUNT; i++) {
		uint8_t packet[WIRE_PACKET_MAX];
		size_t size = packet_from_hex(vectors[i].hex, packet);

		if (strcmp(what, "hex") == 0)
			print_hex(packet, size);
		else if (strcmp(what, "corpus") == 0 && argc > 2)
			write_file(argv[2], i, packet, size);
		else if (strcmp(what, "twins") == 0)
			print_twins(&vectors[i], packet, size);
		else if (strcmp(what, "spoiled") == 0)
			print_spoiled(packet, size);
		else if (strcmp(what, "fields") == 0)
			print_fields(&vectors[i], packet, size);
	}
	return 0;
}
