/* SPDX-License-Identifier: ISC */
/*
 * Whether the time that sealing and opening take depends on what is secret:
 * Welch's t between two classes of input, measured by turns in random order (as
 * dudect does, Reparaz and others, 2017).  Its square is shown: beyond 20 it is
 * hardly chance, and the exit status is 1.
 *
 *   timing [SEED]
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mchat/base/prng.h"
#include "mchat/crypto/aead.h"

#define SIZE    256
#define SAMPLES 200000
#define LIMIT   20.0 /* of the square of t, so 4.5 */

/* What the two classes differ by. */
enum question {
	QUESTION_KEY,  /* a key of zeros, and a random one */
	QUESTION_TEXT, /* the same of the text */
	QUESTION_TAG,  /* the first byte of the tag is wrong, and the last */
	QUESTIONS,
};

struct class_of {
	double count;
	double mean;
	double squares; /* of the differences from the mean (Welford) */
};

static uint8_t text[SIZE + AEAD_TAG_SIZE];
static uint8_t out[SIZE];

/* By the same instructions, so that both leave the processor alike. */
static void fill(struct prng *prng, uint8_t *bytes, size_t size, bool is_random)
{
	uint8_t mask = is_random ? 0xff : 0;

	__asm__ volatile("" : "+r"(mask));
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)prng_next(prng) & mask;
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* What one call takes, in nanoseconds. */
static double measure(struct prng *prng, enum question question, bool is_second)
{
	uint8_t key[AEAD_KEY_SIZE];
	uint8_t tail[AEAD_NONCE_TAIL_SIZE];
	double begun;

	fill(prng, key, sizeof(key), question != QUESTION_KEY || is_second);
	fill(prng, text, SIZE, question != QUESTION_TEXT || is_second);
	fill(prng, tail, sizeof(tail), true);
	if (question != QUESTION_TAG) {
		begun = now_ns();
		aead_seal(key, tail, text, SIZE);
		return now_ns() - begun;
	}
	aead_seal(key, tail, text, SIZE);
	text[SIZE + (is_second ? AEAD_TAG_SIZE - 1 : 0)] ^= 1;
	begun = now_ns();
	if (aead_open(key, tail, text, SIZE, out))
		fputs("timing: a wrong tag was taken\n", stderr);
	return now_ns() - begun;
}

static void add(struct class_of *it, double value)
{
	double difference = value - it->mean;

	it->count++;
	it->mean += difference / it->count;
	it->squares += difference * (value - it->mean);
}

/* The square of t. */
static double welch(const struct class_of classes[2])
{
	double difference = classes[0].mean - classes[1].mean;
	double variance = 0;

	for (int i = 0; i < 2; i++)
		variance += classes[i].squares / (classes[i].count - 1) /
			    classes[i].count;
	return difference * difference / variance;
}

/* Interrupts take much longer than any of it: such samples do not count. */
static double find_longest(struct prng *prng, enum question question)
{
	double least = 1e9;

	for (int i = 0; i < 1000; i++) {
		double ns = measure(prng, question, i % 2);

		if (ns < least)
			least = ns;
	}
	return 2 * least;
}

static bool ask(struct prng *prng, enum question question)
{
	static const char *const names[] = {
		[QUESTION_KEY] = "seal: a key of zeros, a random one",
		[QUESTION_TEXT] = "seal: a text of zeros, a random one",
		[QUESTION_TAG] = "open: a tag wrong at its begin, at its end",
	};
	double longest = find_longest(prng, question);
	struct class_of classes[2] = {{0}};
	double t;

	for (int i = 0; i < SAMPLES; i++) {
		bool is_second = prng_next(prng) & 1;
		double ns = measure(prng, question, is_second);

		if (ns < longest)
			add(&classes[is_second], ns);
	}
	t = welch(classes);
	printf("%-44s %7.1f ns, %7.1f ns, t^2 %5.1f\n", names[question],
		classes[0].mean, classes[1].mean, t);
	return t < LIMIT;
}

int main(int argc, char *argv[])
{
	struct prng prng = {argc > 1 ? strtoull(argv[1], NULL, 10) : 1};
	bool is_constant = true;

	for (int i = 0; i < QUESTIONS; i++)
		is_constant = ask(&prng, (enum question)i) && is_constant;
	return is_constant ? 0 : 1;
}
