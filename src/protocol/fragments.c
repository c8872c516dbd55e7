/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/fragments.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/path_mtu.h"
#include "mchat/protocol/receive.h"

static_assert(WIRE_FRAGMENTS_MAX < 32, "each part has a bit");

void fragments_fini(struct fragments *fragments)
{
	for (size_t i = 0; fragments->entries && i < FRAGMENTS_MAX; i++)
		free(fragments->entries[i].bytes);
	free(fragments->entries);
	*fragments = (struct fragments){0};
}

size_t fragments_memory(const struct fragments *fragments)
{
	return fragments->entries
		       ? FRAGMENTS_MAX * sizeof(*fragments->entries) +
				 fragments->bytes
		       : 0;
}

/* Nothing is there any more; the packet is the caller's. */
static uint8_t *take_out(
	struct fragments *fragments, struct fragments_entry *entry)
{
	uint8_t *bytes = entry->bytes;

	fragments->bytes -= entry->size;
	*entry = (struct fragments_entry){0};
	return bytes;
}

static size_t count_of(const struct fragments *fragments, uint64_t origin)
{
	size_t count = 0;

	for (size_t i = 0; i < FRAGMENTS_MAX; i++)
		count += fragments->entries[i].origin == origin;
	return count;
}

/* Of the author that has most here the oldest goes, so that one of which many
 * come cannot drive out another; NULL when nothing is here. */
static struct fragments_entry *find_victim(const struct fragments *fragments)
{
	struct fragments_entry *victim = NULL;
	size_t most = 0;

	for (size_t i = 0; i < FRAGMENTS_MAX; i++) {
		struct fragments_entry *entry = &fragments->entries[i];
		size_t count =
			entry->bytes ? count_of(fragments, entry->origin) : 0;

		if (count > most || (victim && count == most &&
					    entry->since < victim->since)) {
			victim = entry;
			most = count;
		}
	}
	return victim;
}

static struct fragments_entry *find(const struct fragments *fragments,
	uint64_t origin, const struct wire_fragment *fragment)
{
	for (size_t i = 0; fragments->entries && i < FRAGMENTS_MAX; i++) {
		struct fragments_entry *entry = &fragments->entries[i];

		/* One that says another size is of another packet. */
		if (entry->origin == origin &&
			entry->sequence == fragment->sequence &&
			entry->size == fragment->packet_size)
			return entry;
	}
	return NULL;
}

static struct fragments_entry *find_free(const struct fragments *fragments)
{
	for (size_t i = 0; i < FRAGMENTS_MAX; i++)
		if (!fragments->entries[i].bytes)
			return &fragments->entries[i];
	return NULL;
}

/* A place for a packet of this size, for which others may have to go; NULL
 * without memory. */
static struct fragments_entry *make_room(
	struct fragments *fragments, size_t size)
{
	struct fragments_entry *entry;

	if (!fragments->entries)
		fragments->entries =
			calloc(FRAGMENTS_MAX, sizeof(*fragments->entries));
	if (!fragments->entries)
		return NULL;
	entry = find_free(fragments);
	while (!entry || fragments->bytes + size > FRAGMENTS_BYTES_MAX) {
		entry = find_victim(fragments);
		if (!entry)
			return NULL;
		free(take_out(fragments, entry));
	}
	return entry;
}

/* A new entry; NULL without memory. */
static struct fragments_entry *make(struct fragments *fragments,
	uint64_t origin, const struct wire_fragment *fragment)
{
	uint8_t *bytes = malloc(fragment->packet_size);
	struct fragments_entry *entry =
		bytes ? make_room(fragments, fragment->packet_size) : NULL;

	if (!entry) {
		free(bytes);
		return NULL;
	}
	entry->origin = origin;
	entry->sequence = fragment->sequence;
	entry->since = fragments->made++;
	entry->size = fragment->packet_size;
	entry->bytes = bytes;
	fragments->bytes += entry->size;
	return entry;
}

static void add(
	struct fragments_entry *entry, const struct wire_fragment *fragment)
{
	memcpy(entry->bytes + fragment->offset, fragment->bytes,
		fragment->size);
	entry->parts |= UINT32_C(1) << (fragment->offset / WIRE_FRAGMENT_BYTES);
}

static bool is_whole(const struct fragments_entry *entry)
{
	return entry->parts ==
	       (UINT32_C(1) << wire_fragment_count(entry->size)) - 1;
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
		path_mtu_hear_fragments(
			e, m, entry->sequence, entry->size, now);
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
	(void)take_out(fragments, entry);
	wanted = judge(e, &whole, now);
	free(whole.bytes);
	return wanted;
}
