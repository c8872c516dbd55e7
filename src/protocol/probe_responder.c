/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/probe_responder.h"

#include <string.h>

#include "mchat/base/prng.h"

/* That the hop limit of what came in is not known. */
#define HOP_LIMIT_UNKNOWN 255

uint32_t probe_responder_host(uint64_t host, uint64_t asker)
{
	struct prng prng = {host ^ asker};

	/* Half of what is drawn, so that nobody counts back from it. */
	return host == 0 ? 0 : (uint32_t)(prng_next(&prng) >> 32) | 1;
}

/* The members that there is room for: the reply leaves twice.  Those that come
 * next the next time, where there are more. */
static uint8_t choose_members(const struct probe_self *self,
	const struct probe *probe, size_t size,
	struct probe_member out[PROBE_MEMBERS_MAX])
{
	size_t room = (size / 2 - PROBE_REPLY_SIZE) / PROBE_MEMBER_SIZE;
	size_t count = self->member_count;

	if (!probe->wants_members || count == 0)
		return 0;
	if (room > PROBE_MEMBERS_MAX)
		room = PROBE_MEMBERS_MAX;
	if (count > room)
		count = room;
	for (size_t i = 0; i < count; i++)
		out[i] = self->members[(probe->number * room + i) %
				       self->member_count];
	return (uint8_t)count;
}

/* Whether we are in the group that a probe is about: by broadcast it comes to
 * members of others, too. */
static bool is_for(const struct probe_self *self, const struct probe *probe)
{
	for (size_t i = 0; i < self->group_count; i++) {
		if (self->groups[i].family == probe->group.family &&
			memcmp(self->groups[i].bytes, probe->group.bytes,
				sizeof(probe->group.bytes)) == 0)
			return true;
	}
	return false;
}

size_t probe_responder_answer(struct probe_responder *responder,
	const struct probe_self *self, const struct probe_arrival *arrival,
	struct instant now, uint8_t out[PROBE_REPLY_MAX])
{
	struct probe_member members[PROBE_MEMBERS_MAX];
	struct probe_reply reply;
	struct probe probe;

	if (!probe_decode(arrival->bytes, arrival->size, &probe) ||
		!probe.wants_reply || probe.member == self->member ||
		!is_for(self, &probe) ||
		!rate_limit_take(
			&responder->rate, PROBE_RESPONDER_RATE, 0, now))
		return 0;
	reply = (struct probe_reply){
		.member = self->member,
		.asker = probe.member,
		.number = probe.number,
		.interface = probe.interface,
		.size = (uint16_t)arrival->size,
		.hop_limit = arrival->hop_limit < 0
				     ? HOP_LIMIT_UNKNOWN
				     : (uint8_t)arrival->hop_limit,
		.is_doctor = self->is_doctor,
		.members = choose_members(self, &probe, arrival->size, members),
		.host = probe_responder_host(self->host, probe.member),
		.joined_s = (uint32_t)(instant_until(self->joined, now).ns /
				       NS_PER_S),
	};
	return probe_reply_encode(&reply, members, out);
}
