/* SPDX-License-Identifier: ISC */
#include "mchat/relay/relay_seen.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/protocol/wire.h"
#include "mchat/relay/pass_times.h"
#include "mchat/relay/sequence_window.h"

/* Members that are known: as many as the engine knows (16,384), in sets of
 * four; a fifth of a set takes the place of the one that was silent longest. */
#define MEMBER_SETS 4096
#define MEMBER_WAYS 4

/* For how long a counter of STATE, once seen, rules out lower ones: a forged
 * one must not silence a member for ever. */
#define COUNTER_HOLDS_MS 30000

struct member {
	uint64_t id; /* 0: none */
	struct instant used;
	unsigned source; /* where its packets come from first */
	struct sequence_window window;
	uint64_t counter;
	struct instant counted; /* when that last grew */
	/* By source: until when we asked it to spare us, and it asked us. */
	struct instant asked[RELAY_SOURCES];
	struct instant pruned[RELAY_SOURCES];
};

struct relay_seen {
	struct member members[MEMBER_SETS][MEMBER_WAYS];
	struct pass_times times;
};

struct relay_seen *relay_seen_new(void)
{
	return calloc(1, sizeof(struct relay_seen));
}

void relay_seen_free(struct relay_seen *seen)
{
	free(seen);
}

static size_t set_of(uint64_t id)
{
	/* Ids are random; but whoever forges them chooses. */
	return (size_t)(pass_times_mix(id) % MEMBER_SETS);
}

static const struct member *find(const struct relay_seen *seen, uint64_t id)
{
	const struct member *set = seen->members[set_of(id)];

	for (size_t i = 0; i < MEMBER_WAYS; i++) {
		if (set[i].id == id)
			return &set[i];
	}
	return NULL;
}

static struct member *find_or_add(
	struct relay_seen *seen, uint64_t id, unsigned source)
{
	struct member *set = seen->members[set_of(id)];
	struct member *oldest = set;

	for (size_t i = 0; i < MEMBER_WAYS; i++) {
		if (set[i].id == id)
			return &set[i];
		if (instant_before(set[i].used, oldest->used))
			oldest = &set[i];
	}
	*oldest = (struct member){.id = id, .source = source};
	return oldest;
}

/* ---- what a packet is ---- */

enum kind {
	KIND_DATA,
	KIND_REPAIR,
	KIND_STATE,
	KIND_PART, /* of repairs: a FRAGMENT of one, a CODE of many */
	KIND_OTHER,
	KIND_LINK, /* of a link alone: a doctor's probe, or between peers */
};

/* Kinds of packet that are about one network, or one pair of peers. */
#define LINK_KIND_FIRST 4
#define LINK_KIND_LAST  8

struct identity {
	enum kind kind;
	uint64_t member;
	uint64_t number; /* the sequence number or the counter */
};

/* Each has its number behind the header. */
static struct identity identify(const void *bytes, size_t size)
{
	struct identity identity = {.kind = KIND_LINK};
	struct wire_header header;
	struct reader reader;
	unsigned type;

	reader_init(&reader, bytes, size);
	if (wire_any_header_decode(&reader, &header) != WIRE_OK)
		return identity;
	type = (unsigned)header.type;
	identity.member = header.member;
	if (type >= LINK_KIND_FIRST && type <= LINK_KIND_LAST)
		return identity;
	identity.number = type == WIRE_STATE ? reader_number(&reader)
					     : reader_u64(&reader);
	if (reader.failed)
		return identity;
	if (type == WIRE_DATA)
		identity.kind =
			header.flags & WIRE_REPAIR ? KIND_REPAIR : KIND_DATA;
	else if (type == WIRE_STATE)
		identity.kind = KIND_STATE;
	else if (type == WIRE_FRAGMENT || type == WIRE_CODE)
		identity.kind = KIND_PART;
	else
		identity.kind = KIND_OTHER;
	return identity;
}

/* ---- whether it is new ---- */

static bool counter_is_new(
	struct member *member, uint64_t counter, struct instant now)
{
	struct instant free_at =
		instant_after(member->counted, duration_ms(COUNTER_HOLDS_MS));

	if (counter <= member->counter && member->counted.ns != 0 &&
		instant_before(now, free_at))
		return false;
	member->counter = counter;
	member->counted = now;
	return true;
}

static bool repair_may_pass(struct relay_seen *seen, uint64_t member,
	uint64_t number, struct instant now)
{
	return pass_times_take(&seen->times, pass_times_key(member, number),
		PASS_REPAIR_MS, now);
}

static bool data_is_new(struct relay_seen *seen, struct member *member,
	uint64_t number, struct instant now)
{
	enum sequence_result result =
		sequence_window_take(&member->window, number);

	/* Of an old one it cannot be told any more. */
	return result == SEQUENCE_OLD
		       ? repair_may_pass(seen, member->id, number, now)
		       : result == SEQUENCE_NEW;
}

static bool is_new(struct relay_seen *seen, struct member *member,
	const struct identity *identity, const struct relay_packet *packet,
	struct instant now)
{
	switch (identity->kind) {
	case KIND_STATE:
		return counter_is_new(member, identity->number, now);
	case KIND_DATA:
		return data_is_new(seen, member, identity->number, now);
	case KIND_REPAIR:
		return repair_may_pass(seen, member->id, identity->number, now);
	case KIND_PART:
		return pass_times_take(&seen->times,
			pass_times_hash(packet->bytes, packet->size),
			PASS_REPAIR_MS, now);
	case KIND_OTHER:
		return pass_times_take(&seen->times,
			pass_times_hash(packet->bytes, packet->size),
			PASS_OTHER_MS, now);
	case KIND_LINK:
		break;
	}
	return false;
}

/* ---- by which way ---- */

static bool is_asked(
	const struct member *member, unsigned source, struct instant now)
{
	return instant_before(now, member->asked[source]);
}

/* A packet came first from here: this is the way to keep, unless its end was
 * asked to stop. */
static void note_first(
	struct member *member, unsigned source, struct instant now)
{
	if (!is_asked(member, source, now))
		member->source = source;
}

/*
 * A packet came again.  Only a peer that is not the source is asked, and the
 * source is never one that was asked: so one way stays open always.
 */
static enum relay_verdict note_double(struct member *member,
	const struct relay_packet *packet, struct instant now, unsigned *asked)
{
	*asked = packet->source;
	/* The network cannot be asked.  Of two members that pass on to it one
	 * gives way: from now on its peer's copies are the superfluous ones,
	 * even if they are always the first. */
	if (packet->source == RELAY_LAN && packet->lan_has_rank) {
		*asked = member->source;
		member->source = RELAY_LAN;
		/* Which of those that report it was is not known. */
		if (*asked == RELAY_REPORTS)
			return RELAY_LEAVE;
	}
	if (*asked == RELAY_LAN || *asked == member->source ||
		is_asked(member, *asked, now))
		return RELAY_LEAVE;
	member->asked[*asked] = instant_after(now, duration_ms(RELAY_PRUNE_MS));
	return RELAY_PRUNE;
}

enum relay_verdict relay_seen_take(struct relay_seen *seen,
	const struct relay_packet *packet, uint64_t own, struct instant now,
	struct relay_author *author)
{
	struct identity identity = identify(packet->bytes, packet->size);
	struct member *member;

	*author = (struct relay_author){.member = identity.member};
	if (identity.kind == KIND_LINK)
		return RELAY_LEAVE;
	/* Of ourselves we are the source. */
	member = find_or_add(seen, identity.member,
		identity.member == own ? RELAY_LAN : packet->source);
	member->used = now;
	if (identity.member != own &&
		is_new(seen, member, &identity, packet, now)) {
		if (identity.kind == KIND_DATA || identity.kind == KIND_STATE)
			note_first(member, packet->source, now);
		return RELAY_PASS;
	}
	/* Repairs come from anywhere, and are never left out. */
	if (identity.kind != KIND_DATA && identity.kind != KIND_STATE)
		return RELAY_LEAVE;
	return note_double(member, packet, now, &author->asked);
}

unsigned relay_seen_renew(struct relay_seen *seen,
	const struct relay_packet *packet, uint64_t id, struct instant now)
{
	struct instant soon =
		instant_after(now, duration_ms(RELAY_PRUNE_MS / 2));
	struct member *set = seen->members[set_of(id)];

	for (size_t i = 0; i < MEMBER_WAYS; i++) {
		if (set[i].id != id || set[i].source != packet->source)
			continue;
		for (unsigned at = RELAY_PEER(0); at < RELAY_REPORTS; at++) {
			if (!is_asked(&set[i], at, now) ||
				is_asked(&set[i], at, soon))
				continue;
			set[i].asked[at] =
				instant_after(now, duration_ms(RELAY_PRUNE_MS));
			return at;
		}
	}
	return RELAY_LAN;
}

unsigned relay_seen_source(const struct relay_seen *seen, uint64_t id)
{
	const struct member *member = find(seen, id);

	return member ? member->source : RELAY_LAN;
}

void relay_seen_note_prune(
	struct relay_seen *seen, uint64_t id, unsigned peer, struct instant now)
{
	const struct member *known = find(seen, id);
	struct member *member;

	/* Of whom we pass nothing on there is nothing to leave out. */
	if (!known)
		return;
	member = find_or_add(seen, id, RELAY_LAN);
	member->pruned[peer] = instant_after(now, duration_ms(RELAY_PRUNE_MS));
}

bool relay_seen_is_first_time(const void *packet, size_t size)
{
	struct identity identity = identify(packet, size);

	return identity.kind == KIND_DATA || identity.kind == KIND_STATE;
}

bool relay_seen_is_state(const void *packet, size_t size)
{
	return identify(packet, size).kind == KIND_STATE;
}

bool relay_seen_is_pruned(const struct relay_seen *seen, const void *packet,
	size_t size, unsigned peer, struct instant now)
{
	struct identity identity = identify(packet, size);
	const struct member *member = find(seen, identity.member);

	return member &&
	       (identity.kind == KIND_DATA || identity.kind == KIND_STATE) &&
	       instant_before(now, member->pruned[peer]);
}

void relay_seen_forget_peer(struct relay_seen *seen, unsigned peer)
{
	for (size_t i = 0; i < MEMBER_SETS; i++) {
		for (size_t j = 0; j < MEMBER_WAYS; j++) {
			struct member *member = &seen->members[i][j];

			/* What was never written takes no memory. */
			if (member->id == 0)
				continue;
			member->asked[peer] = (struct instant){0};
			member->pruned[peer] = (struct instant){0};
			if (member->source == peer)
				member->source = RELAY_LAN;
		}
	}
}
