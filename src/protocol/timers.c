/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/timers.h"

#include "mchat/base/prng.h"
#include "mchat/base/real.h"
#include "mchat/protocol/backoff.h"
#include "mchat/protocol/deadlines.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/limiting.h"
#include "mchat/protocol/report_list.h"

/* A member that joined less than this ago sets the flag hello. */
#define FRESH_MS 2000

/* Presence: the whole group sends this many STATEs a second, and each member
 * on average at most one in this time (RFC 3550, section 6.2). */
#define PRESENCE_PER_SECOND 40
#define PRESENCE_MIN_MS     2000

/* How long a confirmation may wait after a packet: the longer of this and the
 * second for each member, so that they do not all come at once; the third
 * takes the second's place for a STATE that only answers. */
#define CONFIRM_MS      5
#define CONFIRM_EACH_US 3000
#define ANSWER_EACH_US  10000

/* A confirmation does not wait longer than this, however many members there
 * are: an author waits for several of them (ACK_STALL_CONFIRMS). */
#define CONFIRM_MAX_MS 1500

/*
 * The faster authors send, the sooner they are confirmed: all members together
 * confirm with this share of the bytes that come in (as RFC 3550, section 6.2,
 * has it), a limiting receiver with another; a confirmation takes so many
 * bytes, with what seals it and all headers, and waits at least so long.  In a
 * group of more than TIMERS_SMALL_GROUP it may be later for that than the
 * above, by this much; and where little is lost each waits for up to three
 * quarters of what an author may have unconfirmed: there what is lost is asked
 * for, and a rate follows the limiting receiver.
 */
#define SHARE          0.025
#define SHARE_LIMITING 0.01
#define CONFIRM_SIZE   128.0
#define CONFIRM_MIN_US 1000
#define LATER_PERCENT  250

/* The author's heartbeat begins with this interval, which doubles (LBRM) up to
 * that: several confirmations are asked for before a member is let go. */
#define HEARTBEAT_FIRST_MS 6
#define HEARTBEAT_MAX_MS   1500

/* The time that those who are polled have, at least. */
#define POLL_MS 5

/* After so many polls that nobody followed the next ones wait for longer: where
 * a third is lost, one member does not follow half of them. */
#define POLLS_IN_VAIN_MAX 4

/* Who is polled again within this time has so long, whoever polls: so that one
 * that polls many in each packet has them send no more than a few hundred a
 * second each. */
#define POLL_AGAIN_MS 5

/* Heartbeats up to this interval send unconfirmed packets again instead of a
 * STATE (see repair_probe). */
#define PROBE_MS 50

/* The wait between two NACKs doubles up to this. */
#define ASK_AGAIN_MAX_MS 1000

/* Hello is said again after this, and then after twice the time. */
#define HELLO_AGAIN_MS 50

struct duration timers_interval_of(size_t members)
{
	int64_t ms = (int64_t)members * 1000 / PRESENCE_PER_SECOND;

	return duration_ms(ms > PRESENCE_MIN_MS ? ms : PRESENCE_MIN_MS);
}

struct duration timers_presence_interval(const struct engine *e)
{
	return timers_interval_of(e->members.here + 1);
}

struct duration timers_told_interval(const struct engine *e)
{
	struct duration interval = timers_presence_interval(e);

	return interval.ns > duration_ms(PRESENCE_MIN_MS).ns
		       ? interval
		       : (struct duration){0};
}

/* Between half and one and a half intervals (RFC 3550, section 6.3.1). */
static void schedule_presence(struct engine *e, struct instant now)
{
	struct duration interval = timers_presence_interval(e);

	e->presence_at = instant_after(
		now, prng_duration(&e->prng, (struct duration){interval.ns / 2},
			     (struct duration){interval.ns * 3 / 2}));
}

void timers_init(struct engine *e, struct instant now)
{
	e->stall_look = INSTANT_NEVER;
	e->heartbeat_at = INSTANT_NEVER;
	e->confirm_at = INSTANT_NEVER;
	e->hello = duration_ms(HELLO_AGAIN_MS);
	e->hello_at = instant_after(now, e->hello);
	schedule_presence(e, now);
}

void timers_wake(struct engine *e, struct member *m, struct instant when)
{
	deadlines_lower(&e->deadlines, m, when);
}

static void set_nack(struct engine *e, struct member *m, struct instant when)
{
	m->nack_at = when;
	timers_wake(e, m, when);
}

/* The next STATE that has room for it reports on the member. */
static void want_report(struct engine *e, struct member *m)
{
	m->is_unconfirmed = true;
	report_list_update(e, m);
}

void timers_note_state(struct engine *e)
{
	e->confirm_at = INSTANT_NEVER;
}

void timers_note_reported(struct engine *e, struct member *m)
{
	m->is_unconfirmed = false;
	m->polls_us = false;
	report_list_update(e, m);
}

/* The time that STATEs about the same spread over. */
static struct duration spread(const struct engine *e, int64_t each_us)
{
	return duration_longer(duration_ms(CONFIRM_MS),
		duration_us((int64_t)e->members.here * each_us));
}

struct duration timers_confirm_spread(const struct engine *e)
{
	struct duration wait = spread(e, CONFIRM_EACH_US);
	struct duration most = duration_ms(CONFIRM_MAX_MS);

	return duration_shorter(wait, most);
}

/* The bytes of which the confirmations of so many members are this share. */
static double confirmed_bytes(size_t members, double share)
{
	return (double)members * CONFIRM_SIZE / share;
}

/* The time that so many bytes take at this rate; between CONFIRM_MIN_US and
 * `most`. */
static struct duration time_of(double bytes, double rate, struct duration most)
{
	double ns = bytes / real_max(rate, 1) * (double)NS_PER_S;
	struct duration least = duration_us(CONFIRM_MIN_US);

	if (ns >= (double)most.ns)
		return most;
	return duration_longer(least, (struct duration){(int64_t)ns});
}

/* What comes from an author, or goes to all. */
struct traffic {
	double rate;        /* bytes a second */
	double packet_size; /* mean, in bytes */
	bool is_lossy;      /* losses are usual */
};

/* The bytes of three quarters of what an author may have unconfirmed. */
static double most_of_window(const struct traffic *traffic)
{
	return SEND_WINDOW_PACKETS * 0.75 *
	       real_min(traffic->packet_size, WIRE_USUAL_MAX);
}

/* In which time all members confirm it. */
static struct duration confirm_wait(
	const struct engine *e, const struct traffic *traffic)
{
	size_t members = e->members.here;
	struct duration spread = timers_confirm_spread(e);
	struct duration slow = duration_ms(CONFIRM_MAX_MS);
	double bytes = confirmed_bytes(members, SHARE);
	struct duration wait;

	if (members <= TIMERS_SMALL_GROUP)
		return time_of(bytes, traffic->rate, spread);
	if (!traffic->is_lossy)
		bytes = real_max(bytes, most_of_window(traffic));
	wait = time_of(bytes, traffic->rate, slow);
	if (wait.ns == slow.ns)
		return spread;
	return duration_shorter(
		wait, (struct duration){spread.ns * LATER_PERCENT / 100});
}

void timers_note_data(struct engine *e, struct instant now)
{
	struct traffic sent = {
		.rate = byte_rate_get(&e->sending),
		.packet_size = e->pacing.mean_size,
		.is_lossy = limiting_usual_loss(e) > ENGINE_LOSSY,
	};

	e->confirmed_within = confirm_wait(e, &sent);
	timers_start_heartbeat(e, now);
}

/* Whether all that is left to do is to wait for confirmations of much: nothing
 * more will be said, or can be before some of them come. */
static bool is_waiting(const struct engine *e)
{
	const struct send_window *s = &e->send_window;

	return (e->is_finishing || send_window_is_full(s)) &&
	       e->members.here > TIMERS_SMALL_GROUP &&
	       !send_window_has_unsent(s) && !send_window_is_little(s);
}

/* In which time all will have confirmed what was sent last, or else are polled.
 */
static struct duration confirmed_within(const struct engine *e)
{
	return is_waiting(e) ? duration_ms(CONFIRM_MS) : e->confirmed_within;
}

/* Sees to it that a STATE leaves within this time. */
static void schedule_confirm(
	struct engine *e, struct duration wait, struct instant now)
{
	state_wanted_add_reason(&e->wanted, ENGINE_CONFIRM);
	if (instant_before(instant_after(now, wait), e->confirm_at))
		e->confirm_at = instant_after(
			now, prng_duration(&e->prng,
				     (struct duration){wait.ns / 4}, wait));
}

void timers_confirm(
	struct engine *e, struct member *m, bool is_new, struct instant now)
{
	struct traffic received = {.rate = byte_rate_get(&e->receiving)};
	struct duration wait;

	/* The rest is of no account to a small group, and this is done for each
	 * packet. */
	if (e->members.here > TIMERS_SMALL_GROUP) {
		/* If what we said of it is lost, we are polled. */
		if (!is_new && !m->is_unconfirmed && !m->is_limited_by_us &&
			!receive_window_has_gap(&m->window))
			return;
		received.packet_size =
			(double)receive_window_mean_size(&m->window);
		received.is_lossy = engine_is_lossy(e);
	}
	wait = confirm_wait(e, &received);
	want_report(e, m);
	/* Whose limiting receiver we are waits for us at each turn-around. */
	if (m->is_limited_by_us)
		wait = time_of(confirmed_bytes(1, SHARE_LIMITING),
			received.rate,
			duration_shorter(wait, duration_ms(CONFIRM_MS)));
	schedule_confirm(e, wait, now);
}

void timers_poll(struct engine *e, struct member *m, struct instant now)
{
	struct instant again =
		instant_after(e->polled, duration_ms(POLL_AGAIN_MS));
	struct duration wait = duration_longer(
		duration_us(CONFIRM_MIN_US), instant_until(now, again));

	m->polls_us = true;
	want_report(e, m);
	schedule_confirm(e, wait, now);
	e->polled = now;
}

void timers_confirm_authors(struct engine *e)
{
	for (size_t i = 0; i < e->members.here; i++)
		if (e->members.list[i]->window.known > 0)
			want_report(e, e->members.list[i]);
	e->counts.steps += e->members.here;
}

void timers_answer(struct engine *e, struct member *m, struct instant now)
{
	/* Whoever has said something may wait for us to confirm it. */
	bool is_author = m->window.known > 0;

	want_report(e, m);
	schedule_confirm(e,
		is_author ? timers_confirm_spread(e)
			  : spread(e, ANSWER_EACH_US),
		now);
}

void timers_greet(struct engine *e, struct member *m, struct instant now)
{
	if (e->members.here > GREETED_BY_ALL_MAX)
		want_report(e, m);
	else
		timers_answer(e, m, now);
}

void timers_greet_again(struct engine *e, struct instant now)
{
	schedule_confirm(e, spread(e, ANSWER_EACH_US), now);
}

void timers_schedule_nack(
	struct engine *e, struct member *m, struct instant now)
{
	struct duration longest = duration_times(e->rtt, 2);

	set_nack(e, m,
		instant_after(
			now, backoff_wait(&e->prng, longest, e->members.here)));
}

void timers_schedule_nack_again(struct engine *e, struct member *m,
	struct instant latest, struct instant now)
{
	struct duration wait = duration_times(e->rtt, 2);
	struct duration most = duration_ms(ASK_AGAIN_MAX_MS);

	for (unsigned i = 1; i < m->nacks && wait.ns < most.ns; i++)
		wait = duration_times(wait, 2);
	if (wait.ns > most.ns)
		wait = most;
	wait.ns += backoff_wait(
		&e->prng, duration_times(e->rtt, 2), e->members.here)
			   .ns;
	set_nack(e, m, instant_earlier(latest, instant_after(now, wait)));
}

void timers_start_heartbeat(struct engine *e, struct instant now)
{
	e->heartbeat = duration_longer(duration_ms(HEARTBEAT_FIRST_MS),
		(struct duration){confirmed_within(e).ns / 4});
	e->heartbeat_at = instant_after(now, e->heartbeat);
	e->is_polling = false;
	e->polls_in_vain = 0;
}

bool timers_is_fresh(const struct engine *e, struct instant now)
{
	return instant_before(
		now, instant_after(e->started, duration_ms(FRESH_MS)));
}

/* The next beat comes after twice the time; but as long as those who are polled
 * confirm, others are polled after the time that they take. */
static void schedule_beat(struct engine *e, struct instant now)
{
	bool goes_on;

	e->polls_in_vain = e->has_confirmed ? 0 : e->polls_in_vain + 1;
	e->has_confirmed = false;
	goes_on = e->is_polling && e->polls_in_vain < POLLS_IN_VAIN_MAX;
	if (goes_on)
		e->heartbeat = duration_longer(
			duration_ms(POLL_MS), duration_times(e->ack_rtt, 2));
	else
		e->heartbeat = duration_times(e->heartbeat, 2);
	if (e->heartbeat.ns > duration_ms(HEARTBEAT_MAX_MS).ns)
		e->heartbeat = duration_ms(HEARTBEAT_MAX_MS);
	e->heartbeat_at = instant_after(now, e->heartbeat);
}

/* What is unconfirmed, if it is little and overdue, is sent again in early
 * beats; else a STATE speaks of it. */
static void beat(struct engine *e, struct instant now)
{
	/* The confirmations need their time. */
	bool is_overdue =
		e->is_polling || e->heartbeat.ns >= confirmed_within(e).ns;
	bool is_early = e->heartbeat.ns <= duration_ms(PROBE_MS).ns;

	e->probe_is_due = is_overdue && is_early &&
			  send_window_is_little(&e->send_window) &&
			  !send_window_is_confirmed(&e->send_window);
	if (!e->probe_is_due) {
		state_wanted_add(&e->wanted, ENGINE_HEARTBEAT);
		e->is_polling =
			is_overdue && e->members.here > TIMERS_SMALL_GROUP;
		if (e->is_polling)
			state_wanted_poll(&e->wanted);
		else if (is_overdue)
			state_wanted_ask(&e->wanted);
	}
	schedule_beat(e, now);
}

void timers_stop_heartbeat(struct engine *e)
{
	e->heartbeat_at = INSTANT_NEVER;
}

bool timers_take_probe(struct engine *e)
{
	bool is_due = e->probe_is_due;

	e->probe_is_due = false;
	return is_due;
}

/* Says hello again, since it or an answer may be lost; in a crowd there is
 * always somebody who tells of the others. */
static void greet(struct engine *e, struct instant now)
{
	e->hello_at = INSTANT_NEVER;
	if (!timers_is_fresh(e, now) || e->members.here > TIMERS_SMALL_GROUP)
		return;
	state_wanted_hello(&e->wanted);
	e->hello = duration_times(e->hello, 2);
	e->hello_at = instant_after(now, e->hello);
}

void timers_tick(struct engine *e, struct instant now)
{
	if (!instant_before(now, e->confirm_at)) {
		e->confirm_at = INSTANT_NEVER;
		state_wanted_add(&e->wanted, ENGINE_CONFIRM);
	}
	if (!instant_before(now, e->presence_at)) {
		state_wanted_add(&e->wanted, ENGINE_PRESENCE);
		state_wanted_of_all(&e->wanted);
		schedule_presence(e, now);
	}
	if (!instant_before(now, e->heartbeat_at))
		beat(e, now);
	if (!instant_before(now, e->hello_at))
		greet(e, now);
}
