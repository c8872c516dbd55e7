/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/path_mtu.h"

#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/packet_size.h"

static bool is_large(size_t size)
{
	return size > WIRE_SMALL_MAX;
}

/* ---- what a member gets ---- */

/* Packets of ours, and those of others that we may send again, go different
 * ways to it. */
static struct path_mtu_watch *watch_of(
	const struct engine *e, struct path_mtu *path, uint64_t origin)
{
	return origin == e->config.id ? &path->ours : &path->others;
}

/* Large packets do reach it. */
static void clear_watch(struct path_mtu_watch *watch)
{
	*watch = (struct path_mtu_watch){0};
}

/* Whether it is there, of at least this size, and never was in fragments. */
static bool is_whole_as_large(const struct packet *packet, size_t size)
{
	return packet && packet->size >= size && !packet->was_cut;
}

/* Whether one of these is a packet of at least this size that was never sent in
 * fragments. */
static bool has_as_large(const struct packet_store *store, size_t size,
	uint64_t number, uint64_t end, unsigned *looks)
{
	for (; number != end && *looks != 0; number++, --*looks) {
		const struct packet *packet = packet_store_get(store, number);

		if (is_whole_as_large(packet, size))
			return true;
	}
	return false;
}

/* Whether the reporter has a packet of at least this size behind the first gap:
 * smaller ones may fit the way.  What is behind the last gap that it reports it
 * may lack as well. */
static bool has_as_large_behind_gap(const struct packet_store *store,
	size_t size, const struct wire_report *report)
{
	unsigned looks = PATH_MTU_LOOKS;

	for (size_t i = 1; i < report->gap_count; i++) {
		const struct wire_gap *before = &report->gaps[i - 1];

		if (has_as_large(store, size, before->first + before->count,
			    report->gaps[i].first, &looks))
			return true;
	}
	return false;
}

/* The size that shows, if a packet of it comes through, that one of this size
 * would: what fits the way says nothing of what is larger. */
static size_t proving_size(const struct path_mtu_watch *watch, size_t size)
{
	return watch->is_suspected ? watch->suspected_size : size;
}

/* Whether it has got the packet that was watched, and not by fragments. */
static bool has_got_watched(const struct path_mtu_watch *watch,
	const struct packet_store *store, const struct wire_report *report)
{
	const struct packet *packet = packet_store_get(store, watch->number);

	return watch->origin == report->origin &&
	       report->next > watch->number && packet && !packet->was_cut &&
	       packet->size >= proving_size(watch, packet->size);
}

/* What brought the rate down was no congestion: it is found anew, as at the
 * start, but not again at once, for what a member asks for it may make up. */
static void restart_rate(struct engine *e, struct member *m, struct instant now)
{
	struct instant again = instant_after(
		e->path_mtu.restarted, duration_ms(PATH_MTU_RESTART_MS));

	m->share = (struct congestion_share){0};
	if (instant_before(now, again))
		return;
	e->path_mtu.restarted = now;
	congestion_init(&e->congestion);
}

/* It asks for this packet first of all. */
static void count_fails(const struct engine *e, struct path_mtu_watch *watch,
	const struct packet *packet, const struct wire_report *report,
	struct instant now)
{
	uint64_t number = report->gaps[0].first;
	struct duration hold_off = duration_longer(e->rtt, e->ack_rtt);
	struct instant held_off = {now.ns - hold_off.ns};

	if (watch->origin != report->origin || watch->number != number) {
		watch->origin = report->origin;
		watch->number = number;
		watch->fails = 0;
		watch->asked = now;
	} else if (instant_before(watch->asked, packet->touched) &&
		   instant_before(packet->touched, held_off)) {
		watch->fails++;
		watch->asked = now;
	}
}

/* How many repairs fail before large packets are suspected not to come. */
static unsigned fails_most(const struct path_mtu_watch *watch, bool is_larger)
{
	if (watch->has_as_large)
		return PATH_MTU_FAILS_ALTHOUGH;
	return is_larger ? PATH_MTU_FAILS_LARGER : PATH_MTU_FAILS;
}

static void look_for_fails(struct engine *e, struct member *m,
	const struct packet_store *store, const struct wire_report *report,
	struct instant now)
{
	struct path_mtu_watch *watch = watch_of(e, &m->path, report->origin);
	/* Then the large ones that it has came in fragments of others. */
	bool is_claimed = report->flags & WIRE_REPORT_SMALL;
	struct instant watched =
		instant_after(watch->asked, duration_ms(PATH_MTU_WATCH_MS));
	const struct packet *packet;
	bool has_as_large;
	bool is_larger;

	if (!is_claimed && has_got_watched(watch, store, report))
		clear_watch(watch);
	if (report->gap_count == 0 ||
		(watch->origin != 0 && watch->origin != report->origin &&
			instant_before(now, watched)))
		return;
	packet = packet_store_get(store, report->gaps[0].first);
	if (!packet || !is_large(packet->size))
		return;
	has_as_large = !is_claimed &&
		       has_as_large_behind_gap(store,
			       proving_size(watch, packet->size), report);
	if (has_as_large != watch->has_as_large)
		clear_watch(watch);
	watch->has_as_large = has_as_large;
	count_fails(e, watch, packet, report, now);
	is_larger = packet->size > WIRE_USUAL_MAX;
	if (watch->is_suspected || watch->fails < fails_most(watch, is_larger))
		return;
	/* Smaller ones may well reach it. */
	if (is_larger) {
		if (!m->path.loses_larger)
			restart_rate(e, m, now);
		clear_watch(watch);
		packet_size_note_lost(e, m, now);
		return;
	}
	watch->is_suspected = true;
	watch->suspected_size = packet->size;
	restart_rate(e, m, now);
}

void path_mtu_forget(struct engine *e, const struct member *m)
{
	if (m->path.is_limited)
		packet_size_apply(e);
}

/* It says how packets of ours come to it.  A claim alone costs the group
 * nothing: it is to ask for a large packet, too. */
static void hear_of_ours(struct engine *e, struct member *m, bool is_claimed)
{
	struct path_mtu *path = &m->path;
	bool is_limited =
		is_claimed &&
		(path->is_limited ||
			(path->ours.origin != 0 && !path->ours.has_as_large));

	/* Of one that was gone the group has to hear again. */
	if (is_limited == path->is_limited &&
		(!is_limited || e->path_mtu.is_limited))
		return;
	if (!is_limited)
		clear_watch(&path->ours);
	path->is_limited = is_limited;
	packet_size_apply(e);
	/* They are as large as the largest packet.  Others ask again. */
	if (is_limited)
		coder_cancel_all(&e->coder);
	if (is_limited && !path->is_told)
		path->is_told = presence_events_tell(&e->presence_events,
			PRESENCE_EVENT_PATH_MTU, m, &m->nick);
}

void path_mtu_hear(struct engine *e, struct member *m,
	const struct packet_store *store, const struct wire_report *report,
	struct instant now)
{
	if (!m->path.is_limited)
		look_for_fails(e, m, store, report, now);
	if (report->origin == e->config.id)
		hear_of_ours(e, m, report->flags & WIRE_REPORT_SMALL);
}

uint8_t path_mtu_forms(const struct engine *e, struct member *m,
	const struct wire_report *report, const struct packet *packet)
{
	if (!is_large(packet->size))
		return PATH_MTU_WHOLE;
	if (packet->size > packet_size_to(e, m))
		return PATH_MTU_FRAGMENTS;
	if (report->flags & WIRE_REPORT_SMALL)
		return PATH_MTU_FRAGMENTS;
	return watch_of(e, &m->path, report->origin)->is_suspected
		       ? PATH_MTU_WHOLE | PATH_MTU_FRAGMENTS
		       : PATH_MTU_WHOLE;
}

uint8_t path_mtu_first_forms(const struct engine *e, size_t size)
{
	if (!e->path_mtu.is_limited || !is_large(size))
		return PATH_MTU_WHOLE;
	return e->path_mtu.are_all_limited
		       ? PATH_MTU_FRAGMENTS
		       : PATH_MTU_WHOLE | PATH_MTU_FRAGMENTS;
}

bool path_mtu_is_limited(const struct member *m)
{
	return m->path.ours.is_suspected || m->path.is_limited;
}

/* ---- what we get ---- */

/* How many packets must come in fragments. */
static unsigned packets_least(const struct path_mtu *path)
{
	return path->has_come_whole ? PATH_MTU_PACKETS_ALTHOUGH
				    : PATH_MTU_PACKETS;
}

/* Whether one of the last packets of a member that are kept is as large as this
 * and came whole. */
static bool has_whole(const struct packet_store *store, size_t size)
{
	for (uint64_t i = 1; i <= PATH_MTU_LOOKS; i++)
		if (is_whole_as_large(
			    packet_store_get(store, store->end - i), size))
			return true;
	return false;
}

void path_mtu_hear_fragments(struct engine *e, struct member *m,
	uint64_t number, size_t size, struct instant now)
{
	const struct packet_store *store = &m->window.store;
	struct packet *packet = packet_store_get(store, number);
	struct path_mtu *path = &m->path;

	if (packet)
		packet->was_cut = true;
	/* Of those that we do not take it says nothing. */
	if (size > WIRE_USUAL_MAX)
		return;
	if (!instant_before(now, path->limited_until)) {
		path->limited_size = 0;
		path->limited_count = 0;
		path->has_come_whole = has_whole(store, size);
	}
	if (size > path->limited_size)
		path->limited_size = (uint16_t)size;
	if (path->limited_count < packets_least(path))
		path->limited_count++;
	path->limited_until =
		instant_after(now, duration_ms(PATH_MTU_AGAIN_MS));
	e->path_mtu.until = path->limited_until;
}

void path_mtu_hear_whole(
	struct engine *e, uint64_t author, size_t size, struct instant now)
{
	struct member *m;

	/* Without fragments there is nothing to look for. */
	if (!is_large(size) || !instant_before(now, e->path_mtu.until))
		return;
	m = members_find(&e->members, author);
	if (!m || size < m->path.limited_size)
		return;
	m->path.limited_until = now;
	m->path.has_come_whole = true;
}

void path_mtu_note_vain(struct engine *e, unsigned nacks, struct instant now)
{
	struct instant until =
		instant_after(now, duration_ms(PATH_MTU_VAIN_MS));

	if (nacks >= PATH_MTU_VAIN && instant_before(e->path_mtu.until, until))
		e->path_mtu.until = until;
}

bool path_mtu_gets_fragments(const struct member *m, struct instant now)
{
	return m->path.limited_count >= packets_least(&m->path) &&
	       instant_before(now, m->path.limited_until);
}

size_t path_mtu_state_size(const struct engine *e, struct instant now)
{
	bool is_small = e->path_mtu.is_limited ||
			instant_before(now, e->path_mtu.until);

	return is_small && is_large(e->config.packet_size)
		       ? WIRE_SMALL_MAX
		       : e->config.packet_size;
}
