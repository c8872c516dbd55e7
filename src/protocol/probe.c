/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/probe.h"

#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/protocol/wire.h"

/* Types of packet; those of wire.h are the engine's. */
#define TYPE_PROBE       4
#define TYPE_PROBE_REPLY 5

/* The flag of a PROBE that is to be replied to. */
#define WANTS_REPLY 0x01

/* Reads a header as far as it is the same for all kinds of packet; 0 when it is
 * none, or its kind. */
static uint8_t read_header(
	struct reader *reader, uint8_t *flags, uint64_t *member)
{
	uint8_t magic = reader_u8(reader);
	uint8_t version_type = reader_u8(reader);

	*flags = reader_u8(reader);
	(void)reader_u8(reader);  /* reserved */
	(void)reader_u32(reader); /* it is the same in every room */
	*member = reader_u64(reader);
	return reader->failed || *member == 0 || magic != WIRE_MAGIC ||
			       version_type >> 4 != WIRE_VERSION
		       ? 0
		       : version_type & 0x0f;
}

bool probe_is_either(const void *bytes, size_t size)
{
	struct reader reader;
	uint64_t member;
	uint8_t flags;
	uint8_t type;

	reader_init(&reader, bytes, size);
	type = read_header(&reader, &flags, &member);
	return type == TYPE_PROBE || type == TYPE_PROBE_REPLY;
}

/* ---- PROBE ---- */

size_t probe_encode(const struct probe *probe, uint8_t out[PROBE_SIZE])
{
	const struct wire_header header = {
		.type = (enum wire_type)TYPE_PROBE,
		.flags = probe->wants_reply ? WANTS_REPLY : 0,
		.member = probe->member,
	};
	struct writer writer;

	memset(out, 0, PROBE_SIZE);
	writer_init(&writer, out, PROBE_SIZE);
	wire_header_encode(&writer, &header);
	writer_u8(&writer, probe->way);
	writer_u8(&writer, probe->hop_limit);
	writer_u16(&writer, probe->number);
	writer_u32(&writer, probe->interface);
	return writer.failed ? 0 : PROBE_SIZE;
}

bool probe_decode(const void *bytes, size_t size, struct probe *out)
{
	struct probe probe;
	struct reader reader;
	uint8_t flags;

	reader_init(&reader, bytes, size);
	if (size < PROBE_SIZE ||
		read_header(&reader, &flags, &probe.member) != TYPE_PROBE)
		return false;
	probe.wants_reply = flags & WANTS_REPLY;
	probe.way = reader_u8(&reader);
	probe.hop_limit = reader_u8(&reader);
	probe.number = reader_u16(&reader);
	probe.interface = reader_u32(&reader);
	*out = probe;
	return true;
}

/* ---- PROBE REPLY ---- */

size_t probe_reply_encode(
	const struct probe_reply *reply, uint8_t out[PROBE_REPLY_SIZE])
{
	const struct wire_header header = {
		.type = (enum wire_type)TYPE_PROBE_REPLY,
		.member = reply->member,
	};
	struct writer writer;

	memset(out, 0, PROBE_REPLY_SIZE);
	writer_init(&writer, out, PROBE_REPLY_SIZE);
	wire_header_encode(&writer, &header);
	writer_u64(&writer, reply->asker);
	writer_u16(&writer, reply->number);
	writer_u16(&writer, reply->size);
	writer_u32(&writer, reply->interface);
	writer_u8(&writer, reply->hop_limit);
	return writer.failed ? 0 : PROBE_REPLY_SIZE;
}

bool probe_reply_decode(const void *bytes, size_t size, struct probe_reply *out)
{
	struct probe_reply reply;
	struct reader reader;
	uint8_t flags;

	reader_init(&reader, bytes, size);
	if (size < PROBE_REPLY_SIZE ||
		read_header(&reader, &flags, &reply.member) != TYPE_PROBE_REPLY)
		return false;
	reply.asker = reader_u64(&reader);
	reply.number = reader_u16(&reader);
	reply.size = reader_u16(&reader);
	reply.interface = reader_u32(&reader);
	reply.hop_limit = reader_u8(&reader);
	*out = reply;
	return true;
}
