/* SPDX-License-Identifier: ISC */
#include "mchat/relay/peer_table.h"

#include <string.h>

void peer_table_init(struct peer_table *table, bool takes_any)
{
	*table = (struct peer_table){.takes_any = takes_any};
}

static bool is_same(const struct address *a, const struct address *b)
{
	return a->port == b->port && address_same_host(a, b);
}

int peer_table_find(
	const struct peer_table *table, const struct address *address)
{
	for (int i = 0; i < PEER_MAX; i++) {
		if (table->peers[i].kind != PEER_FREE &&
			is_same(&table->peers[i].address, address))
			return i;
	}
	return -1;
}

int peer_table_find_name(const struct peer_table *table, size_t name)
{
	for (int i = 0; i < PEER_MAX; i++) {
		if (table->peers[i].kind == PEER_NAMED &&
			table->peers[i].name == name)
			return i;
	}
	return -1;
}

static int find_free(const struct peer_table *table)
{
	for (int i = 0; i < PEER_MAX; i++) {
		if (table->peers[i].kind == PEER_FREE)
			return i;
	}
	return -1;
}

/* One that was never heard is waited for since its name was first known. */
static void move(
	struct peer *peer, const struct address *address, struct instant now)
{
	struct peer before = *peer;

	*peer = (struct peer){
		.kind = PEER_NAMED,
		.name = before.name,
		.address = *address,
		.since = now,
		.other_count = before.other_count,
	};
	memcpy(peer->others, before.others, sizeof(peer->others));
	if (before.heard_at.ns != 0)
		return;
	peer->since = before.since;
	peer->is_told_unheard = before.is_told_unheard;
}

int peer_table_name(struct peer_table *table, size_t name,
	const struct address *address, struct instant now)
{
	int known = peer_table_find(table, address);
	int at = peer_table_find_name(table, name);

	if (known >= 0 && known == at)
		return at;
	if (known >= 0 && table->peers[known].kind == PEER_NAMED)
		return -1;
	/* One that had proven itself is known by its name from now on. */
	if (known >= 0 && at >= 0)
		table->peers[at] = (struct peer){0};
	if (known >= 0) {
		table->peers[known].kind = PEER_NAMED;
		table->peers[known].name = name;
		return known;
	}
	if (at >= 0) {
		move(&table->peers[at], address, now);
		return at;
	}
	at = find_free(table);
	if (at >= 0)
		table->peers[at] = (struct peer){
			.kind = PEER_NAMED,
			.name = name,
			.address = *address,
			.since = now,
		};
	return at;
}

void peer_table_set_others(struct peer_table *table, int peer,
	const struct address *addresses, size_t count)
{
	struct peer *it = &table->peers[peer];

	if (count > PEER_OTHERS_MAX)
		count = PEER_OTHERS_MAX;
	it->other_count = count;
	memcpy(it->others, addresses, count * sizeof(*addresses));
}

int peer_table_move(struct peer_table *table, const struct address *from,
	struct instant now)
{
	for (int i = 0; i < PEER_MAX; i++) {
		struct peer *it = &table->peers[i];

		if (it->kind != PEER_NAMED || it->is_heard)
			continue;
		for (size_t k = 0; k < it->other_count; k++) {
			if (!is_same(&it->others[k], from))
				continue;
			move(it, from, now);
			return i;
		}
	}
	return -1;
}

bool peer_table_is_used(const struct peer_table *table, int peer)
{
	return table->peers[peer].kind != PEER_FREE &&
	       !table->peers[peer].is_self;
}

static bool is_host_of(const struct peer *peer, const struct address *from)
{
	bool is_one = address_same_host(&peer->address, from);

	for (size_t i = 0; i < peer->other_count; i++)
		is_one = is_one || address_same_host(&peer->others[i], from);
	return is_one;
}

/* A host that was named may use another port, as behind a NAT. */
static bool is_welcome(
	const struct peer_table *table, const struct address *from)
{
	if (table->takes_any)
		return true;
	for (int i = 0; i < PEER_MAX; i++) {
		if (table->peers[i].kind == PEER_NAMED &&
			is_host_of(&table->peers[i], from))
			return true;
	}
	return false;
}

bool peer_table_welcomes(
	const struct peer_table *table, const struct address *from)
{
	return is_welcome(table, from) && find_free(table) >= 0;
}

static int add(struct peer_table *table, enum peer_kind kind,
	const struct address *address, struct instant now)
{
	int at = find_free(table);

	if (at >= 0)
		table->peers[at] = (struct peer){
			.kind = kind,
			.address = *address,
			.since = now,
		};
	return at;
}

int peer_table_add_source(struct peer_table *table,
	const struct address *address, struct instant now)
{
	return peer_table_find(table, address) >= 0
		       ? -1
		       : add(table, PEER_SOURCE, address, now);
}

int peer_table_add(struct peer_table *table, const struct address *from,
	struct instant now)
{
	return add(table, PEER_PROVEN, from, now);
}

bool peer_table_note_heard(
	struct peer_table *table, int peer, struct instant now)
{
	struct peer *it = &table->peers[peer];
	bool is_news = !it->is_heard;

	it->heard_at = now;
	it->is_heard = true;
	return is_news;
}

static struct instant keep_alive_at(const struct peer *peer)
{
	struct instant last = peer->sent_at.ns ? peer->sent_at : peer->since;

	/* One that was named is asked at once: it may be there, or be us. */
	if (peer->kind != PEER_PROVEN && peer->challenge == 0)
		return peer->since;
	return instant_after(last, duration_ms(PEER_KEEP_ALIVE_MS));
}

/* Until then it counts as heard. */
static struct instant silent_at(const struct peer *peer)
{
	struct instant last = peer->heard_at.ns ? peer->heard_at : peer->since;

	return peer->is_heard || peer->kind == PEER_PROVEN
		       ? instant_after(last, duration_ms(PEER_SILENT_MS))
		       : INSTANT_NEVER;
}

/* When it is to be told that one that was named is not there. */
static struct instant unheard_at(const struct peer *peer)
{
	return peer->kind == PEER_NAMED && !peer->is_heard &&
			       !peer->is_told_unheard
		       ? instant_after(
				 peer->since, duration_ms(PEER_UNHEARD_MS))
		       : INSTANT_NEVER;
}

enum peer_due peer_table_take_due(struct peer_table *table, int peer,
	struct instant now, struct peer *out)
{
	struct peer *it = &table->peers[peer];

	if (!peer_table_is_used(table, peer))
		return PEER_DUE_NOTHING;
	*out = *it;
	if (!instant_before(now, silent_at(it))) {
		it->is_heard = false;
		it->is_told_unheard = true;
		if (it->kind != PEER_PROVEN)
			return PEER_DUE_SILENT;
		*it = (struct peer){0};
		return PEER_DUE_FORGOTTEN;
	}
	if (!instant_before(now, unheard_at(it))) {
		it->is_told_unheard = true;
		return PEER_DUE_UNHEARD;
	}
	return instant_before(now, keep_alive_at(it)) ? PEER_DUE_NOTHING
						      : PEER_DUE_KEEP_ALIVE;
}

struct instant peer_table_deadline(const struct peer_table *table)
{
	struct instant next = INSTANT_NEVER;

	for (int i = 0; i < PEER_MAX; i++) {
		const struct peer *peer = &table->peers[i];

		if (!peer_table_is_used(table, i))
			continue;
		next = instant_earlier(next, keep_alive_at(peer));
		next = instant_earlier(next, silent_at(peer));
		next = instant_earlier(next, unheard_at(peer));
	}
	return next;
}
