/* SPDX-License-Identifier: ISC */
/*
 * What coded repair costs with each kernel: adding a multiple of a packet; a
 * check; making combinations of a whole block, one, or four together, and
 * solving one of which as many packets are missing.  The best of some runs.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "coded.h"
#include "random.h"
#include "mchat/protocol/gf256.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RUNS         9
#define SIZE         1408

static struct coded coded;
static uint32_t sink;

static void run_add(void)
{
	gf256_add_scaled(coded.sums[0], coded.packets[1], 0x53, SIZE);
}

static void run_check(void)
{
	sink ^= coding_check(1, 1, coded.packets[0], SIZE);
}

/* With checks that were made before, as the engine keeps them. */
static void combine(unsigned count)
{
	struct coding_terms terms;
	uint8_t factors[GF256_SUMS_MAX][CODING_BLOCK];
	struct gf256_sum sums[GF256_SUMS_MAX];

	coding_terms_init(&terms);
	for (unsigned i = 0; i < CODING_BLOCK; i++)
		coding_terms_add(
			&terms, coded.packets[i], coded.sizes[i], sink);
	for (unsigned j = 0; j < count; j++) {
		for (unsigned i = 0; i < CODING_BLOCK; i++)
			factors[j][i] = coding_coefficient((uint8_t)j, i);
		sums[j] = (struct gf256_sum){coded.sums[j], factors[j]};
	}
	coding_terms_sum(&terms, sums, count);
}

static void run_combine(void)
{
	combine(1);
}

static void run_combine_together(void)
{
	combine(GF256_SUMS_MAX);
}

static void run_solve(void)
{
	if (coded_solve(&coded) != CODING_OK)
		fputs("coding: not solved\n", stderr);
}

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* The least time of one, in microseconds. */
static double measure(void (*run)(void), unsigned repeats)
{
	double best = 0;

	for (int i = 0; i < RUNS; i++) {
		double begin = now_us();
		double each;

		for (unsigned j = 0; j < repeats; j++)
			run();
		each = (now_us() - begin) / repeats;
		if (i == 0 || each < best)
			best = each;
	}
	return best;
}

static void show_kernel(enum gf256_kernel kernel)
{
	static const char *const names[] = {
		"doubling", "shuffle 16", "shuffle 32", "matrix 32"};
	static const unsigned losses[] = {1, 3, 10, 30, 64};

	gf256_kernel_max = kernel;
	if (gf256_kernel() != kernel)
		return;
	coded_init(&coded, 1, 1, SIZE, SIZE);
	printf("%-11s %6.1f %7.2f %7.2f", names[kernel],
		SIZE / measure(run_add, 5000) / 1e3, measure(run_combine, 100),
		measure(run_combine_together, 100));
	for (size_t i = 0; i < COUNT(losses); i++) {
		coded_init(&coded, 1, 1, SIZE, SIZE);
		for (unsigned j = 0; j < losses[i]; j++) {
			coded_lose(&coded, CODING_BLOCK * j / losses[i]);
			coded_combine(&coded, (uint8_t)j, CODING_BLOCK);
		}
		printf(" %7.1f", measure(run_solve, 20));
	}
	putchar('\n');
}

int main(void)
{
	random_restart();
	coded_init(&coded, 1, 1, SIZE, SIZE);
	printf("check of %d bytes, us: %.3f\n", SIZE, measure(run_check, 5000));
	printf("%-11s %6s %7s %7s %7s %7s %7s %7s %7s\n", "kernel", "GB/s",
		"combine", "four", "solve 1", "3", "10", "30", "64");
	show_kernel(GF256_DOUBLING);
	show_kernel(GF256_SHUFFLE_16);
	show_kernel(GF256_SHUFFLE_32);
	show_kernel(GF256_MATRIX_32);
	return 0;
}
