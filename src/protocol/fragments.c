/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/fragments.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/path_mtu.h"
#include "mchat/protocol/receive.h"

static_assert(WIRE_FRAGMENTS_MAX <= 8, "each part has a bit");

void fragments_fini(struct fragments *fragments)
{
	free(fragments->entries);
	*fragments = (struct fragments){0};
}

size_t fragments_memory(const struct fragments *fragments)
{
	return fragments->entries ? FRAGMENTS_MAX * sizeof(*fragments->entries)
				  : 0;
}

/* The last one takes the place of it. */
static void remove_entry(
	struct fragments *fragments, struct fragments_entry *entry)
{
	*entry = fragments->entries[--fragments->count];
}

static size_t count_of(const struct fragments *fragments, uint64_t origin)
{
	size_t count = 0;

	for (size_t i = 0; i < fragments->count; i++)
		count += fragments->entries[i].origin == origin;
	return count;
}

/* Of the author that has most here the oldest goes, so that one of which many
 * come cannot drive out another. */
static struct fragments_entry *find_victim(struct fragments *fragments)
{
	struct fragments_entry *victim = fragments->entries;
	size_t most = count_of(fragments, victim->origin);

	for (size_t i = 1; i < fragments->count; i++) {
		struct fragments_entry *entry = &fragments->entries[i];
		size_t count = count_of(fragments, entry->origin);

		if (count > most ||
			(count == most && entry->since < victim->since)) {
			victim = entry;
			most = count;
		}
	}
	return victim;
}

static struct fragments_entry *find(struct fragments *fragments,
	uint64_t origin, const struct wire_fragment *fragment)
{
	for (size_t i = 0; i < fragments->count; i++) {
		struct fragments_entry *entry = &fragments->entries[i];

		/* One that says another size is of another packet. */
		if (entry->origin == origin &&
			entry->sequence == fragment->sequence &&
			entry->size == fragment->packet_size)
			return entry;
	}
	return NULL;
}

/* A new entry; NULL without memory. */
static struct fragments_entry *make(struct fragments *fragments,
	uint64_t origin, const struct wire_fragment *fragment)
{
	struct fragments_entry *entry;

	if (!fragments->entries)
		fragments->entries =
			calloc(FRAGMENTS_MAX, sizeof(*fragments->entries));
	if (!fragments->entries)
		return NULL;
	if (fragments->count == FRAGMENTS_MAX)
		remove_entry(fragments, find_victim(fragments));
	entry = &fragments->entries[fragments->count++];
	entry->origin = origin;
	entry->sequence = fragment->sequence;
	entry->since = fragments->made++;
	entry->size = fragment->packet_size;
	entry->parts = 0;
	return entry;
}

static void add(
	struct fragments_entry *entry, const struct wire_fragment *fragment)
{
	memcpy(entry->bytes + fragment->offset, fragment->bytes,
		fragment->size);
	entry->parts |=
		(uint8_t)(1U << (fragment->offset / WIRE_FRAGMENT_BYTES));
}

static bool is_whole(const struct fragments_entry *entry)
{
	return entry->parts == (1U << wire_fragment_count(entry->size)) - 1;
}

/* The packet goes the way of one that came whole. */
static enum engine_disposition judge(
	struct engine *e, struct fragments_entry *entry, struct instant now)
{
	enum engine_disposition took;
	struct wire_header header;
	struct wire_data data;
	struct reader reader;
	struct member *m;

	reader_init(&reader, entry->bytes, entry->size);
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		header.type != WIRE_DATA || header.room != e->config.room ||
		header.member != entry->origin ||
		wire_data_decode(&reader, &data) != WIRE_OK ||
		data.sequence != entry->sequence) {
		e->counts.bad++;
		return ENGINE_DISPOSITION_NOTHING;
	}
	wire_mark_repair(entry->bytes);
	header.flags |= WIRE_REPAIR;
	took = receive_data(e, &header, &data, entry->bytes, entry->size, now);
	m = members_find(&e->members, entry->origin);
	if (m && took == ENGINE_DISPOSITION_REPAIR)
		path_mtu_hear_fragments(e, m, entry->size, now);
	return took;
}

/* What is to become of a part of such a packet: FRAGMENT when it is wanted. */
static enum engine_disposition look_up(const struct receive_window *window,
	uint64_t sequence, struct instant now)
{
	struct packet *had;

	if (sequence >= window->next + RECEIVE_WINDOW_PACKETS)
		return ENGINE_DISPOSITION_TOO_FAR;
	had = packet_store_get(&window->store, sequence);
	/* Another member mends it. */
	if (had)
		had->touched = now;
	return had || sequence < window->next ? ENGINE_DISPOSITION_DOUBLE
					      : ENGINE_DISPOSITION_FRAGMENT;
}

enum engine_disposition fragments_receive(struct engine *e,
	const struct wire_header *header, const struct wire_fragment *fragment,
	struct instant now)
{
	const struct member *m = members_find(&e->members, header->member);
	struct fragments *fragments = &e->fragments;
	struct fragments_entry *entry;
	struct fragments_entry whole;
	enum engine_disposition wanted;

	/* As with a repair, no author is met by what others send of it. */
	if (!m || !m->window.is_open)
		return ENGINE_DISPOSITION_NOTHING;
	wanted = look_up(&m->window, fragment->sequence, now);
	if (wanted != ENGINE_DISPOSITION_FRAGMENT)
		return wanted;
	entry = find(fragments, header->member, fragment);
	if (!entry)
		entry = make(fragments, header->member, fragment);
	if (!entry)
		return ENGINE_DISPOSITION_NOTHING;
	add(entry, fragment);
	if (!is_whole(entry))
		return ENGINE_DISPOSITION_FRAGMENT;
	whole = *entry;
	remove_entry(fragments, entry);
	return judge(e, &whole, now);
}
