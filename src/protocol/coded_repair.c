/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/coded_repair.h"

#include "mchat/protocol/ack.h"
#include "mchat/protocol/coder.h"
#include "mchat/protocol/coding.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/lacks.h"
#include "mchat/protocol/limiting.h"
#include "mchat/protocol/packet_size.h"
#include "mchat/protocol/repair.h"
#include "mchat/protocol/timers.h"

/* The part of what is usually needed that leaves before anybody asks: the rest
 * is what one block needs and another does not. */
#define AHEAD 0.9

/* What left before is not under way any more, or twice as long as a turn-around
 * takes, if that is more. */
#define UNDER_WAY_MAX_MS 50

/* A block that is so many packets behind the last is soon waited for. */
#define URGENT_BEHIND (SEND_WINDOW_PACKETS / 4)

/* Packets that are sent again as they are for one STATE, from the first that is
 * lacked, where combinations are used up: few, since they were by somebody who
 * lacks much, or says so. */
#define PLAIN_MAX 4

static struct duration turn_around(const struct engine *e)
{
	return duration_longer(e->rtt, e->ack_rtt);
}

/* What left since then may still be under way. */
static struct instant recent(const struct engine *e, struct instant now)
{
	return (struct instant){now.ns - turn_around(e).ns};
}

/* To a member that reports this: what left before the last packet that it knows
 * has come or is lost; what left behind that had not come by then, however long
 * anybody was kept from reading. */
static struct instant recent_to(const struct engine *e,
	const struct wire_report *report, struct instant now)
{
	const struct packet *known =
		packet_store_get(&e->send_window.store, report->known);
	struct duration longest = duration_longer(duration_ms(UNDER_WAY_MAX_MS),
		duration_times(turn_around(e), 2));
	struct instant earliest = {now.ns - longest.ns};

	if (!known || report->known + 1 >= e->send_window.unsent)
		return recent(e, now);
	return instant_before(known->sent_at, earliest) ? earliest
							: known->sent_at;
}

/* Plans what the member may cause of what it needs; returns how many. */
static unsigned plan(struct engine *e, struct coder *coder,
	struct repair_request *request, const struct coder_request *asked)
{
	unsigned need = coder_need(coder, asked);
	unsigned may = 0;

	while (may < need && request->looks > 0 &&
		repair_may_cause(e, request->member, e->packet_size.agreed,
			request->at)) {
		request->looks--;
		may++;
	}
	return coder_plan(coder, asked, may);
}

/* Of the block that is still being sent, how many packets left since then: they
 * may be under way. */
static unsigned count_recent(
	const struct engine *e, uint64_t first, struct instant recent)
{
	const struct send_window *s = &e->send_window;
	uint64_t number = s->unsent;
	unsigned count = 0;

	if (first + CODING_BLOCK <= s->unsent)
		return 0;
	while (number-- > first) {
		const struct packet *packet =
			packet_store_get(&s->store, number);

		if (!packet || instant_before(packet->touched, recent))
			break;
		count++;
	}
	return count;
}

/* No more is lacked of a block than so many packets. */
static void cap(struct wire_lack *lack, unsigned count)
{
	if (lack->packets > count)
		lack->packets = (uint8_t)count;
}

/* Leaves out of what is lacked what may be under way. */
static void leave_out(struct wire_lack *lack, unsigned count)
{
	lack->packets =
		(uint8_t)(lack->packets > count ? lack->packets - count : 0);
}

/* Others have had all combinations of the block made: the first packets that
 * are lacked are sent again as they are. */
static void plan_plain(struct engine *e, struct repair_request *request,
	const struct wire_report *report, unsigned lacked)
{
	struct wire_report asked = *report;

	asked.gap_count = 1;
	asked.gaps[0] = (struct wire_gap){
		report->next, lacked < PLAIN_MAX ? lacked : PLAIN_MAX};
	repair_plan_asked(e, request, &asked);
}

/* How many packets of a block were sent, of which the first was. */
static unsigned count_sent(const struct engine *e, uint64_t first)
{
	uint64_t sent = e->send_window.unsent - first;

	return sent < CODING_BLOCK ? (unsigned)sent : CODING_BLOCK;
}

void coded_repair_plan_ours(struct engine *e, struct repair_request *request,
	const struct wire_report *report, const struct wire_lacks *lacks)
{
	struct coder_request asked = {
		.first = coding_block_first(report->next),
		.loss = limiting_usual_loss(e),
		.requester = request->member->id,
		.recent = recent_to(e, report, request->at),
	};

	if (lacks->count > 0 && wire_lack_at(lacks, 0).packets > 0 &&
		coder_is_used_up(&e->coder, asked.first))
		plan_plain(e, request, report, wire_lack_at(lacks, 0).packets);
	for (unsigned i = 0; i < lacks->count; i++) {
		asked.lack = wire_lack_at(lacks, i);
		if (asked.first >= e->send_window.unsent)
			return;
		cap(&asked.lack, count_sent(e, asked.first));
		leave_out(&asked.lack,
			count_recent(e, asked.first, asked.recent));
		asked.is_urgent =
			e->send_window.unsent - asked.first > URGENT_BEHIND;
		if (asked.lack.packets > 0)
			(void)plan(e, &e->coder, request, &asked);
		asked.first += CODING_BLOCK;
	}
}

void coded_repair_note_sent(
	struct engine *e, uint64_t number, struct instant now)
{
	uint64_t first = coding_block_first(number);
	const struct packet *begin =
		packet_store_get(&e->send_window.store, first);
	double loss = limiting_usual_loss(e);

	if (coding_column(number) < CODING_BLOCK - 1 || !begin ||
		e->ack_counts.members < LACKS_RECEIVERS_LEAST ||
		e->path_mtu.is_limited)
		return;
	/* Of a slow author what is lost is known before the block is full. */
	if (instant_before(
		    instant_after(begin->sent_at, duration_ms(LACKS_BLOCK_MS)),
		    now))
		return;
	coder_plan_ahead(
		&e->coder, first, AHEAD * CODING_BLOCK * loss / (1 - loss));
}

/* ---- in place of another author ---- */

/* Which of the others' indices is ours in a block: who makes another has
 * another, mostly. */
static uint8_t index_of_others(const struct engine *e, uint8_t number)
{
	unsigned span = WIRE_CODE_OF_OTHERS - WIRE_CODE_OF_AUTHOR;
	unsigned begin =
		(unsigned)(e->config.id * UINT64_C(0x9E3779B97F4A7C15) >> 33);

	return (uint8_t)(WIRE_CODE_OF_AUTHOR + (begin + number) % span);
}

/* Whether all of the block is here that was sent, as far as we know. */
static bool is_whole(const struct receive_window *s, uint64_t first)
{
	uint64_t last = first + CODING_BLOCK - 1;

	if (last > s->known)
		last = s->known;
	return first <= last && s->next > last &&
	       packet_store_find(&s->store, first) == first;
}

void coded_repair_plan_others(struct engine *e, struct repair_request *request,
	struct member *origin, uint64_t next, const struct wire_lacks *lacks)
{
	struct helping *helping = &e->helping;
	struct coder_request asked = {
		.first = coding_block_first(next),
		.requester = request->member->id,
		.recent = recent(e, request->at),
	};
	unsigned planned = 0;

	/* It has only just been heard, and will do so itself. */
	if (repair_is_left_to(origin, (struct instant){origin->heard.ns - 1},
		    request->at))
		return;
	if (helping->author != origin->id) {
		if (helping->coder.planned > 0)
			return;
		*helping = (struct helping){.author = origin->id};
	}
	if (helping->coder.planned == 0)
		helping->requested = request->at;
	for (unsigned i = 0; i < lacks->count; i++) {
		asked.lack = wire_lack_at(lacks, i);
		/* What it heard of is the author's. */
		asked.lack.heard = 0;
		if (asked.lack.packets > 0 &&
			is_whole(&origin->window, asked.first))
			planned += plan(e, &helping->coder, request, &asked);
		asked.first += CODING_BLOCK;
	}
	if (planned > 0 && planned == helping->coder.planned)
		helping->due = instant_after(
			request->at, repair_wait_for_author(e, origin));
}

void coded_repair_hear(struct engine *e, const struct member *m, uint64_t last)
{
	if (e->helping.author == m->id)
		coder_note_heard(&e->helping.coder, coding_block_first(last));
}

/* Whether who asked has since said that it has all up to `last`. */
static bool is_had(const struct engine *e, const struct member *author,
	uint64_t requester, uint64_t last)
{
	const struct member *m = members_find(&e->members, requester);

	return m && peer_reports_next(&m->peer_reports, author->id) > last;
}

/* ---- what is due ---- */

/* Where combinations are taken from. */
struct source {
	struct coder *coder;
	const struct packet_store *store;
	const struct member *author; /* NULL: they are ours */
	uint64_t last;               /* that was sent, as far as we know */
};

/* The largest combination that is of use to who asked for it; unasked, to all.
 */
static size_t largest_for(const struct engine *e, uint64_t requester)
{
	const struct member *m =
		requester != 0 ? members_find(&e->members, requester) : NULL;

	if (m)
		return packet_size_to(e, m);
	return e->packet_size.agreed > WIRE_USUAL_MAX ? e->packet_size.agreed
						      : WIRE_USUAL_MAX;
}

/* The next that is planned and can be made; 0 without any. */
static size_t make_next(struct engine *e, const struct source *source,
	uint8_t *out, struct engine_reason *why, struct instant now)
{
	const struct member *author = source->author;
	struct coder_order order = {
		.store = source->store,
		.header = {.type = WIRE_CODE,
			.room = e->config.room,
			.member = author ? author->id : e->config.id},
	};
	struct coder_next next;

	while (coder_take(source->coder, &next, now)) {
		size_t size = 0;

		order.last = next.first + CODING_BLOCK - 1;
		if (order.last > source->last)
			order.last = source->last;
		order.header.index =
			author ? index_of_others(e, next.index) : next.index;
		order.most = largest_for(e, next.requester);
		order.goes_on = next.planned > 0;
		if (order.last >= next.first &&
			!(author &&
				is_had(e, author, next.requester, order.last)))
			size = coder_make(&source->coder->made, &order, out);
		if (size == 0) {
			coder_cancel(source->coder, next.first);
			continue;
		}
		*why = (struct engine_reason){
			.why = author ? ENGINE_CODE_FOR : ENGINE_CODE,
			.requester = next.requester,
			.requests = next.requester != 0,
			.origin = order.header.member,
			.packets = next.lack,
		};
		e->counts.coded_sent++;
		return size;
	}
	return 0;
}

static size_t next_of_ours(struct engine *e, uint8_t *out,
	struct engine_reason *why, struct instant now)
{
	struct source source = {
		.coder = &e->coder,
		.store = &e->send_window.store,
		.last = e->send_window.unsent - 1,
	};
	size_t size = make_next(e, &source, out, why, now);

	if (size == 0)
		return 0;
	ack_count_sent(e);
	byte_rate_add(&e->sending, size, now);
	timers_start_heartbeat(e, now);
	return size;
}

static size_t next_for_others(struct engine *e, uint8_t *out,
	struct engine_reason *why, struct instant now)
{
	struct helping *helping = &e->helping;
	struct member *m = members_find(&e->members, helping->author);

	if (helping->coder.planned == 0 || instant_before(now, helping->due))
		return 0;
	if (!m || !m->window.is_open) {
		helping->coder = (struct coder){0};
		return 0;
	}
	if (repair_is_left_to(m, helping->requested, now)) {
		helping->due = instant_after(now, repair_wait_for_author(e, m));
		return 0;
	}
	return make_next(e,
		&(struct source){
			.coder = &helping->coder,
			.store = &m->window.store,
			.author = m,
			.last = m->window.known,
		},
		out, why, now);
}

struct instant coded_repair_deadline(const struct engine *e)
{
	/* Any time that is past: as soon as the rate allows. */
	if (e->coder.planned > 0)
		return e->ticked;
	return e->helping.coder.planned > 0 ? e->helping.due : INSTANT_NEVER;
}

size_t coded_repair_next(struct engine *e, uint8_t *out,
	struct engine_reason *why, struct instant now)
{
	size_t size = next_of_ours(e, out, why, now);

	return size > 0 ? size : next_for_others(e, out, why, now);
}
