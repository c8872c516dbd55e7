/* SPDX-License-Identifier: ISC */
/* What coded repair costs with each kernel: the best of some runs. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mchat/protocol/gf256.h"

#define RUNS 9
#define SIZE 1408

static uint8_t to[SIZE];
static uint8_t from[SIZE];

static void run_add(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		gf256_add_scaled(to, from, (uint8_t)(i | 2), SIZE);
}

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* The least time of one, in microseconds. */
static double measure(void (*run)(unsigned count), unsigned count)
{
	double best = 0;

	for (int i = 0; i < RUNS; i++) {
		double begin = now_us();
		double each;

		run(count);
		each = (now_us() - begin) / count;
		if (i == 0 || each < best)
			best = each;
	}
	return best;
}

static void show_kernel(enum gf256_kernel kernel)
{
	static const char *const names[] = {"doubling", "shuffle 16",
		"shuffle 32"};

	gf256_kernel_max = kernel;
	if (gf256_kernel() != kernel)
		return;
	printf("%-12s %8.1f GB/s\n", names[kernel],
		SIZE / measure(run_add, 50000) / 1e3);
}

int main(void)
{
	show_kernel(GF256_DOUBLING);
	show_kernel(GF256_SHUFFLE_16);
	show_kernel(GF256_SHUFFLE_32);
	return 0;
}
