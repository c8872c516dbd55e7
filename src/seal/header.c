/* SPDX-License-Identifier: ISC */
#include "mchat/seal/header.h"

#include "mchat/base/cursor.h"

/* The first byte of all packets of mchat: no text in UTF-8 begins so. */
#define MAGIC 0xf9

#define NUMBER_BITS 40
#define GUARD_MASK  0xffffff

void seal_header_write(
	const struct seal_header *header, uint8_t out[SEAL_HEADER_SIZE])
{
	uint64_t guard = header->guard & GUARD_MASK;
	struct writer writer;

	writer_init(&writer, out, SEAL_HEADER_SIZE);
	writer_u8(&writer, MAGIC);
	writer_u8(&writer, (uint8_t)(SEAL_VERSION << 4 | (int)header->kind));
	writer_u16(&writer, header->tag);
	writer_u32(&writer, header->time);
	writer_u64(&writer, header->session);
	writer_u64(&writer,
		guard << NUMBER_BITS | (header->number & SEAL_NUMBER_MAX));
}

enum seal_header_result seal_header_read(
	const void *datagram, size_t size, struct seal_header *out)
{
	struct reader reader;
	uint8_t magic;
	uint8_t form;
	unsigned kind;
	uint64_t last;

	reader_init(&reader, datagram, size);
	magic = reader_u8(&reader);
	form = reader_u8(&reader);
	kind = form & 15;
	if (reader.failed || magic != MAGIC || form >> 4 != SEAL_VERSION)
		return SEAL_HEADER_PLAIN;
	if (kind < SEAL_PACKET || kind > SEAL_RESPONSE ||
		size < SEAL_DATAGRAM_MIN || size > SEAL_DATAGRAM_MAX)
		return SEAL_HEADER_LATER;
	out->kind = (enum seal_kind)kind;
	out->tag = reader_u16(&reader);
	out->time = reader_u32(&reader);
	out->session = reader_u64(&reader);
	last = reader_u64(&reader);
	out->guard = (uint32_t)(last >> NUMBER_BITS);
	out->number = last & SEAL_NUMBER_MAX;
	return SEAL_HEADER_OK;
}
