/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/repair.h"

#include <string.h>

#include "mchat/protocol/ack.h"
#include "mchat/protocol/backoff.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/nack.h"
#include "mchat/protocol/path_mtu.h"
#include "mchat/protocol/receive.h"
#include "mchat/protocol/timers.h"

/* Repairs a second that all members together may cause; repair_credit.h limits
 * what one member may. */
#define REPAIR_RATE_MAX 8000

/* How long an author is given to repair its own packets before others do;
 * while it is still heard, up to AUTHOR_MAX_MS. */
#define AUTHOR_MS     100
#define AUTHOR_MAX_MS 1000

/* Repairs of our own packets are scheduled this much earlier than those for
 * other authors, which may take only half of the queue.  The first packet that
 * a member lacks, for which all others wait there, is earlier than anything
 * that may still be in the queue. */
#define OWN_FIRST_MS    1000
#define LACKED_FIRST_MS 60000
#define OTHERS_MAX      (REPAIR_QUEUE_MAX / 2)

bool repair_may_cause(
	struct engine *e, struct member *m, size_t size, struct instant now)
{
	if (!repair_credit_take(&m->credit, size))
		return false;
	if (rate_limit_take(
		    &e->repair_rate, REPAIR_RATE_MAX, e->counts.data_sent, now))
		return true;
	repair_credit_give_back(&m->credit, size);
	return false;
}

/* Whether this member's credit, and the rate limit of all, allow this repair,
 * of so many bytes. */
static bool may_cause(struct engine *e, struct member *m, size_t size,
	const struct repair_queue_entry *repair)
{
	size_t most = repair->origin == e->config.id
			      ? REPAIR_CREDIT_QUEUE
			      : REPAIR_CREDIT_QUEUE_OTHERS;

	if (e->repair_queue.count >= most &&
		!repair_credit_is_earned(&m->credit))
		return false;
	return repair_may_cause(e, m, size, repair->requested);
}

/* Bytes that leave when a packet of this size is sent again in these forms. */
static size_t bytes_of(size_t size, uint8_t forms)
{
	size_t heads = wire_fragment_count(size) *
		       (WIRE_SMALL_MAX - WIRE_FRAGMENT_BYTES);

	return (forms & PATH_MTU_WHOLE ? size : 0) +
	       (forms & PATH_MTU_FRAGMENTS ? size + heads : 0);
}

/* Plans a repair of this packet that the member asks for, or notes that it
 * wants it, too. */
static void plan_repair(struct engine *e, struct member *m,
	struct packet *packet, const struct repair_queue_entry *repair,
	uint8_t forms)
{
	size_t bytes = bytes_of(packet->size, forms);

	if (packet->requests > 0) {
		packet->requests += packet->requester != m->id;
		packet->forms |= forms;
		return;
	}
	if (!may_cause(e, m, bytes, repair))
		return;
	if (!repair_queue_add(&e->repair_queue, repair)) {
		repair_credit_give_back(&m->credit, bytes);
		return;
	}
	packet->requester = m->id;
	packet->requests = 1;
	packet->forms = forms;
}

/* Repairs of our packets are ahead of those for other authors: nobody else
 * sends them so soon. */
static struct instant own_due(const struct wire_report *report, uint64_t number,
	struct instant requested)
{
	struct duration earlier = duration_ms(
		number == report->next ? LACKED_FIRST_MS : OWN_FIRST_MS);

	return (struct instant){requested.ns - earlier.ns};
}

/*
 * Plans repairs of those packets reported missing that a store has, except any
 * sent or heard since `held_off`, which need not be sent again yet; nor are
 * packets of ours repaired that were never sent.
 */
static void plan_repairs(struct engine *e, struct repair_request *request,
	const struct packet_store *store, struct repair_queue_entry *repair,
	const struct wire_report *report, struct instant held_off)
{
	for (size_t i = 0; i < report->gap_count; i++) {
		uint64_t number = report->gaps[i].first;
		uint64_t end = number + report->gaps[i].count;

		if (number < store->first)
			number = store->first;
		if (end > store->end)
			end = store->end;
		for (; number < end && request->looks > 0; number++) {
			struct packet *packet = packet_store_get(store, number);

			request->looks--;
			repair->number = number;
			if (repair->origin == e->config.id)
				repair->due = own_due(
					report, number, repair->requested);
			if (packet && instant_before(packet->touched, held_off))
				plan_repair(e, request->member, packet, repair,
					path_mtu_forms(e, request->member,
						report, packet));
		}
	}
}

void repair_plan_asked(struct engine *e, struct repair_request *request,
	const struct wire_report *report)
{
	struct duration hold_off = duration_longer(e->rtt, e->ack_rtt);
	struct repair_queue_entry repair = {
		.requested = request->at,
		.origin = e->config.id,
	};

	plan_repairs(e, request, &e->send_window.store, &repair, report,
		(struct instant){request->at.ns - hold_off.ns});
}

void repair_plan_ours(struct engine *e, struct repair_request *request,
	const struct wire_report *report)
{
	path_mtu_hear(
		e, request->member, &e->send_window.store, report, request->at);
	repair_plan_asked(e, request, report);
}

struct duration repair_wait_for_author(
	struct engine *e, const struct member *origin)
{
	struct duration wait = backoff_wait(
		&e->prng, duration_times(e->rtt, 2), e->members.here);

	/* It is given time to repair first, if it is still here. */
	if (origin->is_here)
		wait.ns += duration_longer(
			duration_times(e->rtt, 3), duration_ms(AUTHOR_MS))
				   .ns;
	return wait;
}

void repair_plan_others(struct engine *e, struct repair_request *request,
	struct member *origin, const struct wire_report *report)
{
	struct receive_window *s = &origin->window;
	struct repair_queue_entry repair = {
		.requested = request->at, .origin = origin->id};
	if (report->gap_count == 0 || e->repair_queue.count >= OTHERS_MAX)
		return;
	repair.due =
		instant_after(request->at, repair_wait_for_author(e, origin));
	if (report->gaps[0].first <= s->next)
		nack_suppress(e, origin, request->at);
	path_mtu_hear(e, request->member, &s->store, report, request->at);
	plan_repairs(e, request, &s->store, &repair, report, INSTANT_NEVER);
}

void repair_plan_unasked(struct engine *e, uint64_t number, struct instant now)
{
	const struct packet *packet =
		packet_store_get(&e->send_window.store, number);
	struct repair_queue_entry repair = {
		.due = now,
		.requested = now,
		.origin = e->config.id,
		.number = number,
	};

	if (packet && packet->requests == 0)
		repair_queue_add(&e->repair_queue, &repair);
}

void repair_probe(struct engine *e, struct instant now)
{
	const struct send_window *s = &e->send_window;

	for (uint64_t n = s->confirmed; n < s->unsent; n++)
		repair_plan_unasked(e, n, now);
}

/* Whether the only member that asked has since reported that it has the packet.
 */
static bool is_had(const struct engine *e, const struct packet *packet,
	const struct repair_queue_entry *repair)
{
	const struct member *asker =
		members_find(&e->members, packet->requester);

	if (!asker || packet->requests > 1)
		return false;
	if (repair->origin == e->config.id)
		return asker->reported_next > repair->number;
	return peer_reports_next(&asker->peer_reports, repair->origin) >
	       repair->number;
}

/* A repair that was planned is not sent: who was to have it may cause another.
 */
static void cancel_repair(struct engine *e, const struct packet *packet)
{
	struct member *m = members_find(&e->members, packet->requester);

	if (m && packet->requests > 0)
		repair_credit_give_back(
			&m->credit, bytes_of(packet->size, packet->forms));
}

/* The packet of a planned repair; NULL when it is not kept any more. */
static struct packet *find_packet(
	struct engine *e, uint64_t origin, uint64_t number)
{
	const struct member *m;

	if (origin == e->config.id)
		return packet_store_get(&e->send_window.store, number);
	m = members_find(&e->members, origin);
	return m && m->window.is_open
		       ? packet_store_get(&m->window.store, number)
		       : NULL;
}

bool repair_is_left_to(const struct member *author, struct instant requested,
	struct instant now)
{
	struct duration recent = duration_ms(AUTHOR_MS);
	struct duration longest = duration_ms(AUTHOR_MAX_MS);

	return author->is_here && instant_before(requested, author->heard) &&
	       instant_before(now, instant_after(author->heard, recent)) &&
	       instant_before(now, instant_after(requested, longest));
}

/* Whether this repair is left to the author. */
static bool is_for_author(struct engine *e,
	const struct repair_queue_entry *repair, struct instant now)
{
	const struct member *m = members_find(&e->members, repair->origin);

	return m && repair_is_left_to(m, repair->requested, now);
}

/* A packet was sent again, the last fragment of it if it was cut. */
static void note_sent(
	struct engine *e, const struct engine_reason *why, struct instant now)
{
	if (why->why == ENGINE_FIRST)
		return;
	e->counts.repairs_sent++;
	if (why->why != ENGINE_REPAIR)
		return;
	ack_count_sent(e);
	/* Of what nobody asked for the beat goes on as it was. */
	if (why->requests > 0)
		timers_start_heartbeat(e, now);
}

static size_t send_repair(struct engine *e, struct packet *packet, uint8_t *out,
	const struct engine_reason *why, struct instant now)
{
	packet->touched = now;
	memcpy(out, packet->bytes, packet->size);
	wire_mark_repair(out);
	note_sent(e, why, now);
	return packet->size;
}

/* ---- in fragments ---- */

bool repair_is_cutting(const struct engine *e)
{
	return e->repair_cut.origin != 0;
}

/* From now on the fragments of the packet leave, before any other repair. */
static void begin_to_cut(struct engine *e, struct packet *packet,
	uint64_t origin, uint64_t number, const struct engine_reason *why)
{
	packet->was_cut = true;
	e->repair_cut = (struct repair_cut){
		.origin = origin,
		.number = number,
		.why = *why,
	};
}

/* The next fragment of the packet that is being cut, with its reason; 0 when
 * none is, or it is not kept any more. */
static size_t next_fragment(struct engine *e, uint8_t *out,
	struct engine_reason *why, struct instant now)
{
	struct repair_cut *cut = &e->repair_cut;
	struct packet *packet =
		repair_is_cutting(e) ? find_packet(e, cut->origin, cut->number)
				     : NULL;
	struct wire_header header = {
		.type = WIRE_FRAGMENT,
		.room = e->config.room,
		.member = cut->origin,
	};
	struct wire_fragment fragment = {
		.sequence = cut->number,
		.offset = cut->offset,
	};
	struct writer writer;

	if (!packet) {
		cut->origin = 0;
		return 0;
	}
	packet->touched = now;
	fragment.packet_size = packet->size;
	fragment.bytes = packet->bytes + cut->offset;
	fragment.size = wire_fragment_size(packet->size, cut->offset);
	writer_init(&writer, out, WIRE_SMALL_MAX);
	wire_header_encode(&writer, &header);
	wire_fragment_encode(&writer, &fragment);
	*why = cut->why;
	cut->offset = (uint16_t)(cut->offset + fragment.size);
	if (wire_fragment_is_last(&fragment)) {
		cut->origin = 0;
		note_sent(e, why, now);
	}
	return writer_size(&writer);
}

size_t repair_cut_first(struct engine *e, struct packet *packet,
	uint64_t number, uint8_t forms, uint8_t *out, struct instant now)
{
	if (forms & PATH_MTU_FRAGMENTS)
		begin_to_cut(e, packet, e->config.id, number, &e->reason);
	return forms == PATH_MTU_FRAGMENTS
		       ? next_fragment(e, out, &e->reason, now)
		       : packet->size;
}

/* Sends a repair in the forms that were asked for, or the first part of it. */
static size_t send_forms(struct engine *e, struct packet *packet,
	const struct repair_queue_entry *repair, uint8_t *out,
	struct engine_reason *why, struct instant now)
{
	uint8_t forms = packet->forms;

	packet->forms = 0;
	if (forms & PATH_MTU_FRAGMENTS)
		begin_to_cut(e, packet, repair->origin, repair->number, why);
	return forms == PATH_MTU_FRAGMENTS
		       ? next_fragment(e, out, why, now)
		       : send_repair(e, packet, out, why, now);
}

/* ---- what is due ---- */

size_t repair_next(struct engine *e, uint8_t *out, struct engine_reason *why,
	struct instant now)
{
	const struct repair_queue_entry *first;
	size_t size = next_fragment(e, out, why, now);

	if (size > 0)
		return size;
	while ((first = repair_queue_first(&e->repair_queue)) &&
		!instant_before(now, first->due)) {
		struct repair_queue_entry repair = *first;
		bool is_ours = repair.origin == e->config.id;
		struct packet *packet;
		bool is_needed;

		repair_queue_drop_first(&e->repair_queue);
		if (!is_ours && is_for_author(e, &repair, now)) {
			repair.due = instant_after(now, duration_ms(AUTHOR_MS));
			repair_queue_add(&e->repair_queue, &repair);
			continue;
		}
		packet = find_packet(e, repair.origin, repair.number);
		if (!packet)
			continue;
		*why = (struct engine_reason){
			.why = is_ours ? ENGINE_REPAIR : ENGINE_REPAIR_FOR,
			.requester = packet->requester,
			.requests = packet->requests,
			.origin = repair.origin,
		};
		/* Perhaps another member was faster. */
		is_needed =
			!instant_before(repair.requested, packet->touched) &&
			!is_had(e, packet, &repair);
		if (!is_needed)
			cancel_repair(e, packet);
		packet->requests = 0;
		if (is_needed)
			return send_forms(e, packet, &repair, out, why, now);
		packet->forms = 0;
	}
	return 0;
}
