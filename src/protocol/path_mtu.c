/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/path_mtu.h"

#include <string.h>

#include "mchat/protocol/engine_internal.h"

static bool is_large(size_t size)
{
	return size > WIRE_SMALL_MAX;
}

/* ---- what a member gets ---- */

/* Large packets do reach it. */
static void acquit(struct path_mtu *path)
{
	path->origin = 0;
	path->fails = 0;
	path->is_suspected = false;
}

/* Whether one of these is a large packet that was never sent in fragments. */
static bool has_large(const struct packet_store *store, uint64_t number,
	uint64_t end, unsigned *looks)
{
	for (; number<end && * looks> 0; number++, --*looks) {
		const struct packet *packet = packet_store_get(store, number);

		if (packet && is_large(packet->size) && !packet->was_cut)
			return true;
	}
	return false;
}

/* Whether the reporter has a large packet behind the first gap.  What is behind
 * the last gap that it reports it may lack as well. */
static bool has_large_behind_gap(
	const struct packet_store *store, const struct wire_report *report)
{
	unsigned looks = PATH_MTU_LOOKS;

	for (size_t i = 1; i < report->gap_count; i++) {
		const struct wire_gap *before = &report->gaps[i - 1];

		if (has_large(store, before->first + before->count,
			    report->gaps[i].first, &looks))
			return true;
	}
	return false;
}

/* Whether it has got the packet that was watched, and not by fragments. */
static bool has_got_watched(const struct path_mtu *path,
	const struct packet_store *store, const struct wire_report *report)
{
	const struct packet *packet = packet_store_get(store, path->number);

	return path->origin == report->origin && report->next > path->number &&
	       !(packet && packet->was_cut);
}

/* It asks for this packet first of all. */
static void watch(const struct engine *e, struct path_mtu *path,
	const struct packet *packet, const struct wire_report *report,
	struct instant now)
{
	uint64_t number = report->gaps[0].first;
	struct duration hold_off = duration_longer(e->rtt, e->ack_rtt);
	struct instant held_off = {now.ns - hold_off.ns};

	if (path->origin != report->origin || path->number != number) {
		path->origin = report->origin;
		path->number = number;
		path->fails = 0;
		path->asked = now;
	} else if (instant_before(path->asked, packet->touched) &&
		   instant_before(packet->touched, held_off)) {
		path->fails++;
		path->asked = now;
	}
	if (path->fails >= PATH_MTU_FAILS)
		path->is_suspected = true;
}

static void look_for_fails(const struct engine *e, struct path_mtu *path,
	const struct packet_store *store, const struct wire_report *report,
	struct instant now)
{
	/* Then the large ones that it has came in fragments of others. */
	bool is_claimed = report->flags & WIRE_REPORT_SMALL;
	struct instant watched =
		instant_after(path->asked, duration_ms(PATH_MTU_WATCH_MS));
	const struct packet *packet;

	if (!is_claimed && has_got_watched(path, store, report))
		acquit(path);
	if (report->gap_count == 0 ||
		(path->origin != 0 && path->origin != report->origin &&
			instant_before(now, watched)))
		return;
	packet = packet_store_get(store, report->gaps[0].first);
	if (!packet || !is_large(packet->size))
		return;
	if (!is_claimed && has_large_behind_gap(store, report))
		acquit(path);
	else
		watch(e, path, packet, report, now);
}

static void tell(struct engine *e, struct member *m)
{
	struct presence_event notice = {
		.kind = PRESENCE_EVENT_PATH_MTU,
		.id = m->id,
		.nick_size = m->nick.size,
	};

	memcpy(notice.nick, m->nick.text, m->nick.size);
	m->path.is_told = presence_events_add(&e->presence_events, &notice);
}

void path_mtu_update(struct engine *e)
{
	size_t size = e->config.packet_size;
	bool is_limited = false;

	for (size_t i = 0; i < e->members.here && !is_limited; i++)
		is_limited = e->members.list[i]->path.is_limited;
	e->path_mtu.is_limited = is_limited;
	send_window_set_packet_size(&e->send_window,
		is_limited && is_large(size) ? WIRE_SMALL_MAX : size);
}

void path_mtu_forget(struct engine *e, const struct member *m)
{
	if (m->path.is_limited)
		path_mtu_update(e);
}

/* It says how packets of ours come to it.  A claim alone costs the group
 * nothing: it is to ask for a large packet, too. */
static void hear_of_ours(struct engine *e, struct member *m, bool is_claimed)
{
	struct path_mtu *path = &m->path;
	bool is_limited =
		is_claimed && (path->is_limited || path->is_suspected ||
				      path->origin == e->config.id);

	/* Of one that was gone the group has to hear again. */
	if (is_limited == path->is_limited &&
		(!is_limited || e->path_mtu.is_limited))
		return;
	if (!is_limited)
		acquit(path);
	path->is_limited = is_limited;
	path_mtu_update(e);
	if (is_limited && !path->is_told)
		tell(e, m);
}

void path_mtu_hear(struct engine *e, struct member *m,
	const struct packet_store *store, const struct wire_report *report,
	struct instant now)
{
	if (!m->path.is_limited)
		look_for_fails(e, &m->path, store, report, now);
	if (report->origin == e->config.id)
		hear_of_ours(e, m, report->flags & WIRE_REPORT_SMALL);
}

uint8_t path_mtu_forms(const struct member *m, const struct wire_report *report,
	const struct packet *packet)
{
	if (!is_large(packet->size))
		return PATH_MTU_WHOLE;
	if (report->flags & WIRE_REPORT_SMALL)
		return PATH_MTU_FRAGMENTS;
	return m->path.is_suspected ? PATH_MTU_WHOLE | PATH_MTU_FRAGMENTS
				    : PATH_MTU_WHOLE;
}

bool path_mtu_is_limited(const struct member *m)
{
	return m->path.is_suspected || m->path.is_limited;
}

/* ---- what we get ---- */

void path_mtu_hear_fragments(
	struct engine *e, struct member *m, struct instant now)
{
	m->path.limited_until =
		instant_after(now, duration_ms(PATH_MTU_AGAIN_MS));
	e->path_mtu.until = m->path.limited_until;
}

void path_mtu_hear_whole(
	struct engine *e, uint64_t author, size_t size, struct instant now)
{
	struct member *m;

	/* Without fragments there is nothing to look for. */
	if (!is_large(size) || !instant_before(now, e->path_mtu.until))
		return;
	m = members_find(&e->members, author);
	if (m)
		m->path.limited_until = now;
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
	return instant_before(now, m->path.limited_until);
}

size_t path_mtu_state_size(const struct engine *e, struct instant now)
{
	bool is_small = e->path_mtu.is_limited ||
			instant_before(now, e->path_mtu.until);

	return is_small && is_large(e->config.packet_size)
		       ? WIRE_SMALL_MAX
		       : e->config.packet_size;
}
