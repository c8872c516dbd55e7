/* SPDX-License-Identifier: ISC */
#include "tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "authors.h"
#include "histogram.h"
#include "journal.h"
#include "memory.h"
#include "scenario.h"
#include "watchdog.h"
#include "world.h"
#include "mchat/base/time.h"

struct tally {
	uint64_t seeds;
	uint64_t violations;
	struct figures sum;
	struct histograms histograms;
	uint64_t *asks; /* of each seed, for the median */
};

void tally_print_head(void)
{
	printf("%-15s %6s %9s %6s %9s %8s %8s %8s %7s %8s %8s %8s", "scenario",
		"seeds", "messages", "lost", "data", "repairs", "coded",
		"states", "asks", "kbytes", "data_kb", "state_kb");
	printf(" %8s %8s %8s %8s %8s %7s %6s %s\n", "p50_ms", "p90_ms",
		"p99_ms", "max_ms", "seconds", "virt_s", "mem_k", "violations");
}

static double ms(int64_t ns)
{
	return (double)ns / (double)NS_PER_MS;
}

static void print_line(const struct scenario *scenario, struct tally *tally)
{
	const struct figures *sum = &tally->sum;
	const struct wire_counts *wire = &sum->wire;
	const struct histogram *delays = &tally->histograms.delays;

	printf("%-15s %6" PRIu64 " %9" PRIu64 " %6" PRIu64 " %9" PRIu64
	       " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %7" PRIu64,
		scenario->name, tally->seeds, sum->messages, sum->lost,
		wire->data, wire->repairs, wire->coded, wire->states,
		wire->asks);
	printf(" %8" PRIu64 " %8" PRIu64 " %8" PRIu64, wire->bytes / 1000,
		wire->data_bytes / 1000, wire->state_bytes / 1000);
	printf(" %8.2f %8.2f %8.1f %8.1f %8.3f %7.1f %6zu %" PRIu64 "\n",
		ms(histogram_permille(delays, 500)),
		ms(histogram_permille(delays, 900)),
		ms(histogram_permille(delays, 990)), ms(delays->max),
		(double)sum->took / (double)NS_PER_S,
		(double)sum->lasted / (double)NS_PER_S, sum->memory / 1000,
		tally->violations);
	fflush(stdout);
}

/* What the seals said themselves. */
static void print_names(
	const struct scenario *scenario, const struct figures *sum)
{
	if (scenario->flags & SCENARIO_SEALED && sum->wire.names > 0)
		printf("%-15s sealed: %" PRIu64 " packets that name sessions\n",
			"", sum->wire.names);
}

/* What an attacker sent, and came to. */
static void print_attack(
	const struct scenario *scenario, const struct figures *sum)
{
	if (scenario->attack.service == 0 &&
		scenario->attack.kind == ATTACK_NONE)
		return;
	printf("%-15s attack: %" PRIu64 " packets, %" PRIu64
	       " kbytes; repairs %" PRIu64 " kbytes; at most %" PRIu64
	       " steps a kbyte; service took %.0f ms\n",
		"", sum->attack_packets, sum->attack_bytes / 1000,
		sum->caused_bytes / 1000, sum->steps_per_kb, ms(sum->service));
	fflush(stdout);
}

/* What a crowd costs that is silent, and when all of it has what one says. */
static void print_crowd(
	const struct scenario *scenario, const struct tally *tally)
{
	const struct histogram *reaches = &tally->histograms.reaches;
	unsigned idle_s = scenario->control_to_s - scenario->control_from_s;

	if (!(scenario->flags & SCENARIO_CROWD))
		return;
	printf("%-15s crowd: idle %.1f packets/s; %" PRIu64
	       " lines reached all: p50 %.1f ms, p99 %.1f ms\n",
		scenario->name,
		(double)tally->sum.controls / idle_s / (double)tally->seeds,
		reaches->count, ms(histogram_permille(reaches, 500)),
		ms(histogram_permille(reaches, 990)));
}

static void check_delays(const struct scenario *scenario, struct tally *tally)
{
	double p99 = ms(histogram_permille(&tally->histograms.delays, 990));

	if (scenario->attack.p99_ms == 0 || p99 <= scenario->attack.p99_ms)
		return;
	tally->violations++;
	printf("\nVIOLATION in %s: of a hundred messages one takes %.1f ms, "
	       "more than %u\n\n",
		scenario->name, p99, scenario->attack.p99_ms);
}

static void add_wire(struct wire_counts *sum, const struct wire_counts *counts)
{
	sum->data += counts->data;
	sum->data_bytes += counts->data_bytes;
	sum->repairs += counts->repairs;
	sum->coded += counts->coded;
	sum->states += counts->states;
	sum->state_bytes += counts->state_bytes;
	sum->names += counts->names;
	sum->asks += counts->asks;
	sum->bytes += counts->bytes;
}

static void add(struct tally *tally, const struct figures *figures)
{
	struct figures *sum = &tally->sum;

	sum->messages += figures->messages;
	sum->delivered += figures->delivered;
	sum->lost += figures->lost;
	add_wire(&sum->wire, &figures->wire);
	sum->controls += figures->controls;
	sum->steps += figures->steps;
	sum->lasted += figures->lasted;
	sum->took += figures->took;
	sum->attack_packets += figures->attack_packets;
	sum->attack_bytes += figures->attack_bytes;
	sum->caused_bytes += figures->caused_bytes;
	if (figures->steps_per_kb > sum->steps_per_kb)
		sum->steps_per_kb = figures->steps_per_kb;
	if (figures->service > sum->service)
		sum->service = figures->service;
	if (figures->memory > sum->memory)
		sum->memory = figures->memory;
	tally->asks[tally->seeds++] = figures->wire.asks;
}

static void print_violation(const struct scenario *scenario, uint64_t seed,
	const char *command, const struct journal *journal)
{
	printf("\nVIOLATION in %s, seed %" PRIu64 ", at %.6f s: %s\n",
		scenario->name, seed,
		(double)(journal->now - journal->start) / (double)NS_PER_S,
		journal->why);
	journal_print(journal);
	printf("replay: %s --seeds 1 --seed %" PRIu64 " --scenario %s%s\n\n",
		command, seed, scenario->name,
		scenario->flags & SCENARIO_SEALED ? " --sealed" : "");
	fflush(stdout);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void check_median(const struct scenario *scenario, struct tally *tally)
{
	uint64_t median;

	if (scenario->asks_median == 0)
		return;
	qsort(tally->asks, (size_t)tally->seeds, sizeof(*tally->asks), compare);
	median = tally->asks[tally->seeds / 2];
	if (median <= scenario->asks_median)
		return;
	tally->violations++;
	printf("\nVIOLATION in %s: the median of asking packets is %" PRIu64
	       ", more than %u\n\n",
		scenario->name, median, scenario->asks_median);
}

uint64_t tally_play(const struct scenario *scenario, uint64_t seeds,
	uint64_t seed, const char *command, uint64_t *steps)
{
	uint64_t cost = scenario->cost ? scenario->cost : 1;
	uint64_t count = (seeds + cost - 1) / cost;
	uint8_t *pool = authors_pool_new();
	struct tally *tally = memory_zeroed(1, sizeof(*tally));
	uint64_t violations;

	tally->asks = memory_zeroed((size_t)count, sizeof(*tally->asks));
	for (uint64_t i = 0; i < count; i++) {
		struct figures figures = {0};
		struct journal journal = {0};

		watchdog_start(command, scenario->name, seed + i);
		world_run(scenario, seed + i, pool, &figures,
			&tally->histograms, &journal);
		watchdog_stop();
		add(tally, &figures);
		if (journal.failed && tally->violations++ == 0)
			print_violation(scenario, seed + i, command, &journal);
	}
	check_median(scenario, tally);
	check_delays(scenario, tally);
	print_line(scenario, tally);
	print_attack(scenario, &tally->sum);
	print_crowd(scenario, tally);
	print_names(scenario, &tally->sum);
	violations = tally->violations;
	*steps += tally->sum.steps;
	memory_free(tally->asks);
	memory_free(tally);
	memory_free(pool);
	return violations;
}
