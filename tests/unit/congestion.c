/* SPDX-License-Identifier: ISC */
/*
 * The rate of sending in a small model of a group: an author that always has
 * something to say, and members behind links that lose packets at random, that
 * carry a bounded number of bytes a second, or both.
 */
#include "mchat/protocol/congestion.h"

#include <stdlib.h>

#include "random.h"
#include "tap.h"
#include "mchat/protocol/pacing.h"

#define PACKET      1400
#define REPORT_US   5000
#define MEMBERS     8
#define QUEUE_BYTES 100000.0

/* What an author adapts, and what it sends by. */
struct rate {
	struct congestion congestion;
	struct pacing pacing;
};

static void rate_init(struct rate *rate, struct instant now)
{
	congestion_init(&rate->congestion);
	pacing_init(&rate->pacing, now);
}

static bool rate_allows(struct rate *rate, struct instant now)
{
	return pacing_allows(&rate->pacing, rate->congestion.rate, now);
}

static void rate_report(struct rate *rate, struct congestion_share *share,
	uint32_t sent, uint32_t received, struct duration ack_rtt,
	struct instant now)
{
	congestion_report(&rate->congestion, &rate->pacing, share,
		&(struct congestion_sample){sent, received, ack_rtt}, now);
}

/* A link: what it loses, and what it carries. */
struct link {
	size_t loss;     /* percent */
	double capacity; /* bytes a second; 0: no bound */
	double queued;   /* bytes */
	uint32_t received;
	struct congestion_share share;
};

struct group {
	struct rate rate;
	struct link links[MEMBERS];
	size_t members;
	int64_t us; /* now */
	uint32_t sent;
};

static struct instant now_of(const struct group *group)
{
	return (struct instant){NS_PER_S + group->us * NS_PER_US};
}

static void start(struct group *group, size_t members)
{
	*group = (struct group){.members = members};
	rate_init(&group->rate, now_of(group));
}

static void arrive(struct link *link)
{
	if (link->capacity > 0 && link->queued + PACKET > QUEUE_BYTES)
		return;
	if (link->capacity > 0)
		link->queued += PACKET;
	if (random_below(100) >= link->loss)
		link->received++;
}

static void drain(struct link *link, double seconds)
{
	link->queued -= link->capacity * seconds;
	if (link->queued < 0)
		link->queued = 0;
}

/* A report of a member with a short round trip; packets always wait to be sent.
 */
static void report(struct rate *rate, struct congestion_share *share,
	uint32_t sent, uint32_t received, struct instant now)
{
	double tokens = rate->pacing.tokens;

	pacing_spend(&rate->pacing, (size_t)1 << 31);
	rate_allows(rate, now);
	rate->pacing.tokens = tokens;
	rate_report(rate, share, sent, received, duration_ms(2), now);
}

/* Lets time pass; the author sends as much as it may, each link reports. */
static void run(struct group *group, int64_t ms)
{
	int64_t end = group->us + ms * 1000;

	for (; group->us < end; group->us += 500) {
		while (rate_allows(&group->rate, now_of(group))) {
			pacing_spend(&group->rate.pacing, PACKET);
			group->sent++;
			for (size_t i = 0; i < group->members; i++)
				arrive(&group->links[i]);
		}
		for (size_t i = 0; i < group->members; i++) {
			struct link *link = &group->links[i];

			drain(link, 0.0005);
			if (group->us % REPORT_US == 0)
				rate_report(&group->rate, &link->share,
					group->sent, link->received,
					duration_ms(2), now_of(group));
		}
	}
}

/* Bytes a second that left during the next `ms`. */
static double rate_over(struct group *group, int64_t ms)
{
	uint32_t before = group->sent;

	run(group, ms);
	return (double)(group->sent - before) * PACKET * 1000 / (double)ms;
}

/* Gives each link the same capacity. */
static void bound_all(struct group *group, double capacity)
{
	for (size_t i = 0; i < group->members; i++)
		group->links[i].capacity = capacity;
}

/* ---- the rate ---- */

/* Loss that does not depend on the rate does not slow it. */
static void random_loss(size_t loss, size_t members)
{
	struct group group;
	double least = 1e12;
	double rate;

	random_restart();
	start(&group, members);
	/* A bounded wire, so that simulated minutes do not take minutes. */
	for (size_t i = 0; i < members; i++)
		group.links[i].loss = loss;
	bound_all(&group, 4e6);
	run(&group, 5000);
	for (int second = 0; second < 180; second += 5) {
		rate = rate_over(&group, 5000);
		least = rate < least ? rate : least;
	}
	tap_ok(least > 2e6,
		"%zu %% loss at %zu members: never below %.0f bytes a second",
		loss, members, least);
}

/* A link that is too small for the rate brings it down to about itself. */
static void bottleneck(size_t members, size_t loss)
{
	struct group group;
	double before;
	double rate;

	random_restart();
	start(&group, members);
	for (size_t i = 0; i < members; i++)
		group.links[i].loss = loss;
	bound_all(&group, 5e6);
	group.links[0].capacity = 1.25e6;
	run(&group, 10000);
	before = group.links[0].received;
	rate = rate_over(&group, 60000);
	before = ((double)group.links[0].received - before) * PACKET / 60;
	before /= 1 - (double)loss / 100;
	tap_ok(rate < 1.25e6 * 1.5,
		"10 Mbit/s for one of %zu, %zu %% loss: sends %.0f bytes a "
		"second",
		members, loss, rate);
	tap_ok(before > 1.25e6 * 0.8,
		"the slow link is filled: %.0f bytes a second get through",
		before);
}

/* The wire becomes narrow, then wide again. */
static void change(void)
{
	struct group group;
	double rate;

	random_restart();
	start(&group, 2);
	bound_all(&group, 5e6);
	run(&group, 10000);
	bound_all(&group, 5e5);
	run(&group, 10000);
	rate = rate_over(&group, 10000);
	tap_ok(rate < 5e5 * 1.5, "on a narrow wire the rate falls to %.0f",
		rate);
	bound_all(&group, 5e6);
	run(&group, 10000);
	rate = rate_over(&group, 10000);
	tap_ok(rate > 2.5e6, "on a wide wire again the rate rises to %.0f",
		rate);
}

/* ---- what members may say ---- */

static void limits(void)
{
	struct instant now = {NS_PER_S};
	struct congestion_share share = {0};
	struct rate rate;
	uint32_t sent = UINT32_MAX - 5000; /* the counts wrap around */
	uint32_t received = 7;

	rate_init(&rate, now);
	for (int i = 0; i < 2000; i++) {
		now.ns += 20 * NS_PER_MS;
		report(&rate, &share, sent += 200, received += 200, now);
	}
	tap_ok(rate.congestion.rate > 0.99 * CONGESTION_RATE_MAX &&
			rate.congestion.rate <= CONGESTION_RATE_MAX,
		"when all is received the rate rises to its maximum");
	for (int i = 0; i < 2000; i++) {
		now.ns += 20 * NS_PER_MS;
		received += UINT32_C(200) >> (i / 2 < 7 ? i / 2 : 7);
		report(&rate, &share, sent += 200, received, now);
	}
	tap_ok(rate.congestion.rate >= CONGESTION_RATE_MIN &&
			rate.congestion.rate <= CONGESTION_RATE_MAX,
		"when less and less is received: %.0f, within bounds",
		rate.congestion.rate);
	for (int i = 0; i < 20000; i++) {
		now.ns += 20 * NS_PER_MS;
		report(&rate, &share, sent += 200, (uint32_t)random_next(),
			now);
		if (!(rate.congestion.rate >= CONGESTION_RATE_MIN &&
			    rate.congestion.rate <= CONGESTION_RATE_MAX))
			break;
	}
	tap_ok(rate.congestion.rate >= CONGESTION_RATE_MIN &&
			rate.congestion.rate <= CONGESTION_RATE_MAX,
		"when reports are random: %.0f, within bounds",
		rate.congestion.rate);
}

/* A member that once claims to have received a thousand times as much must not
 * keep the rate down from then on. */
static void one_absurd_report(void)
{
	struct instant now = {NS_PER_S};
	struct congestion_share share = {0};
	struct rate rate;
	uint32_t sent = 0;
	uint32_t received = 0;

	rate_init(&rate, now);
	for (int i = 0; i < 60; i++) {
		now.ns += 20 * NS_PER_MS;
		received += i == 10 ? 200000 : 200;
		report(&rate, &share, sent += 200, received, now);
	}
	tap_ok(rate.congestion.rate > CONGESTION_RATE_FIRST,
		"a second after an absurd report the rate is up again: %.0f",
		rate.congestion.rate);
}

/* The first report of a member that heard us before we sent anything already
 * tells that all came through. */
static void from_the_first(void)
{
	struct instant now = {NS_PER_S};
	struct congestion_share share = {0};
	struct rate rate;

	rate_init(&rate, now);
	congestion_share_begin(&share, now);
	now.ns += 60 * NS_PER_S;
	while (rate_allows(&rate, now))
		pacing_spend(&rate.pacing, PACKET);
	now.ns += 6 * NS_PER_MS;
	rate_report(&rate, &share, 10, 10, duration_ms(6), now);
	tap_ok(rate.congestion.rate > CONGESTION_RATE_FIRST,
		"when the first ten packets came through the rate rises: %.0f",
		rate.congestion.rate);
	tap_ok(rate.congestion.best == 0,
		"the first ten packets do not measure what a link carries");
}

/* Many members report the same at the same time. */
static void many_at_once(void)
{
	struct instant now = {NS_PER_S};
	struct congestion_share shares[100] = {{0}};
	struct rate rate;

	rate_init(&rate, now);
	for (uint32_t sent = 0; sent <= 200; sent += 200) {
		now.ns += 20 * NS_PER_MS;
		for (size_t i = 0; i < 100; i++)
			report(&rate, &shares[i], sent, sent, now);
	}
	tap_ok(rate.congestion.rate <= 4 * CONGESTION_RATE_FIRST,
		"a hundred equal reports at once count as one: %.0f",
		rate.congestion.rate);
}

/* An author that got no processor for a while reads two reports of a member at
 * the same moment. */
static void at_the_same_moment(void)
{
	struct instant now = {NS_PER_S};
	struct congestion_share share = {0};
	struct rate rate;
	uint32_t sent = 0;
	double before;

	rate_init(&rate, now);
	congestion_share_begin(&share, now);
	for (int i = 0; i < 4; i++) {
		for (int ms = 0; ms < 40; ms++, now.ns += NS_PER_MS)
			for (; rate_allows(&rate, now); sent++)
				pacing_spend(&rate.pacing, PACKET);
		now.ns += 100 * NS_PER_MS;
		rate_report(&rate, &share, sent - 10, sent - 10, duration_ms(5),
			now);
		before = rate.congestion.rate;
		rate_report(&rate, &share, sent, sent, duration_ms(5), now);
		tap_ok(rate.congestion.rate == before,
			"a second report at once does not raise the rate: %.0f "
			"to %.0f",
			before, rate.congestion.rate);
	}
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_loss(30, 1);
	random_loss(30, 3);
	random_loss(1, 8);
	bottleneck(1, 0);
	bottleneck(2, 0);
	bottleneck(3, 0);
	bottleneck(8, 0);
	bottleneck(3, 10);
	change();
	limits();
	one_absurd_report();
	many_at_once();
	at_the_same_moment();
	from_the_first();
	return tap_done();
}
