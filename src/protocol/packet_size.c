/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/packet_size.h"

#include "mchat/protocol/engine_internal.h"

/* A look at all members in search of a larger size is followed by no other for
 * so long for each of them. */
#define LOOK_EACH_US 10

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* What the usual size is to us, which includes all that need not be said. */
static size_t usual(const struct engine *e)
{
	return e->config.packet_size;
}

static size_t taken_by(const struct engine *e, const struct member *m)
{
	return m->path.takes > usual(e) && !m->path.loses_larger ? m->path.takes
								 : usual(e);
}

size_t packet_size_to(const struct engine *e, const struct member *m)
{
	size_t taken = m->path.takes > WIRE_USUAL_MAX && !m->path.loses_larger
			       ? m->path.takes
			       : WIRE_USUAL_MAX;
	size_t ours = e->config.packet_largest > WIRE_USUAL_MAX
			      ? e->config.packet_largest
			      : WIRE_USUAL_MAX;

	return smaller(taken, ours);
}

void packet_size_hear(struct member *m, size_t largest)
{
	m->path.takes = (uint16_t)smaller(largest, WIRE_PACKET_MAX);
}

/* As large as all allow. */
static size_t find_size(const struct engine *e)
{
	size_t size = e->config.packet_largest;

	if (e->members.here == 0)
		return usual(e);
	for (size_t i = 0; i < e->members.here && size > usual(e); i++)
		size = smaller(size, taken_by(e, e->members.list[i]));
	return size;
}

static size_t wanted(const struct engine *e)
{
	return e->packet_size.is_fast ? e->packet_size.agreed : usual(e);
}

size_t packet_size_now(const struct engine *e)
{
	return e->path_mtu.is_limited ? smaller(wanted(e), WIRE_SMALL_MAX)
				      : wanted(e);
}

void packet_size_apply(struct engine *e)
{
	size_t limited = 0;
	bool is_limited;

	for (size_t i = 0; i < e->members.here; i++)
		limited += e->members.list[i]->path.is_limited;
	is_limited = limited > 0;
	e->path_mtu.is_limited = is_limited;
	e->path_mtu.are_all_limited = limited == e->members.here;
	send_window_set_packet_size(
		&e->send_window, is_limited && wanted(e) > WIRE_SMALL_MAX
					 ? WIRE_SMALL_MAX
					 : wanted(e) - WIRE_CODE_EXTRA);
}

static void set(struct engine *e, size_t size, struct instant now)
{
	struct packet_size *of = &e->packet_size;

	if (size == of->agreed)
		return;
	if (size < of->agreed && e->members.here > 0)
		of->rests_until =
			instant_after(now, duration_ms(PACKET_SIZE_REST_MS));
	of->agreed = size;
	packet_size_apply(e);
}

/* Looks for a larger size, not too often. */
static void look(struct engine *e, struct instant now)
{
	struct packet_size *of = &e->packet_size;
	struct duration each =
		duration_us(LOOK_EACH_US * (int64_t)(e->members.here + 1));
	size_t size;

	if (instant_before(now, of->rests_until) ||
		(of->has_looked &&
			instant_before(now, instant_after(of->looked, each))))
		return;
	of->has_looked = true;
	of->looked = now;
	size = find_size(e);
	if (size > of->agreed)
		set(e, size, now);
}

void packet_size_update(
	struct engine *e, const struct member *m, struct instant now)
{
	const struct packet_size *of = &e->packet_size;

	if (e->members.here == 0)
		set(e, usual(e), now);
	else if (m && m->is_here && taken_by(e, m) < of->agreed)
		set(e, taken_by(e, m), now);
	else if (of->agreed < e->config.packet_largest)
		look(e, now);
}

void packet_size_follow_rate(struct engine *e)
{
	struct packet_size *of = &e->packet_size;
	double a_ms = e->congestion.rate / 1000;
	double least = (double)of->agreed * (of->is_fast ? 1 : 2);

	if (of->is_fast == (a_ms >= least))
		return;
	of->is_fast = !of->is_fast;
	packet_size_apply(e);
}

void packet_size_note_lost(
	struct engine *e, struct member *m, struct instant now)
{
	m->path.loses_larger = true;
	packet_size_update(e, m, now);
}
