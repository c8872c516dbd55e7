/* SPDX-License-Identifier: ISC */
/*
 * The simulator: engines on a virtual network, in virtual time.
 *
 *   sim [--seeds N] [--seed K] [--scenario NAME] [--sealed]
 *   sim --list
 *   sim --list-benchmarks
 *
 * Plays each scenario, or the one named, with the seeds K, K + 1, ... (one in
 * as many of them as the scenario costs; --sealed: in a private group) and
 * prints a line of sums for each.  Benchmarks, see benchmark.h, are played only
 * by name.  A violation is printed with the command that
 * plays it again; the exit status is 1 when there was one, and 2 for a mistake
 * in the arguments.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "benchmark.h"
#include "scenario.h"
#include "tally.h"

struct wish {
	uint64_t seeds;
	uint64_t seed;
	const char *only; /* scenario; NULL: all */
	bool wants_list;
	bool wants_benchmarks;
	bool is_sealed;
};

static int usage(void)
{
	fputs("usage: sim [--seeds N] [--seed K] [--scenario NAME] "
	      "[--sealed]\n"
	      "       sim --list\n"
	      "       sim --list-benchmarks\n",
		stderr);
	return 2;
}

static bool read_number(const char *text, uint64_t *out)
{
	char *end;

	*out = strtoull(text, &end, 10);
	return end != text && *end == '\0';
}

static bool read_arguments(int argc, char *argv[], struct wish *out)
{
	static const struct option options[] = {
		{"seeds", required_argument, NULL, 'n'},
		{"seed", required_argument, NULL, 'k'},
		{"scenario", required_argument, NULL, 's'},
		{"list", no_argument, NULL, 'l'},
		{"list-benchmarks", no_argument, NULL, 'b'},
		{"sealed", no_argument, NULL, 'x'},
		{NULL, 0, NULL, 0},
	};
	bool is_good = true;
	int letter;

	while (is_good &&
		(letter = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (letter == 'n')
			is_good = read_number(optarg, &out->seeds) &&
				  out->seeds > 0;
		else if (letter == 'k')
			is_good = read_number(optarg, &out->seed);
		else if (letter == 's')
			out->only = optarg;
		else if (letter == 'l')
			out->wants_list = true;
		else if (letter == 'b')
			out->wants_benchmarks = true;
		else if (letter == 'x')
			out->is_sealed = true;
		else
			is_good = false;
	}
	return is_good && optind == argc;
}

static bool find(const char *name, struct scenario *out)
{
	for (size_t i = 0; i < scenario_count; i++)
		if (strcmp(scenarios[i].name, name) == 0) {
			*out = scenarios[i];
			return true;
		}
	return benchmark_find(name, out);
}

static void print_names(const struct wish *wish)
{
	for (size_t i = 0; wish->wants_list && i < scenario_count; i++)
		puts(scenarios[i].name);
	for (size_t i = 0; wish->wants_benchmarks && benchmark_names[i]; i++)
		puts(benchmark_names[i]);
}

static uint64_t play(const struct wish *wish, struct scenario scenario,
	const char *command, uint64_t *steps)
{
	if (wish->is_sealed)
		scenario.flags |= SCENARIO_SEALED;
	return tally_play(&scenario, wish->seeds, wish->seed, command, steps);
}

int main(int argc, char *argv[])
{
	struct wish wish = {.seeds = 10, .seed = 1};
	uint64_t violations = 0;
	uint64_t steps = 0;
	clock_t began = clock();
	double seconds;
	struct scenario only;

	if (!read_arguments(argc, argv, &wish) ||
		(wish.only && !find(wish.only, &only)))
		return usage();
	/* So that a run that hangs takes no line with it. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (wish.wants_list || wish.wants_benchmarks) {
		print_names(&wish);
		return 0;
	}
	tally_print_head();
	if (wish.only)
		violations = play(&wish, only, argv[0], &steps);
	for (size_t i = 0; !wish.only && i < scenario_count; i++)
		violations += play(&wish, scenarios[i], argv[0], &steps);
	seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
	printf("%" PRIu64 " violations; %" PRIu64 " steps in %.2f s, %.0f a "
	       "second\n",
		violations, steps, seconds,
		seconds > 0 ? (double)steps / seconds : 0);
	return violations > 0;
}
