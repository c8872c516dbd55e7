/* SPDX-License-Identifier: ISC */
/*
 * Cursors over bytes: the only way to read and write packets.  Numbers are
 * big-endian.  Going past the end is sticky: all that follows reads as zero or
 * writes nothing, so that a decoder checks once.
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

void reader_init(struct reader *reader, const void *bytes, size_t size);
size_t reader_left(const struct reader *reader);
uint8_t reader_u8(struct reader *reader);
uint16_t reader_u16(struct reader *reader);
uint32_t reader_u32(struct reader *reader);
uint64_t reader_u64(struct reader *reader);

/* The next `size` bytes, in place; NULL, and failed, when there are fewer. */
const uint8_t *reader_bytes(struct reader *reader, size_t size);

struct writer {
	uint8_t *start;
	uint8_t *at;
	uint8_t *end;
	bool failed; /* something did not fit */
};

void writer_init(struct writer *writer, void *bytes, size_t size);
size_t writer_size(const struct writer *writer); /* written so far */
size_t writer_left(const struct writer *writer);
void writer_u8(struct writer *writer, uint8_t value);
void writer_u16(struct writer *writer, uint16_t value);
void writer_u32(struct writer *writer, uint32_t value);
void writer_u64(struct writer *writer, uint64_t value);
void writer_bytes(struct writer *writer, const void *bytes, size_t size);

#endif
