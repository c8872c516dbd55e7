/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/probe.h"

#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/protocol/wire.h"

/* Types of packet; those of wire.h are the engine's. */
#define TYPE_PROBE       4
#define TYPE_PROBE_REPLY 5

/* The flags of a PROBE: it is to be replied to, and with members. */
#define WANTS_REPLY   0x01
#define WANTS_MEMBERS 0x02

/* The flag of a reply by another doctor. */
#define IS_DOCTOR 0x01

#define ADDRESS_BYTES 16

/* Reads a header; whether it is one of this type.  The room does not count:
 * the doctor speaks to all. */
static bool read_header(
	struct reader *reader, unsigned type, struct wire_header *out)
{
	return wire_any_header_decode(reader, out) == WIRE_OK &&
	       (unsigned)out->type == type;
}

bool probe_is_either(const void *bytes, size_t size)
{
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, bytes, size);
	return wire_any_header_decode(&reader, &header) == WIRE_OK &&
	       (header.type == (enum wire_type)TYPE_PROBE ||
		       header.type == (enum wire_type)TYPE_PROBE_REPLY);
}

/* ---- addresses ---- */

/* IPv4 is mapped into IPv6. */
static void write_address(struct writer *writer, const struct address *address)
{
	struct address copy = *address;

	address_map(&copy);
	writer_bytes(writer, copy.bytes, ADDRESS_BYTES);
}

static struct address read_address(struct reader *reader)
{
	struct address address = {.family = ADDRESS_IPV6};

	for (size_t i = 0; i < ADDRESS_BYTES; i++)
		address.bytes[i] = reader_u8(reader);
	address_unmap(&address);
	return address;
}

/* ---- PROBE ---- */

size_t probe_encode(const struct probe *probe, uint8_t out[PROBE_SIZE])
{
	const struct wire_header header = {
		.type = (enum wire_type)TYPE_PROBE,
		.flags = (uint8_t)((probe->wants_reply ? WANTS_REPLY : 0) |
				   (probe->wants_members ? WANTS_MEMBERS : 0)),
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
	write_address(&writer, &probe->group);
	return writer.failed ? 0 : PROBE_SIZE;
}

bool probe_decode(const void *bytes, size_t size, struct probe *out)
{
	struct probe probe;
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, bytes, size);
	if (size < PROBE_SIZE || !read_header(&reader, TYPE_PROBE, &header))
		return false;
	probe.member = header.member;
	probe.wants_reply = header.flags & WANTS_REPLY;
	probe.wants_members = header.flags & WANTS_MEMBERS;
	probe.way = reader_u8(&reader);
	probe.hop_limit = reader_u8(&reader);
	probe.number = reader_u16(&reader);
	probe.interface = reader_u32(&reader);
	probe.group = read_address(&reader);
	*out = probe;
	return true;
}

/* ---- PROBE REPLY ---- */

static void write_member(
	struct writer *writer, const struct probe_member *member)
{
	writer_u64(writer, member->id);
	write_address(writer, &member->address);
	writer_u32(writer, member->age_ms);
}

size_t probe_reply_encode(const struct probe_reply *reply,
	const struct probe_member *members, uint8_t out[PROBE_REPLY_MAX])
{
	const struct wire_header header = {
		.type = (enum wire_type)TYPE_PROBE_REPLY,
		.flags = reply->is_doctor ? IS_DOCTOR : 0,
		.member = reply->member,
	};
	size_t size =
		PROBE_REPLY_SIZE + (size_t)reply->members * PROBE_MEMBER_SIZE;
	struct writer writer;

	if (reply->members > PROBE_MEMBERS_MAX)
		return 0;
	memset(out, 0, size);
	writer_init(&writer, out, PROBE_REPLY_SIZE);
	wire_header_encode(&writer, &header);
	writer_u64(&writer, reply->asker);
	writer_u16(&writer, reply->number);
	writer_u16(&writer, reply->size);
	writer_u32(&writer, reply->interface);
	writer_u8(&writer, reply->hop_limit);
	writer_u8(&writer, reply->members);
	writer_u16(&writer, 0); /* reserved */
	writer_u32(&writer, reply->host);
	writer_u32(&writer, reply->joined_s);
	if (writer.failed)
		return 0;
	writer_init(&writer, out + PROBE_REPLY_SIZE, size - PROBE_REPLY_SIZE);
	for (size_t i = 0; i < reply->members; i++)
		write_member(&writer, &members[i]);
	return writer.failed ? 0 : size;
}

bool probe_reply_decode(const void *bytes, size_t size, struct probe_reply *out)
{
	struct probe_reply reply;
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, bytes, size);
	if (size < PROBE_REPLY_SIZE ||
		!read_header(&reader, TYPE_PROBE_REPLY, &header))
		return false;
	reply.member = header.member;
	reply.is_doctor = header.flags & IS_DOCTOR;
	reply.asker = reader_u64(&reader);
	reply.number = reader_u16(&reader);
	reply.size = reader_u16(&reader);
	reply.interface = reader_u32(&reader);
	reply.hop_limit = reader_u8(&reader);
	reply.members = reader_u8(&reader);
	(void)reader_u16(&reader); /* reserved */
	reply.host = reader_u32(&reader);
	reply.joined_s = reader_u32(&reader);
	if (reply.members > PROBE_MEMBERS_MAX ||
		size - PROBE_REPLY_SIZE <
			(size_t)reply.members * PROBE_MEMBER_SIZE)
		return false;
	*out = reply;
	return true;
}

bool probe_member_at(
	const void *bytes, size_t size, size_t index, struct probe_member *out)
{
	struct probe_member member;
	struct probe_reply reply;
	struct reader reader;

	if (!probe_reply_decode(bytes, size, &reply) || index >= reply.members)
		return false;
	reader_init(&reader,
		(const uint8_t *)bytes + PROBE_REPLY_SIZE +
			index * PROBE_MEMBER_SIZE,
		PROBE_MEMBER_SIZE);
	member.id = reader_u64(&reader);
	member.address = read_address(&reader);
	member.age_ms = reader_u32(&reader);
	*out = member;
	return true;
}
