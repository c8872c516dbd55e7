/* SPDX-License-Identifier: ISC */
/* Random waits: within bounds, and of many members few are early. */
#include "mchat/protocol/backoff.h"

#include <stdlib.h>

#include "random.h"
#include "tap.h"
#include "mchat/base/prng.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROUNDS       4000

static const struct duration longest = {20 * NS_PER_MS};

static void bounds(void)
{
	static const size_t groups[] = {0, 1, 2, 3, 7, 8, 100, 1000, 2048};
	struct prng prng = {random_seed()};

	for (size_t g = 0; g < COUNT(groups); g++) {
		int64_t least = INT64_MAX;
		int64_t most = INT64_MIN;

		for (int i = 0; i < ROUNDS; i++) {
			int64_t ns = backoff_wait(&prng, longest, groups[g]).ns;

			least = ns < least ? ns : least;
			most = ns > most ? ns : most;
		}
		tap_ok(least >= 0 && most <= longest.ns,
			"of %zu: within bounds (%.3f to %.3f ms)", groups[g],
			(double)least / 1e6, (double)most / 1e6);
		/* A member alone need not wait long: hence 2/5 only. */
		tap_ok(most >= longest.ns * 2 / 5,
			"of %zu: waits are spread out", groups[g]);
	}
	tap_is_int(backoff_wait(&prng, (struct duration){0}, 10).ns, 0,
		"with a longest wait of 0 there is no wait");
}

static double mean(size_t group)
{
	struct prng prng = {random_seed()};
	double sum = 0;

	for (int i = 0; i < ROUNDS; i++)
		sum += (double)backoff_wait(&prng, longest, group).ns;
	return sum / ROUNDS;
}

/* The more members want to say the same, the longer each waits on average. */
static void grows(void)
{
	double before = 0;
	bool is_monotone = true;

	for (size_t group = 0; group <= 2048; group = group * 2 + 1) {
		double now = mean(group);

		tap_note("of %zu: %.3f ms on average", group, now / 1e6);
		is_monotone = is_monotone && now > before * 0.99;
		before = now;
	}
	tap_ok(is_monotone, "the wait grows with the group");
	tap_ok(before > (double)longest.ns * 0.7,
		"the wait is long in a large group");
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* How many speak before they can have heard the first. */
static int early(struct prng *prng, int64_t *waits, size_t group)
{
	int64_t heard;
	int count = 0;

	for (size_t i = 0; i < group; i++)
		waits[i] = backoff_wait(prng, longest, group).ns;
	qsort(waits, group, sizeof(*waits), compare);
	/* `longest` is meant to be a few turn-arounds of the group. */
	heard = waits[0] + longest.ns / 4;
	for (size_t i = 0; i < group && waits[i] <= heard; i++)
		count++;
	return count;
}

static void few_of_many(size_t group, int most_at_median)
{
	struct prng prng = {random_seed()};
	int64_t *waits = calloc(group, sizeof(*waits));
	int64_t counts[201];

	if (!waits)
		abort();
	for (size_t i = 0; i < COUNT(counts); i++)
		counts[i] = early(&prng, waits, group);
	qsort(counts, COUNT(counts), sizeof(counts[0]), compare);
	tap_ok(counts[100] <= most_at_median,
		"of %zu the median that speak early is %d, at most %d", group,
		(int)counts[100], most_at_median);
	tap_note("and in the worst of %zu runs %d", COUNT(counts),
		(int)counts[200]);
	free(waits);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	bounds();
	grows();
	few_of_many(10, 4);
	few_of_many(1000, 12);
	return tap_done();
}
