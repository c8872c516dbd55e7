/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/wire_peer.h"

#include "mchat/base/cursor.h"
#include "mchat/protocol/wire.h"

static bool is_kind(unsigned kind)
{
	return kind == WIRE_PEER_CHALLENGE || kind == WIRE_PEER_ANSWER ||
	       kind == WIRE_PEER_PRUNE;
}

bool wire_peer_decode(const void *bytes, size_t size, struct wire_peer *out)
{
	struct wire_header header;
	struct reader reader;
	uint64_t value;

	reader_init(&reader, bytes, size);
	if (wire_any_header_decode(&reader, &header) != WIRE_OK ||
		!is_kind((unsigned)header.type))
		return false;
	value = reader_u64(&reader);
	if (reader.failed || value == 0)
		return false;
	*out = (struct wire_peer){
		.kind = (enum wire_peer_kind)header.type,
		.room = header.room,
		.sender = header.member,
		.value = value,
		.reports = header.flags & WIRE_PEER_REPORTS,
	};
	return true;
}

void wire_peer_encode(
	const struct wire_peer *packet, uint8_t out[WIRE_PEER_SIZE])
{
	const struct wire_header header = {
		.type = (enum wire_type)packet->kind,
		.flags = packet->reports ? WIRE_PEER_REPORTS : 0,
		.room = packet->room,
		.member = packet->sender,
	};
	struct writer writer;

	writer_init(&writer, out, WIRE_PEER_SIZE);
	wire_header_encode(&writer, &header);
	writer_u64(&writer, packet->value);
}
