/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/packet_store.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/protocol/coding.h"

#define CAPACITY_FIRST 16

void packet_store_init(struct packet_store *store, uint64_t first)
{
	*store = (struct packet_store){.first = first, .end = first};
}

void packet_store_fini(struct packet_store *store)
{
	packet_store_drop_before(store, store->end);
	packet_store_init(store, 0);
}

static struct packet **slot(const struct packet_store *store, uint64_t number)
{
	return &store->slots[number & (store->capacity - 1)];
}

/* Makes the ring span [first, end). */
static bool grow(struct packet_store *store, uint64_t first, uint64_t end)
{
	struct packet_store larger = *store;
	size_t capacity = store->capacity ? store->capacity : CAPACITY_FIRST;

	while (capacity < end - first)
		capacity *= 2;
	if (capacity == store->capacity)
		return true;
	larger.slots = calloc(capacity, sizeof(struct packet *));
	if (!larger.slots)
		return false;
	larger.capacity = capacity;
	larger.memory += (capacity - store->capacity) * sizeof(struct packet *);
	for (uint64_t i = store->first; i < store->end; i++)
		*slot(&larger, i) = *slot(store, i);
	free(store->slots);
	*store = larger;
	return true;
}

struct packet *packet_store_put(struct packet_store *store, uint64_t number,
	const void *bytes, size_t size, struct instant now)
{
	struct packet *packet;

	if (!grow(store, store->first, number + 1))
		return NULL;
	packet = malloc(sizeof(*packet) + size);
	if (!packet)
		return NULL;
	*packet = (struct packet){.touched = now, .size = (uint16_t)size};
	memcpy(packet->bytes, bytes, size);
	*slot(store, number) = packet;
	store->memory += PACKET_OVERHEAD + size;
	if (number >= store->end)
		store->end = number + 1;
	return packet;
}

struct packet *packet_store_get(
	const struct packet_store *store, uint64_t number)
{
	if (number < store->first || number >= store->end)
		return NULL;
	return *slot(store, number);
}

uint32_t packet_check(struct packet *packet, uint64_t author, uint64_t number)
{
	if (!packet->is_checked)
		packet->check = coding_check(
			author, number, packet->bytes, packet->size);
	packet->is_checked = true;
	return packet->check;
}

uint64_t packet_store_find(const struct packet_store *store, uint64_t number)
{
	if (number < store->first)
		number = store->first;
	while (number < store->end && !*slot(store, number))
		number++;
	return number;
}

bool packet_store_lower(struct packet_store *store, uint64_t number)
{
	if (!grow(store, number, store->end))
		return false;
	store->first = number;
	return true;
}

static void drop(struct packet_store *store, uint64_t number)
{
	struct packet **dropped = slot(store, number);

	if (!*dropped)
		return;
	store->memory -= PACKET_OVERHEAD + (*dropped)->size;
	free(*dropped);
	*dropped = NULL;
}

/* Slots for nothing are memory for nothing. */
static void drop_empty_slots(struct packet_store *store)
{
	if (store->first < store->end)
		return;
	store->memory -= store->capacity * sizeof(struct packet *);
	free(store->slots);
	store->slots = NULL;
	store->capacity = 0;
}

void packet_store_drop_before(struct packet_store *store, uint64_t number)
{
	for (; store->first < number && store->first < store->end;
		store->first++)
		drop(store, store->first);
	if (store->first < number)
		store->first = store->end = number;
	drop_empty_slots(store);
}

void packet_store_drop_from(struct packet_store *store, uint64_t number)
{
	if (number < store->first)
		number = store->first;
	while (store->end > number)
		drop(store, --store->end);
	/* It ends behind a packet again. */
	while (store->end > store->first && !*slot(store, store->end - 1))
		store->end--;
	drop_empty_slots(store);
}
