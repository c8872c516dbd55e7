/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/pacing.h"

/* Packets to judge a share by: what leaves in this time, but so many, unless
 * that took too long; and so many at first, when the rate doubles. */
#define JUDGED_MS      25
#define JUDGED_LEAST   100.0
#define JUDGED_MOST    1000.0
#define JUDGED_MOST_MS 500
#define JUDGED_FIRST   10.0

/* Whoever did not report for so long was not there, which says nothing of the
 * network: it is judged anew. */
#define ABSENT_MS 500

/* The rate changes once in a turn-around, or in this time if that is longer;
 * however many members report; sooner at first. */
#define ADAPT_MS       10
#define ADAPT_FIRST_MS 5

/* A share this much below the usual one means that the rate is too high; at
 * first, when a share is judged by fewer packets, this much. */
#define TOO_HIGH       0.85
#define TOO_HIGH_FIRST 0.7

/* The rate doubles at first.  Later it grows by a share of itself, which is
 * small after trouble and doubles as long as there is none. */
#define STEP_FIRST 1.0
#define STEP_LEAST 0.02
#define STEP_MOST  0.1

/* It grows when this much of it has reached somebody. */
#define SHOWS 0.7

/* How the rate shrinks when too much is lost: at least, and at most at once;
 * what came through in a while is less than could have when there was little
 * to send. */
#define SHRINK 0.85
#define FALL   0.25

/* When only a queue has built up, it is to drain: below what comes through.
 * A queue alone, which may be another's, does not bring the rate below a share
 * of what came through at best; of that so much is forgotten each time. */
#define DRAIN   0.85
#define OF_BEST 0.4
#define FORGET  0.0005

/* One and a half times the least turn-around and this is late: something
 * queues. */
#define LATE_MS     8
#define LEAST_CREEP 4000

/* How much a new share counts, in the recent one and in the usual one. */
#define RECENT_FIRST 0.5
#define RECENT       0.35
#define MEAN         0.05

/* The usual share is at first the mean of so many.  Later it takes a step
 * towards each new one, whatever its size: so no stroke of luck moves it far.
 * The step down is the smaller, since trouble that lasts is no habit; the two
 * are even where the usual share exceeds eight of nine. */
#define USUAL_LOOKS 10
#define USUAL_UP    0.008
#define USUAL_DOWN  0.001

/* A burst is what leaves in this time, and at least some packets. */
#define BURST_MS    4
#define BURST_LEAST 6000.0

static double smaller(double a, double b)
{
	return a < b ? a : b;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* ---- the bucket ---- */

static double burst(const struct pacing *pacing)
{
	return smaller(PACING_BURST,
		larger(BURST_LEAST, pacing->rate * BURST_MS / 1000));
}

void pacing_init(struct pacing *pacing, struct instant now)
{
	*pacing = (struct pacing){
		.rate = PACING_RATE_FIRST,
		.filled = now,
		.step = STEP_FIRST,
		.is_starting = true,
	};
	pacing->tokens = PACING_BURST_FIRST;
}

static void fill(struct pacing *pacing, struct instant now)
{
	struct duration passed = instant_until(pacing->filled, now);

	if (passed.ns <= 0)
		return;
	pacing->filled = now;
	pacing->tokens += pacing->rate * (double)passed.ns / (double)NS_PER_S;
	pacing->tokens = smaller(pacing->tokens,
		pacing->has_begun ? burst(pacing) : PACING_BURST_FIRST);
}

bool pacing_allows(struct pacing *pacing, struct instant now)
{
	fill(pacing, now);
	if (pacing->tokens <= 0)
		pacing->was_held = true;
	return pacing->tokens > 0;
}

struct instant pacing_deadline(const struct pacing *pacing)
{
	double missing = 1 - pacing->tokens;
	int64_t ns;

	if (missing <= 0)
		return pacing->filled;
	ns = (int64_t)(missing / pacing->rate * (double)NS_PER_S) + 1;
	return instant_after(pacing->filled, (struct duration){ns});
}

void pacing_spend(struct pacing *pacing, size_t size)
{
	if (size == 0)
		return;
	if (!pacing->has_begun)
		pacing->begun = pacing->filled;
	pacing->has_begun = true;
	pacing->tokens -= (double)size;
	pacing->mean_size += ((double)size - pacing->mean_size) * MEAN;
}

/* ---- the rate ---- */

static void set_rate(struct pacing *pacing, double rate)
{
	pacing->rate = smaller(PACING_RATE_MAX, larger(PACING_RATE_MIN, rate));
}

static void shrink(struct pacing *pacing, double rate, struct instant now)
{
	pacing->is_starting = false;
	pacing->step = STEP_LEAST;
	pacing->shrunk = now;
	set_rate(pacing,
		smaller(pacing->rate, larger(rate, FALL * pacing->rate)));
}

static void grow(struct pacing *pacing, struct instant now)
{
	set_rate(pacing, pacing->rate * (1 + pacing->step));
	pacing->grown = now;
	pacing->was_held = false;
	if (!pacing->is_starting)
		pacing->step = smaller(STEP_MOST, 2 * pacing->step);
}

/* Takes a new share in; whether it is so far below the usual one that the rate
 * is too high. */
static bool judge(struct pacing_share *share, double passed, bool is_starting)
{
	double recent = is_starting ? RECENT_FIRST : RECENT;
	double too_high = is_starting ? TOO_HIGH_FIRST : TOO_HIGH;

	if (share->looks++ == 0) {
		share->recent = passed;
		share->usual = 0;
	}
	share->recent += (passed - share->recent) * recent;
	if (is_starting || share->looks <= USUAL_LOOKS)
		share->usual += (passed - share->usual) / share->looks;
	else
		share->usual += passed > share->usual ? USUAL_UP : -USUAL_DOWN;
	if (share->recent >= too_high * share->usual)
		return false;
	/* The lower rate is judged by itself; what came before the first time
	 * was too high as well. */
	share->recent = share->usual;
	if (is_starting)
		share->looks = 0;
	return true;
}

/*
 * Whether packets begin to queue somewhere: then the rate is high enough.  The
 * least turn-around creeps up, so that a change of the network is learnt.
 */
static bool is_late(struct pacing *pacing, struct duration ack_rtt)
{
	int64_t least = pacing->least.ns + pacing->least.ns / LEAST_CREEP;

	if (least == 0 || ack_rtt.ns < least)
		least = ack_rtt.ns;
	pacing->least.ns = least;
	return ack_rtt.ns > least + least / 2 + duration_ms(LATE_MS).ns;
}

static bool has_passed(
	struct instant since, struct duration wait, struct instant now)
{
	return !instant_before(now, instant_after(since, wait));
}

/* `reached` bytes a second came through to a member to which `usual` is the
 * share that comes through. */
static void adapt(struct pacing *pacing, bool is_too_high, double reached,
	double usual, struct duration ack_rtt, struct instant now)
{
	struct duration wait =
		duration_ms(pacing->is_starting ? ADAPT_FIRST_MS : ADAPT_MS);
	bool is_queueing = is_late(pacing, ack_rtt);

	if (ack_rtt.ns > wait.ns)
		wait = ack_rtt;
	pacing->best -= pacing->best * FORGET;
	/* A burst at first shows what a buffer takes, not what a link does. */
	if (!pacing->is_starting)
		pacing->best = larger(pacing->best, reached);
	if (!has_passed(pacing->shrunk, wait, now))
		return;
	if (is_too_high)
		/* What is lost as usual is lost at every rate. */
		shrink(pacing,
			smaller(DRAIN * reached / usual, SHRINK * pacing->rate),
			now);
	else if (is_queueing)
		shrink(pacing,
			larger(DRAIN * reached / usual, OF_BEST * pacing->best),
			now);
	/* A rate that nobody needs, or that shows nowhere, was not tried. */
	else if (pacing->was_held && reached >= SHOWS * usual * pacing->rate &&
		 has_passed(pacing->grown, wait, now))
		grow(pacing, now);
}

/* How many packets a share is judged by at the present rate. */
static double judged_packets(const struct pacing *pacing)
{
	double a_ms = pacing->rate / 1000 / larger(pacing->mean_size, 1);
	double least = smaller(JUDGED_LEAST, a_ms * JUDGED_MOST_MS);

	if (pacing->is_starting)
		return JUDGED_FIRST;
	return smaller(JUDGED_MOST, larger(least, a_ms * JUDGED_MS));
}

void pacing_share_begin(struct pacing_share *share, struct instant now)
{
	*share = (struct pacing_share){
		.is_begun = true,
		.looked = now,
		.reported = now,
	};
}

/* Nothing came through before there was something. */
static struct instant since_begun(
	const struct pacing *pacing, struct instant time)
{
	return instant_before(time, pacing->begun) ? pacing->begun : time;
}

void pacing_report(struct pacing *pacing, struct pacing_share *share,
	uint32_t sent, uint32_t received, struct duration ack_rtt,
	struct instant now)
{
	uint32_t more_sent = sent - share->sent;
	uint32_t more_received = received - share->received;
	struct instant looked = since_begun(pacing, share->looked);
	struct instant reported = since_begun(pacing, share->reported);
	double passed = (double)instant_until(looked, now).ns + 1;

	if (has_passed(reported, duration_ms(ABSENT_MS), now))
		share->is_begun = false;
	share->reported = now;
	if (share->is_begun && more_sent < judged_packets(pacing))
		return;
	/* Doubles are no merit. */
	if (more_received > more_sent)
		more_received = more_sent;
	if (share->is_begun) {
		bool is_too_high = judge(share,
			(double)more_received / more_sent, pacing->is_starting);
		double bytes = more_received * pacing->mean_size;

		adapt(pacing, is_too_high, bytes * (double)NS_PER_S / passed,
			share->usual, ack_rtt, now);
	}
	share->is_begun = true;
	share->sent = sent;
	share->received = received;
	share->looked = now;
}
