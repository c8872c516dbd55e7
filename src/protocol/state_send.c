/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/state_send.h"

#include <string.h>

#include "mchat/protocol/ack.h"
#include "mchat/protocol/backfill.h"
#include "mchat/protocol/lacks.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/gathering.h"
#include "mchat/protocol/limiting.h"
#include "mchat/protocol/nack.h"
#include "mchat/protocol/path_mtu.h"
#include "mchat/protocol/presence.h"
#include "mchat/protocol/report_list.h"
#include "mchat/protocol/timers.h"

/* In a group of up to this many, who hears whom is reported at once; in a
 * larger one, where that is a million pairs, little by little with presence. */
#define ACQUAINTED_MAX 256

/* A report that has no room for this many gaps is left for the next STATE. */
#define GAPS_LEAST 16

/* Members that are looked at for the rest of a STATE. */
#define OTHERS_LOOKS 256

/* In a group of more than GREETED_BY_ALL_MAX who hears whom is of no use any
 * more: it would take hours until all pairs are told.  A STATE has no more than
 * so many reports that only greet, or that nobody waits for. */
#define CROWD_REPORTS 4

/* Those who are polled take at most one in so many bytes of a STATE. */
#define POLLED_PART 6

/* How many that may be in a STATE of this size. */
static size_t polled_max(size_t size)
{
	size_t most = size / POLLED_PART / sizeof(uint64_t);

	return most < WIRE_POLLED_MAX ? most : WIRE_POLLED_MAX;
}

/* At most so many gaps. */
static size_t limit_gaps(const struct writer *writer)
{
	size_t room = wire_report_room(writer);

	if (room < GAPS_LEAST)
		return GAPS_LEAST;
	return room < WIRE_GAPS_MAX ? room : WIRE_GAPS_MAX;
}

/* Where the author stands on its time line, as far as we know. */
static struct wire_age age_of(const struct member *m, struct instant now)
{
	const struct receive_window *s = &m->window;
	struct duration age = instant_until(m->born, now);
	bool is_known = s->told.last == s->known;

	return (struct wire_age){
		.age = age,
		.quiet = {is_known ? age.ns - s->told.sent.ns : 0},
	};
}

/* The reports of the STATE that is being made, and what stands behind them. */
struct reports {
	struct writer writer;
	uint8_t *count;
	struct instant now;
	struct engine_reason *reason; /* of the STATE */
	struct duration held[WIRE_REPORTS_MAX];
	struct lacks {
		uint8_t report;
		uint8_t count;
		struct wire_lack list[WIRE_LACK_BLOCKS_MAX];
	} lacks[WIRE_LACKS_MAX + 1]; /* the last: none */
	uint8_t lacks_count;
	size_t tail; /* bytes that are left for what comes behind them */
	uint64_t polled[WIRE_POLLED_MAX];
	uint8_t polled_count;
};

/* What is missing: of whole blocks how much, where that is of use, and of the
 * rest which packets. */
static void add_gaps(struct engine *e, struct reports *reports,
	const struct member *m, struct wire_report *report)
{
	struct lacks *lacks = &reports->lacks[reports->lacks_count];
	uint64_t from = m->window.next;
	uint64_t end = m->window.known + 1;

	if (!receive_window_has_gap(&m->window))
		return;
	lacks->count = 0;
	if (!lacks_are_used(e, m, reports->now))
		end = lacks_plain_end(e, m, reports->now);
	else if (reports->lacks_count < WIRE_LACKS_MAX)
		lacks->count =
			lacks_list(e, m, lacks->list, &from, reports->now);
	report->gap_count = (uint8_t)receive_window_gaps(&m->window, from, end,
		report->gaps, limit_gaps(&reports->writer));
}

static struct wire_report make_report(
	struct engine *e, struct reports *reports, const struct member *m)
{
	const struct receive_window *s = &m->window;
	struct wire_report report = {.origin = m->id, .next = 1};

	if (m->wants_owed) {
		report.flags |= WIRE_REPORT_OWED;
		report.owed = m->owed_message;
	}
	if (!s->is_open)
		return report;
	report.next = s->next;
	/* While the author is still to say what it owes us, nothing of that is
	 * confirmed. */
	if (backfill_is_counting(s)) {
		report.next = s->delivered;
		report.flags |= WIRE_REPORT_COUNTS;
	}
	report.known = s->known;
	report.received = s->received;
	report.age = age_of(m, reports->now);
	if (s->told.is_counted && s->told.last == s->known) {
		report.flags |= WIRE_REPORT_COUNTED;
		report.messages = s->told.messages;
	}
	if (receive_window_has_lost(s))
		report.flags |= WIRE_REPORT_LOST;
	if (path_mtu_gets_fragments(m, reports->now))
		report.flags |= WIRE_REPORT_SMALL;
	if (!backfill_is_counting(s))
		add_gaps(e, reports, m, &report);
	return report;
}

static void explain_ask(struct engine_reason *reason,
	const struct wire_report *report, const struct lacks *lacks)
{
	if (reason->origins++ == 0)
		reason->origin = report->origin;
	for (size_t i = 0; i < report->gap_count; i++)
		reason->packets += report->gaps[i].count;
	for (size_t i = 0; i < lacks->count; i++)
		reason->packets += lacks->list[i].packets;
}

/* What is lacked comes behind the reports, as far as there is room. */
static void keep_lacks(struct reports *reports, struct lacks *lacks)
{
	size_t size = wire_lacks_size(lacks->count);

	if (lacks->count == 0 || size > writer_left(&reports->writer)) {
		lacks->count = 0;
		return;
	}
	lacks->report = *reports->count - 1;
	reports->lacks_count++;
	reports->writer.end -= size;
	reports->tail += size;
}

/* How long the packet has been here whose number is the last that is known. */
static struct duration held(const struct member *m, struct instant now)
{
	const struct receive_window *s = &m->window;

	return s->is_open && !instant_is_never(s->came)
		       ? instant_until(s->came, now)
		       : duration_us(WIRE_HELD_MAX_US);
}

/* Adds a report; false when it does not fit. */
static bool add_report(struct engine *e, struct reports *reports,
	struct member *m, struct wire_report *out)
{
	struct lacks *lacks = &reports->lacks[reports->lacks_count];

	lacks->count = 0;
	*out = make_report(e, reports, m);
	if (*reports->count >= WIRE_REPORTS_MAX ||
		!wire_report_encode(&reports->writer, reports->count, out))
		return false;
	reports->held[*reports->count - 1] = held(m, reports->now);
	keep_lacks(reports, lacks);
	if (m->must_report)
		explain_ask(reports->reason, out, lacks);
	timers_note_reported(e, m);
	ack_note_owed_told(m);
	m->reported = e->counter;
	return true;
}

/* Reports that a STATE has at most of those that nobody waits for: few in a
 * crowd; or when it confirms something to one, since who talks fast is
 * confirmed often: then those that presence has will do. */
static size_t extra_max(
	const struct engine *e, const struct reports *reports, bool is_presence)
{
	bool confirms = *reports->count > 0;

	if (e->members.here > ACQUAINTED_MAX && confirms && !is_presence)
		return 0;
	if (e->members.here > GREETED_BY_ALL_MAX ||
		(e->members.here > TIMERS_SMALL_GROUP && confirms))
		return CROWD_REPORTS;
	return WIRE_REPORTS_MAX;
}

/* Adds the reports on the first `most` members of a list; false when one did
 * not fit, or there are more. */
static bool add_reports(struct engine *e, struct reports *reports,
	enum report_list_kind kind, size_t most)
{
	struct member *wanted[WIRE_REPORTS_MAX];
	size_t count = report_list_get(e, kind, wanted, most);
	struct wire_report report;

	for (size_t i = 0; i < count; i++) {
		if (!add_report(e, reports, wanted[i], &report))
			return false;
		nack_note_reported(e, wanted[i]);
	}
	return !e->report_lists[kind].first;
}

/*
 * Adds the reports that somebody waits for, asks first; false when there are
 * more.  Those that confirm, if there was no room for them behind the asks, are
 * the first half of the next: else who makes us ask for more than we can, which
 * a few that forge many authors do, would have nobody confirmed.
 */
static bool add_wanted(struct engine *e, struct reports *reports)
{
	bool has_all;

	if (e->confirms_first)
		(void)add_reports(
			e, reports, REPORT_LIST_CONFIRMS, WIRE_REPORTS_MAX / 2);
	has_all =
		add_reports(e, reports, REPORT_LIST_ASKS, WIRE_REPORTS_MAX) &&
		add_reports(e, reports, REPORT_LIST_CONFIRMS, WIRE_REPORTS_MAX);
	e->confirms_first = e->report_lists[REPORT_LIST_CONFIRMS].first;
	return has_all;
}

/* Fills the rest of the packet with the other members, in turn. */
static void add_others(struct engine *e, struct reports *reports, size_t most)
{
	size_t begin = e->rotation;

	for (size_t i = 0; i < e->members.count; i++) {
		size_t at = (begin + i) % e->members.count;
		struct member *m = e->members.list[at];
		struct wire_report report;

		if (i == OTHERS_LOOKS || *reports->count >= most) {
			e->rotation = at;
			return;
		}
		/* Of who has left, and when we leave, only what others may
		 * still want. */
		if (m->reported == e->counter ||
			((!m->is_here || e->byes > 0) && m->window.known == 0))
			continue;
		if (!add_report(e, reports, m, &report)) {
			e->rotation = at;
			return;
		}
	}
}

/* Not all who came could be greeted at once. */
static void acquaint(struct engine *e, struct instant now)
{
	if (e->members.here <= ACQUAINTED_MAX)
		timers_greet_again(e, now);
}

/* Adds the reports that nobody waits for. */
static void add_extra(
	struct engine *e, struct reports *reports, bool is_presence)
{
	size_t most = extra_max(e, reports, is_presence);

	if (e->byes > 0)
		add_others(e, reports, WIRE_REPORTS_MAX);
	else if (!add_reports(e, reports, REPORT_LIST_GREETS, most))
		acquaint(e, reports->now);
	else if (is_presence)
		add_others(e, reports, most);
}

static uint8_t flags_of(const struct engine *e, struct instant now)
{
	return (uint8_t)((timers_is_fresh(e, now) ? WIRE_HELLO : 0) |
			 (e->wanted.asks ? WIRE_ANSWER : 0) |
			 (e->byes > 0 ? WIRE_BYE : 0) |
			 (presence_is_full(e, now) ? WIRE_FULL : 0));
}

/* Begins a STATE; false when it does not fit. */
static bool begin_state(struct engine *e, struct reports *reports)
{
	struct wire_header header = {
		.type = WIRE_STATE,
		.flags = flags_of(e, reports->now),
		.room = e->config.room,
		.member = e->config.id,
	};
	struct wire_state state = {
		.counter = ++e->counter,
		.hop_limit = e->config.hop_limit,
		.age = send_window_age(&e->send_window, reports->now),
		.nick = e->send_window.nick,
		.nick_size = (uint8_t)strlen(e->send_window.nick),
		.first = e->send_window.store.first,
		.last = e->send_window.unsent - 1,
		.messages = send_window_messages_sent(&e->send_window),
	};

	wire_header_encode(&reports->writer, &header);
	reports->count = wire_state_encode(&reports->writer, &state);
	return reports->count;
}

/* Whether we take larger packets than everybody does. */
static bool tells_largest(const struct engine *e)
{
	return e->config.packet_largest > WIRE_USUAL_MAX;
}

static size_t list_polled(struct engine *e, uint64_t *ids, size_t most)
{
	return e->gathering.is_due ? gathering_polled(e, ids, most)
				   : limiting_polled(e, ids, most);
}

size_t state_send_make(struct engine *e, uint8_t *out,
	struct engine_reason *why, struct instant now)
{
	struct reports reports;
	bool is_presence = e->wanted.is_of_all;
	size_t size = path_mtu_state_size(e, now);
	struct duration interval;
	bool has_begun;

	reports.now = now;
	reports.reason = why;
	reports.lacks_count = 0;
	reports.polled_count =
		(uint8_t)list_polled(e, reports.polled, polled_max(size));
	interval = timers_told_interval(e);
	reports.tail = wire_tail_size(size, reports.polled_count) +
		       (interval.ns > 0 ? WIRE_INTERVAL_SIZE : 0) +
		       (tells_largest(e) ? WIRE_LARGEST_SIZE : 0);
	writer_init(&reports.writer, out, size - reports.tail);
	has_begun = begin_state(e, &reports);
	state_wanted_begun(&e->wanted);
	if (!has_begun)
		return 0;
	e->counts.states_sent++;
	e->counts.nacks_sent += e->wanted.reasons >> ENGINE_NACK & 1;
	*why = state_wanted_take_reason(&e->wanted);
	timers_note_state(e);
	if (add_wanted(e, &reports))
		add_extra(e, &reports, is_presence);
	else
		state_wanted_add(&e->wanted, ENGINE_CONFIRM);
	reports.writer.end += reports.tail;
	wire_held_encode(&reports.writer, reports.held, *reports.count);
	for (unsigned i = 0; i < reports.lacks_count; i++)
		wire_lacks_encode(&reports.writer, reports.lacks[i].report,
			reports.lacks[i].list, reports.lacks[i].count);
	wire_interval_encode(&reports.writer, interval);
	if (tells_largest(e))
		wire_largest_encode(&reports.writer, e->config.packet_largest);
	wire_polled_encode(
		&reports.writer, reports.polled, reports.polled_count);
	return writer_size(&reports.writer);
}
