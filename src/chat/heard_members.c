/* SPDX-License-Identifier: ISC */
#include "mchat/chat/heard_members.h"

#include "mchat/base/cursor.h"
#include "mchat/network/batch.h"
#include "mchat/protocol/wire.h"

/* Where a member stands, or is to stand: where the one is that was heard the
 * longest time ago, when there is no room. */
static struct heard_member *find(struct heard_members *heard, uint64_t id)
{
	struct heard_member *oldest = &heard->items[0];

	for (size_t i = 0; i < heard->count; i++) {
		struct heard_member *it = &heard->items[i];

		if (it->id == id)
			return it;
		if (instant_before(it->at, oldest->at))
			oldest = it;
	}
	return heard->count < HEARD_MEMBERS_MAX ? &heard->items[heard->count++]
						: oldest;
}

void heard_members_note(struct heard_members *heard,
	const struct datagram *datagram, struct instant now)
{
	struct wire_header header;
	struct reader reader;
	struct heard_member *it;

	reader_init(&reader, datagram->bytes, datagram->size);
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		header.type != WIRE_STATE)
		return;
	it = find(heard, header.member);
	*it = (struct heard_member){
		.id = header.member,
		.address = datagram->from,
		.interface_index = datagram->interface_index,
		.at = now,
	};
	if (header.flags & WIRE_BYE)
		*it = heard->items[--heard->count];
}

size_t heard_members_list(const struct heard_members *heard,
	unsigned interface_index, struct instant now,
	struct probe_member out[HEARD_MEMBERS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < heard->count; i++) {
		const struct heard_member *it = &heard->items[i];
		int64_t age_ms = instant_until(it->at, now).ns / NS_PER_MS;

		if (it->interface_index != interface_index)
			continue;
		out[count++] = (struct probe_member){
			.id = it->id,
			.address = it->address,
			.age_ms = age_ms < 0 ? 0 : (uint32_t)age_ms,
		};
	}
	return count;
}
