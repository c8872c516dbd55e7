/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/receive_memory.h"

#include "mchat/protocol/code_store.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/event_queue.h"
#include "mchat/protocol/reassembly.h"

/* Half of the packets that can be dropped go, or all if no more than this. */
#define FEW 64

/* After looking in vain so many packets are refused without another look. */
#define PAUSE 256

/* Members are sorted by the binary logarithm of what they hold for each message
 * shown, and the highest go first. */
#define RANKS 32

void receive_memory_update(struct engine *e, struct member *m)
{
	size_t size = sizeof(*m) + receive_window_memory(&m->window) +
		      m->peer_reports.capacity * sizeof(*m->peer_reports.list);

	e->memory += size - m->memory;
	m->memory = size;
}

void receive_memory_remove(struct engine *e, struct member *m)
{
	e->memory -= m->memory;
	m->memory = 0;
}

static unsigned log2_of(uint64_t value)
{
	unsigned bits = 0;

	while (value >>= 1)
		bits++;
	return bits;
}

static unsigned rank_of(const struct member *m)
{
	unsigned held = log2_of(receive_window_memory(&m->window));
	unsigned shown = log2_of(m->window.shown + 1);

	if (held <= shown)
		return 0;
	return held - shown < RANKS ? held - shown : RANKS - 1;
}

/* The rank from which on members hold as much as is to be freed. */
static unsigned lowest_rank(const struct engine *e)
{
	size_t held[RANKS] = {0};
	unsigned rank = RANKS - 1;

	for (size_t i = 0; i < e->members.count; i++) {
		const struct member *m = e->members.list[i];

		held[rank_of(m)] += receive_window_memory(&m->window);
	}
	/* Half of what they hold goes. */
	while (rank > 0 && held[rank] < 2 * RECEIVE_MEMORY_FREED) {
		held[rank - 1] += held[rank];
		rank--;
	}
	return rank;
}

/* Gives up a long message that has begun and not ended: what was there of it is
 * then kept for others only.  Nothing but pieces of it and nicks are there. */
static void give_up_unfinished(struct engine *e, struct member *m)
{
	struct reassembly_item item;

	if (!reassembly_give_up(&m->window))
		return;
	while (reassembly_next(&m->window, &e->scratch, &item))
		event_queue_note_nick(m, &item);
}

/* Drops combinations, half of what is kept for others, and of what waits behind
 * a gap. */
static void give_way(struct engine *e, struct member *m)
{
	struct receive_window *s = &m->window;
	struct packet_store *store = &s->store;
	uint64_t waiting;
	uint64_t kept;

	if (!s->is_open)
		return;
	code_store_free(s->codes);
	s->codes = NULL;
	give_up_unfinished(e, m);
	kept = s->delivered - store->first;
	waiting = store->end > s->next ? store->end - s->next : 0;
	if (kept > 0)
		packet_store_drop_before(
			store, s->delivered - (kept > FEW ? kept / 2 : 0));
	if (waiting > 0)
		packet_store_drop_from(
			store, s->next + (waiting > FEW ? waiting / 2 : 0));
	receive_memory_update(e, m);
}

/* Has those of the highest ranks give way, until enough is free. */
static void free_some(struct engine *e)
{
	size_t most = RECEIVE_MEMORY_MAX - RECEIVE_MEMORY_FREED;
	unsigned lowest = lowest_rank(e);

	e->counts.steps += 2 * e->members.count;
	for (size_t i = 0; i < e->members.count && e->memory > most; i++) {
		struct member *m = e->members.list[i];

		if (rank_of(m) >= lowest)
			give_way(e, m);
	}
}

bool receive_memory_admits(struct engine *e, size_t size)
{
	size_t most = RECEIVE_MEMORY_MAX - PACKET_OVERHEAD - size;

	if (e->memory <= most)
		return true;
	/* Nothing could be freed just now. */
	if (e->memory_pause > 0) {
		e->memory_pause--;
		return false;
	}
	free_some(e);
	if (e->memory > most)
		e->memory_pause = PAUSE;
	return e->memory <= most;
}
