/* SPDX-License-Identifier: ISC */
/* The ring of packets, step by step against a plain array. */
#include "mchat/protocol/packet_store.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"

#define NUMBERS         20000 /* of packets that a run goes through */
#define STEPS           200000
#define SIZE_MAX_PACKET 40

static const struct instant now = {1};

struct model {
	bool kept[NUMBERS];
	uint8_t size[NUMBERS];
	uint64_t first;
	size_t packets;
	size_t bytes;
};

static void fill(uint8_t *bytes, size_t size, uint64_t number)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(number + i);
}

static bool put(
	struct packet_store *store, struct model *model, uint64_t number)
{
	uint8_t bytes[SIZE_MAX_PACKET];
	size_t size = random_below(sizeof(bytes) + 1);
	struct packet *packet;

	fill(bytes, size, number);
	packet = packet_store_put(store, number, bytes, size, now);
	model->kept[number] = true;
	model->size[number] = (uint8_t)size;
	model->packets++;
	model->bytes += size;
	return packet && packet->size == size && packet->requests == 0 &&
	       packet->touched.ns == now.ns;
}

static void drop_before(
	struct packet_store *store, struct model *model, uint64_t number)
{
	for (uint64_t i = model->first; i < number; i++) {
		if (!model->kept[i])
			continue;
		model->kept[i] = false;
		model->packets--;
		model->bytes -= model->size[i];
	}
	if (number > model->first)
		model->first = number;
	packet_store_drop_before(store, number);
}

static void drop_from(
	struct packet_store *store, struct model *model, uint64_t number)
{
	for (uint64_t i = number; i < NUMBERS; i++) {
		if (!model->kept[i])
			continue;
		model->kept[i] = false;
		model->packets--;
		model->bytes -= model->size[i];
	}
	packet_store_drop_from(store, number);
}

/* Lowers the first number by up to 64, as far as the span allows. */
static bool lower(struct packet_store *store, struct model *model)
{
	uint64_t number = model->first > 64
				  ? model->first - random_below(64) - 1
				  : model->first;

	if (number == model->first || store->end - number > PACKET_STORE_SPAN)
		return true;
	model->first = number;
	return packet_store_lower(store, number) && store->first == number;
}

static bool same_packet(const struct packet_store *store,
	const struct model *model, uint64_t number)
{
	uint8_t bytes[SIZE_MAX_PACKET];
	const struct packet *packet = packet_store_get(store, number);

	if (!packet || !model->kept[number])
		return !packet && !model->kept[number];
	fill(bytes, packet->size, number);
	return packet->size == model->size[number] &&
	       memcmp(packet->bytes, bytes, packet->size) == 0;
}

static size_t expected_memory(
	const struct packet_store *store, const struct model *model)
{
	return store->capacity * sizeof(struct packet *) +
	       model->packets * PACKET_OVERHEAD + model->bytes;
}

static bool same(const struct packet_store *store, const struct model *model)
{
	for (uint64_t i = 0; i < NUMBERS; i++)
		if (!same_packet(store, model, i))
			return false;
	return store->first == model->first &&
	       store->memory == expected_memory(store, model);
}

static bool step(struct packet_store *store, struct model *model)
{
	uint64_t ahead = random_below(random_below(8) ? 64 : PACKET_STORE_SPAN);
	uint64_t number = model->first + ahead;

	if (number >= NUMBERS)
		return true;
	if (random_below(100) == 0)
		return lower(store, model);
	if (random_below(200) == 0) {
		drop_before(store, model, number);
		return store->first == model->first;
	}
	if (random_below(400) == 0) {
		drop_from(store, model, number);
		return store->end <= number || store->end == store->first;
	}
	if (!model->kept[number] && !put(store, model, number))
		return false;
	return same_packet(store, model, number) &&
	       same_packet(store, model, random_below(NUMBERS));
}

static void against_model(void)
{
	struct model *model = calloc(1, sizeof(*model));
	struct packet_store store;
	bool good = true;
	int steps;

	if (!model)
		abort();
	random_restart();
	model->first = 1;
	packet_store_init(&store, 1);
	for (steps = 0; good && steps < STEPS; steps++) {
		good = step(&store, model);
		if (steps % 10000 == 0)
			good = good && same(&store, model);
	}
	tap_ok(good, "%d random steps give what a plain array gives", steps);
	tap_ok(model->first > PACKET_STORE_SPAN,
		"the ring wrapped around (at %ju)", (uintmax_t)model->first);
	tap_ok(same(&store, model),
		"after all steps the store holds what the array holds");
	packet_store_drop_before(&store, store.end);
	tap_is_int(
		(intmax_t)store.memory, 0, "an emptied store takes no memory");
	packet_store_fini(&store);
	tap_is_int((intmax_t)store.memory, 0,
		"after fini the store takes no memory");
	free(model);
}

static void bounds(void)
{
	uint64_t top = (uint64_t)INT64_MAX;
	struct packet_store store;

	packet_store_init(&store, top - PACKET_STORE_SPAN + 1);
	tap_ok(!packet_store_get(&store, top), "an empty store has no packet");
	tap_ok(packet_store_put(&store, top, "z", 1, now) != NULL,
		"a packet with the last number is taken");
	tap_ok(packet_store_put(&store, top - PACKET_STORE_SPAN + 1, "a", 1,
		       now) != NULL,
		"a packet with the first number of the span is taken");
	tap_is_int((intmax_t)store.capacity, PACKET_STORE_SPAN,
		"the store grows to the span, not more");
	tap_ok(packet_store_get(&store, top) &&
			packet_store_get(&store, top)->bytes[0] == 'z',
		"the packet with the last number is kept");
	tap_ok(!packet_store_get(&store, top - PACKET_STORE_SPAN) &&
			!packet_store_get(&store, top + 1) &&
			!packet_store_get(&store, 0) &&
			!packet_store_get(&store, UINT64_MAX),
		"numbers outside the span have no packet");
	packet_store_drop_before(&store, 5);
	tap_ok(packet_store_get(&store, top - PACKET_STORE_SPAN + 1) != NULL,
		"dropping before what is there drops nothing");
	packet_store_drop_before(&store, top + 1);
	tap_ok(store.first == top + 1 && !packet_store_get(&store, top),
		"dropping all leaves an empty store at the next number");
	packet_store_fini(&store);
}

/* An empty store has no slots yet. */
static void lower_empty(void)
{
	struct packet_store store;

	packet_store_init(&store, 20000);
	tap_ok(packet_store_lower(&store, 20000 - PACKET_STORE_SPAN),
		"an empty store is lowered by the whole span");
	tap_ok(!packet_store_get(&store, 20000 - PACKET_STORE_SPAN) &&
			!packet_store_get(&store, 4999),
		"a lowered empty store has no packet");
	tap_ok(packet_store_put(
		       &store, 20000 - PACKET_STORE_SPAN, "a", 1, now) != NULL,
		"a lowered empty store takes a packet at its first number");
	packet_store_fini(&store);
}

static void far_drop(void)
{
	struct packet_store store;

	packet_store_init(&store, 1);
	packet_store_put(&store, 3, "3", 1, now);
	packet_store_drop_before(&store, (uint64_t)1 << 62);
	tap_ok(store.first == (uint64_t)1 << 62 && store.end == store.first,
		"a drop over a great distance takes no time");
	tap_ok(packet_store_put(&store, ((uint64_t)1 << 62) + 7, "7", 1, now) !=
			NULL,
		"after a drop over a great distance a packet is taken");
	packet_store_fini(&store);
	packet_store_fini(&store);
	tap_ok(true, "fini twice is harmless");
}

/* Packets that wait behind a gap are dropped as if they had never come. */
static void drop_what_waits(void)
{
	struct packet_store store;
	size_t memory;

	packet_store_init(&store, 10);
	packet_store_put(&store, 10, "a", 1, now);
	packet_store_put(&store, 12, "bb", 2, now);
	memory = store.memory;
	for (uint64_t n = 15; n < 20; n++)
		packet_store_put(&store, n, "c", 1, now);
	packet_store_drop_from(&store, 15);
	tap_is_int((intmax_t)store.memory, (intmax_t)memory,
		"packets from a number on give their memory back");
	tap_ok(packet_store_get(&store, 10) && packet_store_get(&store, 12) &&
			!packet_store_get(&store, 15) &&
			!packet_store_get(&store, 19),
		"packets before that number are kept, later ones are gone");
	tap_is_int((intmax_t)store.end, 13,
		"the store ends behind the last packet");
	tap_ok(packet_store_put(&store, 17, "c", 1, now) != NULL,
		"a packet that was dropped can come again");
	packet_store_drop_from(&store, 13);
	tap_is_int((intmax_t)store.end, 13,
		"after another drop the store ends behind the last packet");
	packet_store_drop_from(&store, 5);
	tap_ok(store.memory == 0 && store.first == 10 && store.end == 10,
		"dropping all frees the slots, too");
	packet_store_drop_from(&store, 5);
	tap_ok(!packet_store_get(&store, 10), "dropping all twice is harmless");
	tap_ok(packet_store_put(&store, 11, "d", 1, now) != NULL,
		"after dropping all a packet is taken");
	packet_store_drop_before(&store, 12);
	tap_is_int((intmax_t)store.memory, 0,
		"dropping from below frees the slots, too");
	packet_store_fini(&store);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	against_model();
	bounds();
	lower_empty();
	far_drop();
	drop_what_waits();
	return tap_done();
}
