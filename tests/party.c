/* SPDX-License-Identifier: ISC */
#include "party.h"

#include <stdlib.h>
#include <string.h>

const uint8_t party_key[SEAL_KEY_SIZE] = {0x04, 0x93, 0x4e, 0xa8};

struct instant party_now(int64_t now_ms)
{
	return (struct instant){now_ms * NS_PER_MS};
}

struct wall_time party_wall(const struct party *party, int64_t now_ms)
{
	return (struct wall_time){PARTY_DAY_MS + party->ahead_ms + now_ms};
}

void party_join(
	struct party *party, uint8_t number, int64_t ahead_ms, int64_t now_ms)
{
	memset(party->seed, number, sizeof(party->seed));
	party->ahead_ms = ahead_ms;
	party->seal = seal_new(party_key, PARTY_TAG, party->seed,
		&party->history, party_wall(party, now_ms), party_now(now_ms));
	if (!party->seal)
		abort();
}

void party_leave(struct party *party)
{
	seal_free(party->seal);
	party->seal = NULL;
}

void party_seal(struct party *party, enum seal_kind kind, const void *content,
	size_t size, int64_t now_ms, struct datagram *out)
{
	seal_turn(party->seal, (uint32_t)now_ms, party_wall(party, now_ms),
		party_now(now_ms));
	memcpy(out->bytes + SEAL_HEADER_SIZE, content, size);
	out->size = seal_close(
		party->seal, kind, out->bytes, size, SEAL_DATAGRAM_MAX);
}

void party_say(
	struct party *party, size_t size, int64_t now_ms, struct datagram *out)
{
	uint8_t content[SEAL_PACKET_MAX];

	memset(content, 'x', size);
	party_seal(party, SEAL_PACKET, content, size, now_ms, out);
}

enum seal_result party_hear(
	struct party *party, const struct datagram *datagram, int64_t now_ms)
{
	struct wall_time wall = party_wall(party, now_ms);
	struct instant now = party_now(now_ms);
	struct seal_opened opened;
	enum seal_result result;

	result = seal_open(party->seal, datagram->bytes, datagram->size, wall,
		now, &opened);
	seal_caught_up(party->seal, wall, now);
	return result;
}

void party_idle(struct party *party, int64_t now_ms)
{
	seal_caught_up(
		party->seal, party_wall(party, now_ms), party_now(now_ms));
}

bool party_names(struct party *party, int64_t now_ms, struct datagram *out)
{
	seal_turn(party->seal, (uint32_t)now_ms, party_wall(party, now_ms),
		party_now(now_ms));
	out->size = seal_next(
		party->seal, out->bytes, SEAL_DATAGRAM_MAX, party_now(now_ms));
	return out->size > 0;
}

int64_t party_deadline(const struct party *party)
{
	struct instant due = seal_deadline(party->seal);

	return instant_is_never(due) ? -1
				     : (due.ns + NS_PER_MS - 1) / NS_PER_MS;
}
