/* SPDX-License-Identifier: ISC */
/*
 * Cursors over bytes: the only way to read and write packets.  Numbers are
 * big-endian.  Going past the end is sticky: whatever follows reads as zero or
 * writes nothing, so that a decoder checks only once.
 *
 * The short reads are inline, and what a line that is sent takes of a writer:
 * everything passes through them, and as calls they took two thirds of a
 * receiver's time.  The longer numbers, of which a packet has few, are not:
 * that would cost 8 KiB.
 */
#ifndef MCHAT_BASE_CURSOR_H
#define MCHAT_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader {
	const uint8_t *at;
	const uint8_t *end;
	bool failed; /* something did not fit */
};

static inline void reader_init(
	struct reader *reader, const void *bytes, size_t size)
{
	static const uint8_t nothing[1];

	/* Even an offset of 0 from NULL is undefined. */
	reader->at = size > 0 ? bytes : nothing;
	reader->end = reader->at + size;
	reader->failed = false;
}

static inline size_t reader_left(const struct reader *reader)
{
	return (size_t)(reader->end - reader->at);
}

/* The next `size` bytes, in place; NULL, and failed, when there are fewer. */
static inline const uint8_t *reader_bytes(struct reader *reader, size_t size)
{
	const uint8_t *bytes = reader->at;

	if (reader->failed || size > reader_left(reader)) {
		reader->failed = true;
		reader->at = reader->end;
		return NULL;
	}
	reader->at += size;
	return bytes;
}

static inline uint8_t reader_u8(struct reader *reader)
{
	const uint8_t *bytes = reader_bytes(reader, 1);

	return bytes ? bytes[0] : 0;
}

static inline uint16_t reader_u16(struct reader *reader)
{
	const uint8_t *bytes = reader_bytes(reader, 2);

	return bytes ? (uint16_t)((unsigned)bytes[0] << 8 | bytes[1]) : 0;
}

/* The number that eight bytes are. */
static inline uint64_t cursor_u64(const uint8_t *bytes)
{
	return (uint64_t)bytes[0] << 56 | (uint64_t)bytes[1] << 48 |
	       (uint64_t)bytes[2] << 40 | (uint64_t)bytes[3] << 32 |
	       (uint64_t)bytes[4] << 24 | (uint64_t)bytes[5] << 16 |
	       (uint64_t)bytes[6] << 8 | bytes[7];
}

uint32_t reader_u32(struct reader *reader);
uint64_t reader_u64(struct reader *reader);

/* A number that is as long as it needs to be: seven bits a byte, the most
 * significant first, and the top bit of each but the last is set.  One that is
 * longer than that, or has more than 64 bits, is as one that does not fit. */
uint64_t reader_number(struct reader *reader);

#define CURSOR_NUMBER_MAX 10 /* bytes of the longest */

struct writer {
	uint8_t *start;
	uint8_t *at;
	uint8_t *end;
	bool failed; /* something did not fit */
};

void writer_init(struct writer *writer, void *bytes, size_t size);

/* Written so far. */
static inline size_t writer_size(const struct writer *writer)
{
	return (size_t)(writer->at - writer->start);
}

static inline size_t writer_left(const struct writer *writer)
{
	return writer->failed ? 0 : (size_t)(writer->end - writer->at);
}

/* Room for `size` bytes, which count as written and are to be filled in; NULL,
 * and failed, when there is less. */
static inline uint8_t *writer_room(struct writer *writer, size_t size)
{
	uint8_t *room = writer->at;

	if (writer->failed || size > writer_left(writer)) {
		writer->failed = true;
		return NULL;
	}
	writer->at += size;
	return room;
}

void writer_u8(struct writer *writer, uint8_t value);
void writer_u16(struct writer *writer, uint16_t value);
void writer_u32(struct writer *writer, uint32_t value);
void writer_u64(struct writer *writer, uint64_t value);
void writer_number(struct writer *writer, uint64_t value);
void writer_bytes(struct writer *writer, const void *bytes, size_t size);

#endif
