/* SPDX-License-Identifier: ISC */
/*
 * Packets of each kind, as bytes and as what they mean.  The bytes were written
 * by hand from mchat-protocol(7), not by the encoder.
 */
#ifndef MCHAT_TESTS_VECTORS_H
#define MCHAT_TESTS_VECTORS_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"

#define ALICE UINT64_C(0xa11ce00000000001)
#define BOB   UINT64_C(0xb0b0000000000002)
#define CAROL UINT64_C(0xca20100000000003)

struct vector_record {
	uint8_t type;
	size_t size;
	const char *bytes;
};

struct vector {
	const char *name;
	const char *hex;   /* blanks do not count */
	size_t ignored;    /* bytes at the end that a decoder passes over */
	bool has_reserved; /* bits set that are not sent today */
	struct wire_header header;
	struct wire_data data; /* without the pointers */
	size_t record_count;
	struct vector_record records[4];
	struct wire_state state; /* without the pointer to the reports */
	struct wire_report reports[2];
};

static const struct vector vectors[] = {
	{
		.name = "DATA: line, unknown, action, nick",
		.hex = "f9 11 00 00  00000000  a11ce00000000001"
		       "0000000000000007 0000000000000009 0000019aabcdef01"
		       "01 0005  68656c6c6f"
		       "7f 0003  000102"
		       "02 0006  776176657321"
		       "04 0005  616c696365",
		.header = {WIRE_DATA, 0, 0, ALICE},
		.data = {.sequence = 7, .message = 9, .time = {1763818991361}},
		.record_count = 4,
		.records = {{WIRE_LINE, 5, "hello"}, {0x7f, 3, "\0\1\2"},
			{WIRE_ACTION, 6, "waves!"}, {WIRE_NICK, 5, "alice"}},
	},
	{
		.name = "DATA: a first piece, fresh, repaired, in a room",
		.hex = "f9 11 03 00  deadbeef  b0b0000000000002"
		       "0000000000000001 0000000000000001 0000000000000000"
		       "03 0006  01 6c6f6e6720",
		.header = {WIRE_DATA, WIRE_REPAIR | WIRE_FRESH, 0xdeadbeef,
			BOB},
		.data = {.sequence = 1, .message = 1},
		.record_count = 1,
		.records = {{WIRE_PART, 6, "\1long "}},
	},
	{
		.name = "DATA: a last piece, the empty line, largest numbers",
		.hex = "f9 11 00 00  00000001  b0b0000000000002"
		       "7fffffffffffffff 7fffffffffffffff ffffffffffffffff"
		       "03 0004  06 656e64"
		       "01 0000",
		.header = {WIRE_DATA, 0, 1, BOB},
		.data = {.sequence = WIRE_SEQUENCE_MAX,
			.message = WIRE_SEQUENCE_MAX,
			.time = {-1}},
		.record_count = 2,
		.records = {{WIRE_PART, 4,
				    "\6"
				    "end"},
			{WIRE_LINE, 0, ""}},
	},
	{
		.name = "DATA: no records, unknown flags, reserved bits",
		.hex = "f9 11 f0 ff  00000000  ffffffffffffffff"
		       "0000000000000002 0000000000000001 8000000000000000",
		.has_reserved = true,
		.header = {WIRE_DATA, 0xf0, 0, UINT64_MAX},
		.data = {.sequence = 2, .message = 1, .time = {INT64_MIN}},
	},
	{
		.name = "STATE: hello, please answer",
		.hex = "f9 12 05 00  00000000  a11ce00000000001"
		       "0000000000000001"
		       "0000000000000001 0000000000000000 0000000000000000"
		       "01 00 00  05 616c696365",
		.header = {WIRE_STATE, WIRE_HELLO | WIRE_ANSWER, 0, ALICE},
		.state = {.counter = 1,
			.hop_limit = 1,
			.nick = "alice",
			.nick_size = 5,
			.first = 1},
	},
	{
		.name = "STATE: two reports, three gaps, no nick",
		.hex = "f9 12 00 00  deadbeef  b0b0000000000002"
		       "000000000000abcd"
		       "0000000000000011 0000000000000020 0000000000000050"
		       "40 7d 02  00"
		       "a11ce00000000001 0000000000000005 000000000000001e"
		       "0000001a 03  00000000 00000001  00000004 00000003"
		       "             00000010 0000000a"
		       "ca20100000000003 0000000000000001 0000000000000000"
		       "00000000 00",
		.header = {WIRE_STATE, 0, 0xdeadbeef, BOB},
		.state = {.counter = 0xabcd,
			.hop_limit = 64,
			.quiet = 125,
			.nick = "",
			.first = 17,
			.last = 32,
			.messages = 80,
			.report_count = 2},
		.reports = {{ALICE, 5, 30, 26, 3, {{5, 1}, {9, 3}, {21, 10}}},
			{CAROL, 1, 0, 0, 0, {{0, 0}}}},
	},
	{
		.name = "STATE: bye, largest numbers, longest nick",
		.hex = "f9 12 02 00  ffffffff  ca20100000000003"
		       "ffffffffffffffff"
		       "8000000000000000 7fffffffffffffff 7fffffffffffffff"
		       "ff 00 02  20 eab080eab080eab080eab080eab080eab080"
		       "eab080eab080eab080eab0802121"
		       "b0b0000000000002 8000000000000000 7fffffffffffffff"
		       "ffffffff 00"
		       "a11ce00000000001 0000000000000001 7fffffffffffffff"
		       "00000001 01  ffffffff ffffffff",
		.header = {WIRE_STATE, WIRE_BYE, UINT32_MAX, CAROL},
		.state = {.counter = UINT64_MAX,
			.hop_limit = 255,
			.nick = "가가가가가가가가가가!!",
			.nick_size = 32,
			.first = WIRE_SEQUENCE_MAX + 1,
			.last = WIRE_SEQUENCE_MAX,
			.messages = WIRE_SEQUENCE_MAX,
			.report_count = 2},
		.reports = {{BOB, WIRE_SEQUENCE_MAX + 1, WIRE_SEQUENCE_MAX,
				    UINT32_MAX, 0, {{0, 0}}},
			{ALICE, 1, WIRE_SEQUENCE_MAX, 1, 1,
				{{UINT64_C(1) + UINT32_MAX, UINT32_MAX}}}},
	},
	{
		.name = "STATE: of a later mchat, with more behind the reports",
		.hex = "f9 12 f8 ff  00000000  ca20100000000003"
		       "0000000000000002"
		       "0000000000000001 0000000000000003 0000000000000003"
		       "01 ff 01  01 63"
		       "a11ce00000000001 0000000000000003 0000000000000003"
		       "00000002 01  00000000 00000001"
		       "c0ffee",
		.ignored = 3,
		.has_reserved = true,
		.header = {WIRE_STATE, 0xf8, 0, CAROL},
		.state = {.counter = 2,
			.hop_limit = 1,
			.quiet = WIRE_QUIET_MAX,
			.nick = "c",
			.nick_size = 1,
			.first = 1,
			.last = 3,
			.messages = 3,
			.report_count = 1},
		.reports = {{ALICE, 3, 3, 2, 1, {{3, 1}}}},
	},
};

#define VECTOR_COUNT (sizeof(vectors) / sizeof(vectors[0]))

#endif
