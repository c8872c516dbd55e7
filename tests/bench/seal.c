/* SPDX-License-Identifier: ISC */
/*
 * What sealing and opening cost, with 1, 4 and 8 lanes, beside copying: the
 * best of some runs in nanoseconds, and in cycles a byte, of which one is what
 * an addition that waits for another takes.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mchat/crypto/aead.h"
#include "mchat/crypto/chacha.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RUNS         15
#define REPEATS      2000
#define SIZE_LAST    1432

static uint8_t text[SIZE_LAST + AEAD_TAG_SIZE];
static uint8_t sealed[SIZE_LAST + AEAD_TAG_SIZE];
static uint8_t out[SIZE_LAST + AEAD_TAG_SIZE];
static const uint8_t key[AEAD_KEY_SIZE] = {1, 2, 3};
static const uint8_t tail[AEAD_NONCE_TAIL_SIZE] = {4};

static void run_seal(size_t size)
{
	aead_seal(key, tail, text, size);
}

static void run_open(size_t size)
{
	if (!aead_open(key, tail, sealed, size, out))
		fputs("seal: not opened\n", stderr);
}

static void run_subkey(size_t size)
{
	(void)size;
	aead_subkey(key, text, out);
}

static void run_copy(size_t size)
{
	memcpy(out, text, size);
	__asm__ volatile("" : : "r"(out) : "memory");
}

static void run_additions(size_t size)
{
	size_t sum = 0;

	for (size_t i = 0; i < size; i++) {
		sum += size;
		__asm__ volatile("" : "+r"(sum));
	}
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* The least time of one, in nanoseconds. */
static double measure(void (*run)(size_t size), size_t size)
{
	double best = 0;

	for (int i = 0; i < RUNS; i++) {
		double begin = now_ns();
		double each;

		for (int j = 0; j < REPEATS; j++)
			run(size);
		each = (now_ns() - begin) / REPEATS;
		if (i == 0 || each < best)
			best = each;
	}
	return best;
}

static void show(const char *name, void (*run)(size_t size), double cycle_ns)
{
	static const size_t sizes[] = {64, 256, SIZE_LAST};

	printf("%-16s", name);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		double ns;

		memset(sealed, 0, sizeof(sealed));
		aead_seal(key, tail, sealed, sizes[i]);
		ns = measure(run, sizes[i]);
		printf(" %7.0f ns %6.2f", ns, ns / cycle_ns / (double)sizes[i]);
	}
	putchar('\n');
}

int main(void)
{
	static const unsigned lanes[] = {1, 4, 8};
	double cycle_ns = measure(run_additions, 1000) / 1000;

	printf("%-16s %10s  c/B %10s  c/B %10s  c/B\n", "bytes", "64", "256",
		"1432");
	show("copy", run_copy, cycle_ns);
	for (size_t i = 0; i < COUNT(lanes); i++) {
		char name[32];

		chacha_lanes_max = lanes[i];
		snprintf(name, sizeof(name), "seal, %u lanes", lanes[i]);
		show(name, run_seal, cycle_ns);
		snprintf(name, sizeof(name), "open, %u lanes", lanes[i]);
		show(name, run_open, cycle_ns);
	}
	printf("subkey           %7.0f ns\n", measure(run_subkey, 0));
	return 0;
}
