/* SPDX-License-Identifier: ISC */
#include "mchat/base/cursor.h"

#include <string.h>

/* The bytes of the next number, or zeros when there are too few; without a
 * loop, since everything received passes here. */
static const uint8_t *number_bytes(struct reader *reader, size_t size)
{
	static const uint8_t zeros[8];
	const uint8_t *bytes = reader_bytes(reader, size);

	return bytes ? bytes : zeros;
}

static uint16_t u16_of(const uint8_t *bytes)
{
	return (uint16_t)((unsigned)bytes[0] << 8 | bytes[1]);
}

static uint32_t u32_of(const uint8_t *bytes)
{
	return (uint32_t)u16_of(bytes) << 16 | u16_of(bytes + 2);
}

uint32_t reader_u32(struct reader *reader)
{
	return u32_of(number_bytes(reader, 4));
}

uint64_t reader_u64(struct reader *reader)
{
	return cursor_u64(number_bytes(reader, 8));
}

uint64_t reader_number(struct reader *reader)
{
	uint8_t byte = reader_u8(reader);
	uint64_t value = byte & 0x7f;

	/* The first byte is none that could be left out. */
	if (byte == 0x80)
		reader->failed = true;
	while (byte & 0x80 && !reader->failed) {
		if (value > UINT64_MAX >> 7)
			reader->failed = true;
		byte = reader_u8(reader);
		value = value << 7 | (byte & 0x7f);
	}
	return reader->failed ? 0 : value;
}

void writer_init(struct writer *writer, void *bytes, size_t size)
{
	static uint8_t nothing[1];

	writer->start = size > 0 ? bytes : nothing;
	writer->at = writer->start;
	writer->end = writer->start + size;
	writer->failed = false;
}

static void write_number(struct writer *writer, uint64_t value, size_t size)
{
	uint8_t *room = writer_room(writer, size);

	while (room && size > 0) {
		room[--size] = (uint8_t)value;
		value >>= 8;
	}
}

void writer_u8(struct writer *writer, uint8_t value)
{
	write_number(writer, value, 1);
}

void writer_u16(struct writer *writer, uint16_t value)
{
	write_number(writer, value, 2);
}

void writer_u32(struct writer *writer, uint32_t value)
{
	write_number(writer, value, 4);
}

void writer_u64(struct writer *writer, uint64_t value)
{
	write_number(writer, value, 8);
}

void writer_number(struct writer *writer, uint64_t value)
{
	unsigned shift = 0;

	while (value >> shift > 0x7f)
		shift += 7;
	for (; shift > 0; shift -= 7)
		writer_u8(writer, (uint8_t)(value >> shift | 0x80));
	writer_u8(writer, value & 0x7f);
}

void writer_bytes(struct writer *writer, const void *bytes, size_t size)
{
	uint8_t *room = writer_room(writer, size);

	if (room && size > 0)
		memcpy(room, bytes, size);
}
