/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/wire_peer.h"

#include "mchat/base/cursor.h"
#include "mchat/protocol/wire.h"

bool wire_peer_decode(const void *bytes, size_t size, struct wire_peer *out)
{
	struct wire_peer packet;
	struct reader reader;
	uint8_t magic;
	uint8_t version_kind;

	reader_init(&reader, bytes, size);
	magic = reader_u8(&reader);
	version_kind = reader_u8(&reader);
	packet.reports = reader_u8(&reader) & WIRE_PEER_REPORTS;
	(void)reader_u8(&reader); /* reserved */
	packet.kind = (enum wire_peer_kind)(version_kind & 0x0f);
	packet.room = reader_u32(&reader);
	packet.sender = reader_u64(&reader);
	packet.value = reader_u64(&reader);
	if (reader.failed || magic != WIRE_MAGIC ||
		version_kind >> 4 != WIRE_VERSION || packet.sender == 0 ||
		packet.value == 0)
		return false;
	if (packet.kind != WIRE_PEER_CHALLENGE &&
		packet.kind != WIRE_PEER_ANSWER &&
		packet.kind != WIRE_PEER_PRUNE)
		return false;
	*out = packet;
	return true;
}

void wire_peer_encode(
	const struct wire_peer *packet, uint8_t out[WIRE_PEER_SIZE])
{
	struct writer writer;

	writer_init(&writer, out, WIRE_PEER_SIZE);
	writer_u8(&writer, WIRE_MAGIC);
	writer_u8(
		&writer, (uint8_t)(WIRE_VERSION << 4 | (unsigned)packet->kind));
	writer_u8(&writer, packet->reports ? WIRE_PEER_REPORTS : 0);
	writer_u8(&writer, 0);
	writer_u32(&writer, packet->room);
	writer_u64(&writer, packet->sender);
	writer_u64(&writer, packet->value);
}
