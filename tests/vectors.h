/* SPDX-License-Identifier: ISC */
/*
 * Packets of each kind, as bytes and as what they mean.  The bytes were written
 * by hand from mchat-protocol(7), not by the encoder.
 */
#ifndef MCHAT_TESTS_VECTORS_H
#define MCHAT_TESTS_VECTORS_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/record.h"
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
	struct wire_state state; /* without the pointer to the reports; items
				  * that it has are among `ignored` */
	struct wire_report reports[2];
	struct wire_fragment fragment; /* of one byte, WIRE_MAGIC */
	struct wire_code code;
};

/* An age in whole milliseconds. */
#define VECTOR_MS(ms)                                                          \
	{                                                                      \
		(ms) * NS_PER_MS                                               \
	}
#define VECTOR_AGE(age, quiet)                                                 \
	{                                                                      \
		VECTOR_MS(age), VECTOR_MS(quiet)                               \
	}

static const struct vector vectors[] = {
	{
		.name = "DATA: line, unknown, action, nick",
		.hex = "f9 11 00 00  00000000  a11ce00000000001"
		       "0000000000000007 0000000000000009 0000019aabcdef01"
		       "0000012345 000678"
		       "01 0005  68656c6c6f"
		       "7f 0003  000102"
		       "02 0006  776176657321"
		       "04 0005  616c696365",
		.header = {WIRE_DATA, 0, 0, ALICE, 0},
		.data = {.sequence = 7,
			.message = 9,
			.time = {1763818991361},
			.sent = VECTOR_AGE(0x12345, 0x678),
			.ends = 2},
		.record_count = 4,
		.records = {{RECORD_LINE, 5, "hello"}, {0x7f, 3, "\0\1\2"},
			{RECORD_ACTION, 6, "waves!"},
			{RECORD_NICK, 5, "alice"}},
	},
	{
		.name = "DATA: a first piece, repaired, in a room, the least "
			"age",
		.hex = "f9 11 01 00  deadbeef  b0b0000000000002"
		       "0000000000000001 0000000000000001 0000000000000000"
		       "0000000000 ffffff"
		       "03 0006  01 6c6f6e6720",
		.header = {WIRE_DATA, WIRE_REPAIR, 0xdeadbeef, BOB, 0},
		.data = {.sequence = 1,
			.message = 1,
			.sent = VECTOR_AGE(0, WIRE_QUIET_MAX_MS)},
		.record_count = 1,
		.records = {{RECORD_PART, 6, "\1long "}},
	},
	{
		.name = "DATA: a last piece, the empty line, largest numbers",
		.hex = "f9 11 00 00  00000001  b0b0000000000002"
		       "7fffffffffffffff 7ffffffffffffffe ffffffffffffffff"
		       "ffffffffff ffffff"
		       "03 0004  06 656e64"
		       "01 0000",
		.header = {WIRE_DATA, 0, 1, BOB, 0},
		.data = {.sequence = WIRE_SEQUENCE_MAX,
			.message = WIRE_SEQUENCE_MAX - 1,
			.time = {-1},
			.sent = VECTOR_AGE(WIRE_AGE_MAX_MS, WIRE_QUIET_MAX_MS),
			.ends = 2},
		.record_count = 2,
		.records = {{RECORD_PART, 4,
				    "\6"
				    "end"},
			{RECORD_LINE, 0, ""}},
	},
	{
		.name = "DATA: no records, unknown flags, reserved bits",
		.hex = "f9 11 fe ff  00000000  ffffffffffffffff"
		       "0000000000000002 0000000000000001 8000000000000000"
		       "ffffffffff 000000",
		.has_reserved = true,
		.header = {WIRE_DATA, 0xfe, 0, UINT64_MAX, 0},
		.data = {.sequence = 2,
			.message = 1,
			.time = {INT64_MIN},
			.sent = VECTOR_AGE(WIRE_AGE_MAX_MS, 0)},
	},
	{
		.name = "STATE: hello, please answer",
		.hex = "f9 1a 05 00  00000000  a11ce00000000001"
		       "01  01 00 00  01 00"
		       "01 00  05 616c696365",
		.header = {WIRE_STATE, WIRE_HELLO | WIRE_ANSWER, 0, ALICE, 0},
		.state = {.counter = 1,
			.hop_limit = 1,
			.age = VECTOR_AGE(1, WIRE_QUIET_MAX_MS),
			.nick = "alice",
			.nick_size = 5,
			.first = 1},
	},
	{
		.name = "STATE: two reports, three gaps, no nick",
		.hex = "f9 1a 00 00  deadbeef  b0b0000000000002"
		       "82d74d  11 20 50  90908c8805 988e09"
		       "40 02  00"
		       "a11ce00000000001 01 03  05 1e 33"
		       "a098908a06 9c900a 1a  00 01  03 03  09 0a"
		       "ca20100000000003 00 00  01 00 00 01 00",
		.header = {WIRE_STATE, 0, 0xdeadbeef, BOB, 0},
		.state = {.counter = 0xabcd,
			.age = VECTOR_AGE(0x102030405, 0x60708),
			.hop_limit = 64,
			.nick = "",
			.first = 17,
			.last = 32,
			.messages = 80,
			.report_count = 2},
		.reports = {{.origin = ALICE,
				    .next = 5,
				    .known = 30,
				    .messages = 51,
				    .age = VECTOR_AGE(0x203040506, 0x70809),
				    .received = 26,
				    .flags = WIRE_REPORT_COUNTED,
				    .gap_count = 3,
				    .gaps = {{5, 1}, {9, 3}, {21, 10}}},
			{.origin = CAROL, .next = 1}},
	},
	{
		.name = "STATE: bye, largest numbers, longest nick",
		.hex = "f9 1a 02 00  ffffffff  ca20100000000003"
		       "81ffffffffffffffff7f"
		       "81808080808080808000 ffffffffffffffff7f"
		       "ffffffffffffffff7f 9fffffffff7f 01"
		       "ff 02  20 eab080eab080eab080eab080eab080eab080"
		       "eab080eab080eab080eab0802121"
		       "b0b0000000000002 01 00 81808080808080808000"
		       "ffffffffffffffff7f ffffffffffffffff7f"
		       "9fffffffff7f 00 8fffffff7f"
		       "a11ce00000000001 00 01  01 ffffffffffffffff7f"
		       "9fffffffff7f 01 01 8fffffff7f 8fffffff7f",
		.header = {WIRE_STATE, WIRE_BYE, UINT32_MAX, CAROL, 0},
		.state = {.counter = UINT64_MAX,
			.age = VECTOR_AGE(WIRE_AGE_MAX_MS, 0),
			.hop_limit = 255,
			.nick = "가가가가가가가가가가!!",
			.nick_size = 32,
			.first = WIRE_SEQUENCE_MAX + 1,
			.last = WIRE_SEQUENCE_MAX,
			.messages = WIRE_SEQUENCE_MAX,
			.report_count = 2},
		.reports = {{.origin = BOB,
				    .next = WIRE_SEQUENCE_MAX + 1,
				    .known = WIRE_SEQUENCE_MAX,
				    .messages = WIRE_SEQUENCE_MAX,
				    .age = VECTOR_AGE(
					    WIRE_AGE_MAX_MS, WIRE_QUIET_MAX_MS),
				    .received = UINT32_MAX,
				    .flags = WIRE_REPORT_COUNTED},
			{.origin = ALICE,
				.next = 1,
				.known = WIRE_SEQUENCE_MAX,
				.age = VECTOR_AGE(WIRE_AGE_MAX_MS, 0),
				.received = 1,
				.gap_count = 1,
				.gaps = {{UINT64_C(1) + UINT32_MAX,
					UINT32_MAX}}}},
	},
	{
		.name = "STATE: of a later mchat, with more behind the reports",
		.hex = "f9 1a f0 ff  00000000  ca20100000000003"
		       "02  01 03 03  02 02"
		       "01 01  01 63"
		       "a11ce00000000001 f8 01  03 03 04 04 02  00 01"
		       "c0ffee",
		.ignored = 3,
		.has_reserved = true,
		.header = {WIRE_STATE, 0xf0, 0, CAROL, 0},
		.state = {.counter = 2,
			.age = VECTOR_AGE(2, 1),
			.hop_limit = 1,
			.nick = "c",
			.nick_size = 1,
			.first = 1,
			.last = 3,
			.messages = 3,
			.report_count = 1},
		.reports = {{.origin = ALICE,
			.next = 3,
			.known = 3,
			.age = VECTOR_AGE(4, 3),
			.received = 2,
			.flags = 0xf8,
			.gap_count = 1,
			.gaps = {{3, 1}}}},
	},
	{
		.name = "DATA: pieces that end a message and pieces that do "
			"not",
		.hex = "f9 11 00 00  00000000  ca20100000000003"
		       "0000000000000003 0000000000000002 0000019aabcdef01"
		       "0000000000 000000"
		       "03 0002  01 61"
		       "03 0001  00"
		       "03 0002  02 62"
		       "03 0002  07 63",
		.header = {WIRE_DATA, 0, 0, CAROL, 0},
		.data = {.sequence = 3,
			.message = 2,
			.time = {1763818991361},
			.ends = 2},
		.record_count = 4,
		.records = {{RECORD_PART, 2, "\1a"}, {RECORD_PART, 1, "\0"},
			{RECORD_PART, 2, "\2b"}, {RECORD_PART, 2, "\7c"}},
	},
	{
		.name = "STATE: full, and what is owed",
		.hex = "f9 1a 08 00  00000000  b0b0000000000002"
		       "03  01 04 09  85f1c24e 87ffff7f"
		       "20 02  03 626f62"
		       "a11ce00000000001 06 01  02 04 10 11 01"
		       "01  01 02"
		       "ca20100000000003 0b 00  06 05 07"
		       "85f1c24f 00 05 ffffffffffffffff7f",
		.header = {WIRE_STATE, WIRE_FULL, 0, BOB, 0},
		.state = {.counter = 3,
			.age = VECTOR_AGE(12345678, WIRE_QUIET_MAX_MS - 1),
			.hop_limit = 32,
			.nick = "bob",
			.nick_size = 3,
			.first = 1,
			.last = 4,
			.messages = 9,
			.report_count = 2},
		.reports =
			{{.origin = ALICE,
				 .next = 2,
				 .known = 4,
				 .age =
					 VECTOR_AGE(16, 16),
				 .received = 1,
				 .flags = WIRE_REPORT_OWED | WIRE_REPORT_COUNTS,
				 .owed = 1,
				 .gap_count = 1,
				 .gaps = {{3, 2}}},
				{.origin = CAROL,
					.next = 6,
					.known = 5,
					.messages = 7,
					.age =
						VECTOR_AGE(12345679,
							WIRE_QUIET_MAX_MS),
					.received = 5,
					.flags = WIRE_REPORT_COUNTED |
						 WIRE_REPORT_OWED |
						 WIRE_REPORT_LOST,
					.owed = WIRE_SEQUENCE_MAX}},
	},
	{
		.name = "FRAGMENT: the last byte of a packet, in a room",
		.hex = "f9 13 00 00  deadbeef  a11ce00000000001"
		       "7fffffffffffffff 03c0 03c1  f9",
		.header = {WIRE_FRAGMENT, 0, 0xdeadbeef, ALICE, 0},
		.fragment = {.sequence = WIRE_SEQUENCE_MAX,
			.offset = 960,
			.packet_size = 961,
			.size = 1},
	},
	{
		.name = "STATE: held, lacked, an interval, polled, unknown",
		.hex = "f9 1a 00 00  00000000  b0b0000000000002"
		       "04  01 00 00  8200 00"
		       "01 02  03 626f62"
		       "a11ce00000000001 01 00  3e 8102 8102"
		       "a000 02 7f"
		       "ca20100000000003 00 00  01 00 00 01 00"
		       "01 04  0271 ffff"
		       "03 05  00  02 01  01 00"
		       "04 02  0019"
		       "02 10  ca20100000000003 a11ce00000000001"
		       "7f 01  2a",
		.ignored = 6 + 7 + 4 + 18 + 3,
		.header = {WIRE_STATE, 0, 0, BOB, 0},
		.state = {.counter = 4,
			.age = VECTOR_AGE(0x100, WIRE_QUIET_MAX_MS),
			.hop_limit = 1,
			.nick = "bob",
			.nick_size = 3,
			.first = 1,
			.report_count = 2,
			.held = (const uint8_t *)"\x02\x71\xff\xff",
			.lacks = {{0, 2, (const uint8_t *)"\2\1\1\0"}},
			.lacks_count = 1,
			.interval = VECTOR_MS(2500),
			.polled = (const uint8_t *)"\xca\x20\x10\0\0\0\0\3"
						   "\xa1\x1c\xe0\0\0\0\0\1",
			.polled_count = 2},
		.reports = {{.origin = ALICE,
				    .next = 62,
				    .known = 130,
				    .messages = 130,
				    .age = VECTOR_AGE(0x1000, 1),
				    .received = 127,
				    .flags = WIRE_REPORT_COUNTED},
			{.origin = CAROL, .next = 1}},
	},
	{
		.name = "CODE: another member's, the least sum, of the last "
			"block",
		.hex = "f9 19 00 bf  deadbeef  a11ce00000000001"
		       "7fffffffffffffff 0102030405060708",
		.header = {WIRE_CODE, 0, 0xdeadbeef, ALICE, 191},
		.code = {.last = WIRE_SEQUENCE_MAX,
			.sum = (const uint8_t *)"\1\2\3\4\5\6\7\x08",
			.size = 8},
	},
};

#define VECTOR_COUNT (sizeof(vectors) / sizeof(vectors[0]))

#endif
