/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/pacing.h"

/* Packets to judge a share by; at first, when the rate is low, fewer. */
#define JUDGED_PACKETS 100
#define JUDGED_FIRST   20

/* The rate changes once in a turn-around, or in this time if that is longer;
 * however many members report. */
#define ADAPT_MS 10

/* A share this much below the usual one means that the rate is too high. */
#define TOO_HIGH 0.85

/* How the rate grows, at first and later, and how it shrinks. */
#define GROW_FIRST 2.0
#define GROW       1.25
#define SHRINK     0.7

/* Twice the least turn-around and this is late: something queues. */
#define LATE_MS     10
#define LEAST_CREEP 500

/* How much a new share counts, in the recent one and in the usual one. */
#define RECENT 0.5
#define MEAN   0.05
#define USUAL  0.05

void pacing_init(struct pacing *pacing, struct instant now)
{
	*pacing = (struct pacing){
		.rate = PACING_RATE_FIRST,
		.tokens = PACING_BURST,
		.filled = now,
		.is_starting = true,
	};
}

static void fill(struct pacing *pacing, struct instant now)
{
	struct duration passed = instant_until(pacing->filled, now);

	if (passed.ns <= 0)
		return;
	pacing->filled = now;
	pacing->tokens += pacing->rate * (double)passed.ns / (double)NS_PER_S;
	if (pacing->tokens > PACING_BURST)
		pacing->tokens = PACING_BURST;
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
	pacing->tokens -= (double)size;
	if (size > 0)
		pacing->mean_size += ((double)size - pacing->mean_size) * MEAN;
}

/* Takes a new share in; whether it shows that the rate is too high. */
static bool judge(struct pacing_share *share, double passed)
{
	if (share->usual <= 0)
		share->usual = share->recent = passed;
	share->recent += (passed - share->recent) * RECENT;
	share->usual += (passed - share->usual) * USUAL;
	if (share->recent >= TOO_HIGH * share->usual)
		return false;
	/* The lower rate is judged by itself. */
	share->recent = share->usual;
	return true;
}

/*
 * Whether packets begin to queue somewhere: then the rate is high enough.  The
 * least turn-around creeps up, so that a change of the network is learnt.
 */
static bool is_late(struct pacing *pacing, struct duration turnaround)
{
	int64_t least = pacing->least.ns + pacing->least.ns / LEAST_CREEP;

	if (least == 0 || turnaround.ns < least)
		least = turnaround.ns;
	pacing->least.ns = least;
	return turnaround.ns > 2 * least + duration_ms(LATE_MS).ns;
}

/* `reached` bytes a second came through to the member. */
static void adapt(struct pacing *pacing, bool is_too_high, double reached,
	struct duration turnaround, struct instant now)
{
	struct duration wait = duration_ms(ADAPT_MS);
	struct instant earliest;

	if (turnaround.ns > wait.ns)
		wait = turnaround;
	earliest = instant_after(pacing->adapted, wait);
	if (is_late(pacing, turnaround)) {
		pacing->is_starting = false;
		pacing->was_held = false;
	}
	/* A rate that nobody needs has not been tried. */
	if (instant_before(now, earliest) ||
		(!is_too_high && !pacing->was_held))
		return;
	pacing->adapted = now;
	pacing->was_held = false;
	if (is_too_high) {
		pacing->is_starting = false;
		pacing->rate *= SHRINK;
		/* What a bottleneck lets through is known at once. */
		if (pacing->rate > reached)
			pacing->rate = reached;
	} else {
		pacing->rate *= pacing->is_starting ? GROW_FIRST : GROW;
	}
	if (pacing->rate < PACING_RATE_MIN)
		pacing->rate = PACING_RATE_MIN;
	if (pacing->rate > PACING_RATE_MAX)
		pacing->rate = PACING_RATE_MAX;
}

void pacing_report(struct pacing *pacing, struct pacing_share *share,
	uint32_t sent, uint32_t received, struct duration turnaround,
	struct instant now)
{
	uint32_t more_sent = sent - share->sent;
	uint32_t more_received = received - share->received;
	double passed = (double)instant_until(share->looked, now).ns + 1;
	uint32_t enough = pacing->is_starting ? JUDGED_FIRST : JUDGED_PACKETS;

	if (share->is_begun && more_sent < enough)
		return;
	/* Doubles are no merit. */
	if (more_received > more_sent)
		more_received = more_sent;
	if (share->is_begun)
		adapt(pacing, judge(share, (double)more_received / more_sent),
			more_received * pacing->mean_size * (double)NS_PER_S /
				passed,
			turnaround, now);
	share->is_begun = true;
	share->sent = sent;
	share->received = received;
	share->looked = now;
}
