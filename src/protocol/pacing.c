/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/pacing.h"

#include "mchat/base/real.h"

/* A burst is what leaves in this time, and at least some packets. */
#define BURST_MS    4
#define BURST_LEAST 6000.0

/* How much the size of a packet counts in the mean of all. */
#define MEAN 0.05

static double burst(double rate)
{
	return real_min(
		PACING_BURST, real_max(BURST_LEAST, rate * BURST_MS / 1000));
}

void pacing_init(struct pacing *pacing, struct instant now)
{
	*pacing = (struct pacing){
		.filled = now,
		.tokens = PACING_BURST_FIRST,
	};
}

static void fill(struct pacing *pacing, double rate, struct instant now)
{
	struct duration passed = instant_until(pacing->filled, now);

	if (passed.ns <= 0)
		return;
	pacing->filled = now;
	pacing->tokens += rate * (double)passed.ns / (double)NS_PER_S;
	pacing->tokens = real_min(pacing->tokens,
		pacing->has_begun ? burst(rate) : PACING_BURST_FIRST);
}

bool pacing_allows(struct pacing *pacing, double rate, struct instant now)
{
	fill(pacing, rate, now);
	if (pacing->tokens <= 0)
		pacing->was_held = true;
	return pacing->tokens > 0;
}

struct instant pacing_deadline(const struct pacing *pacing, double rate)
{
	double missing = 1 - pacing->tokens;
	int64_t ns;

	if (missing <= 0)
		return pacing->filled;
	ns = (int64_t)(missing / rate * (double)NS_PER_S) + 1;
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
