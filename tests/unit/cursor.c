/* SPDX-License-Identifier: ISC */
/* Cursors: big-endian both ways, bounds to the byte, a failure that sticks. */
#include "mchat/base/cursor.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"

/* One number of each width, in order: 15 bytes. */
static const uint8_t numbers[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd,
	0xef, 0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc};

static void *allocate(size_t size)
{
	void *bytes = malloc(size > 0 ? size : 1);

	if (!bytes)
		abort();
	return bytes;
}

static void reads_numbers(void)
{
	struct reader reader;

	reader_init(&reader, numbers, sizeof(numbers));
	tap_is_int(reader_u8(&reader), 0x01, "u8");
	tap_is_int(reader_u16(&reader), 0x2345, "u16");
	tap_is_int(reader_u32(&reader), 0x6789abcd, "u32");
	tap_is_int((intmax_t)(reader_u64(&reader) ^ 0xef10325476980000), 0xbadc,
		"u64");
	tap_is_int((intmax_t)reader_left(&reader), 0,
		"no byte is left after the numbers");
	tap_ok(!reader.failed, "every number could be read");
}

static void writes_numbers(void)
{
	uint8_t *bytes = allocate(sizeof(numbers));
	struct writer writer;

	writer_init(&writer, bytes, sizeof(numbers));
	writer_u8(&writer, 0x01);
	writer_u16(&writer, 0x2345);
	writer_u32(&writer, 0x6789abcd);
	tap_is_int(
		(intmax_t)writer_size(&writer), 7, "the size written so far");
	tap_is_int((intmax_t)writer_left(&writer), 8, "the room that is left");
	writer_u64(&writer, UINT64_C(0xef1032547698badc));
	tap_ok(!writer.failed, "every number fits");
	tap_is_bytes(bytes, writer_size(&writer), numbers, sizeof(numbers),
		"numbers are written big-endian");
	free(bytes);
}

/* Takes a number of `size` bytes, or `size` bytes. */
static uint64_t read_one(struct reader *reader, size_t size, bool as_bytes)
{
	const uint8_t *bytes;

	if (as_bytes) {
		bytes = reader_bytes(reader, size);
		return bytes ? *bytes : 0;
	}
	return size == 1   ? reader_u8(reader)
	       : size == 2 ? reader_u16(reader)
	       : size == 4 ? reader_u32(reader)
			   : reader_u64(reader);
}

static void write_one(struct writer *writer, size_t size, bool as_bytes)
{
	if (as_bytes)
		writer_bytes(writer, "\xff\xff\xff\xff\xff\xff\xff\xff", size);
	else if (size == 1)
		writer_u8(writer, UINT8_MAX);
	else if (size == 2)
		writer_u16(writer, UINT16_MAX);
	else if (size == 4)
		writer_u32(writer, UINT32_MAX);
	else
		writer_u64(writer, UINT64_MAX);
}

/* Reads and writes something of `size` bytes where there are only `room`. */
static void too_short(size_t size, size_t room, bool as_bytes)
{
	uint8_t *bytes = allocate(room);
	struct reader reader;
	struct writer writer;

	memset(bytes, 0x5a, room);
	reader_init(&reader, bytes, room);
	tap_is_int((intmax_t)read_one(&reader, size, as_bytes), 0,
		"what does not fit reads as 0");
	tap_ok(reader.failed, "%zu of %zu bytes: the reader failed", size,
		room);
	tap_ok(reader_left(&reader) == 0 && reader_u8(&reader) == 0 &&
			!reader_bytes(&reader, 0) && reader.failed,
		"a reader that failed stays so");

	writer_init(&writer, bytes, room);
	write_one(&writer, size, as_bytes);
	tap_ok(writer.failed && writer_size(&writer) == 0 &&
			writer_left(&writer) == 0,
		"%zu in %zu bytes: the writer failed", size, room);
	writer_u8(&writer, 1);
	writer_bytes(&writer, "", 0);
	tap_ok(writer.failed && writer_size(&writer) == 0,
		"a writer that failed stays so");
	while (room > 0 && bytes[room - 1] == 0x5a)
		room--;
	tap_is_int(
		(intmax_t)room, 0, "a writer that failed has written nothing");
	free(bytes);
}

static void nothing_at_all(void)
{
	struct reader reader;
	struct writer writer;

	reader_init(&reader, NULL, 0);
	tap_ok(reader_left(&reader) == 0 && reader_bytes(&reader, 0) &&
			!reader.failed,
		"0 bytes can be read of nothing");
	tap_ok(!reader_bytes(&reader, SIZE_MAX) && reader.failed,
		"SIZE_MAX bytes cannot be read of nothing");
	writer_init(&writer, NULL, 0);
	writer_bytes(&writer, NULL, 0);
	tap_ok(!writer.failed && writer_size(&writer) == 0,
		"0 bytes can be written into nothing");
	writer_bytes(&writer, "", SIZE_MAX);
	tap_ok(writer.failed, "SIZE_MAX bytes cannot be written into nothing");
}

/* Random numbers of random widths come back. */
static void any_numbers(void)
{
	static const size_t sizes[] = {1, 2, 4, 8};
	uint8_t bytes[64];
	uint64_t values[64];
	size_t widths[64];
	size_t wrong = 0;
	int run;

	random_restart();
	for (run = 0; run < 1000; run++) {
		struct writer writer;
		struct reader reader;
		size_t count = 0;
		size_t i;

		writer_init(&writer, bytes, sizeof(bytes));
		while (writer_left(&writer) >= 8) {
			size_t width = sizes[random_below(4)];

			widths[count] = width;
			values[count] = random_next() >> (64 - 8 * width);
			if (width == 1)
				writer_u8(&writer, (uint8_t)values[count]);
			else if (width == 2)
				writer_u16(&writer, (uint16_t)values[count]);
			else if (width == 4)
				writer_u32(&writer, (uint32_t)values[count]);
			else
				writer_u64(&writer, values[count]);
			count++;
		}
		reader_init(&reader, bytes, writer_size(&writer));
		for (i = 0; i < count; i++)
			wrong += read_one(&reader, widths[i], false) !=
				 values[i];
		wrong += reader.failed || reader_left(&reader) != 0;
	}
	if (!tap_is_int((intmax_t)wrong, 0,
		    "random numbers are read back as they were written"))
		tap_note("SEED=%ju", (uintmax_t)random_seed());
}

/* Numbers of as many bytes as they need. */
static void variable_numbers(void)
{
	static const struct {
		uint64_t value;
		const char *bytes;
		size_t size;
	} rows[] = {
		{0, "\x00", 1},
		{1, "\x01", 1},
		{127, "\x7f", 1},
		{128, "\x81\x00", 2},
		{16383, "\xff\x7f", 2},
		{16384, "\x81\x80\x00", 3},
		{UINT64_C(1) << 62, "\xc0\x80\x80\x80\x80\x80\x80\x80\x00", 9},
		{UINT64_C(1) << 63, "\x81\x80\x80\x80\x80\x80\x80\x80\x80\x00",
			10},
		{UINT64_MAX, "\x81\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t bytes[CURSOR_NUMBER_MAX];
		struct writer writer;
		struct reader reader;

		writer_init(&writer, bytes, rows[i].size);
		writer_number(&writer, rows[i].value);
		tap_is_bytes(bytes, writer_size(&writer), rows[i].bytes,
			rows[i].size, "a number takes as little as it can");
		tap_ok(!writer.failed, "a number fits");
		reader_init(&reader, bytes, rows[i].size);
		tap_ok(reader_number(&reader) == rows[i].value &&
				!reader.failed && reader_left(&reader) == 0,
			"a number is read");
		reader_init(&reader, bytes, rows[i].size - 1);
		tap_ok(reader_number(&reader) == 0 && reader.failed,
			"a number that is cut off is none");
		writer_init(&writer, bytes, rows[i].size - 1);
		writer_number(&writer, rows[i].value);
		tap_ok(writer.failed, "a number without room is not written");
	}
}

/* What no writer makes. */
static void wrong_numbers(void)
{
	static const struct {
		const char *bytes;
		size_t size;
	} rows[] = {
		{"\x80\x00", 2},
		{"\x80\x01", 2},
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11},
		{"\x82\x80\x80\x80\x80\x80\x80\x80\x80\x00", 10},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10},
		{"\x81\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reader reader;

		reader_init(&reader, rows[i].bytes, rows[i].size);
		tap_ok(reader_number(&reader) == 0 && reader.failed,
			"a number that is too long, or too large, is none");
	}
}

int main(void)
{
	static const size_t sizes[] = {1, 2, 4, 8};
	size_t i;
	size_t room;

	reads_numbers();
	writes_numbers();
	nothing_at_all();
	for (i = 0; i < 4; i++) {
		for (room = 0; room < sizes[i]; room++) {
			too_short(sizes[i], room, false);
			too_short(sizes[i], room, true);
		}
	}
	any_numbers();
	variable_numbers();
	wrong_numbers();
	return tap_done();
}
