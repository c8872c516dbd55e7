/* SPDX-License-Identifier: ISC */
/*
 * From a line that goes in to the line that comes out: writes a line every
 * INTERVAL_MS to the first FIFO and reads it from the second, which two
 * programs join.  Prints how many came, how many of them in order, and the
 * median and the 99th percentile of their times in microseconds.
 *
 *   latency COUNT INTERVAL_MS TO FROM
 *
 * 1 when less than COUNT lines came within 5 seconds after the last one.
 */
#define _GNU_SOURCE /* ppoll */
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX   10000
#define PATIENCE_MS 5000

#define KNOCKS_MAX 100
#define KNOCK_MS   100

struct run {
	long count;
	double interval_us;
	int to;
	int from;
	long sent_count;
	long came;
	long in_order;
	long last;
	char text[4096]; /* of a line that is not whole yet */
	size_t size;
	double sent[COUNT_MAX];  /* when, by the number of the line */
	double taken[COUNT_MAX]; /* how long it took, by the order of coming */
};

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void send_line(struct run *run)
{
	char line[32];
	int size = snprintf(line, sizeof(line), "%ld\n", run->sent_count);

	run->sent[run->sent_count++] = now_us();
	if (write(run->to, line, (size_t)size) != size)
		exit(1);
}

static void note_line(struct run *run, double now)
{
	long number = strtol(run->text, NULL, 10);

	if (number < 0 || number >= run->sent_count || run->came == run->count)
		return;
	run->taken[run->came++] = now - run->sent[number];
	run->in_order += number == run->last + 1;
	run->last = number;
}

static void read_lines(struct run *run)
{
	double now = now_us();
	ssize_t got = read(run->from, run->text + run->size,
		sizeof(run->text) - 1 - run->size);
	char *end;

	if (got <= 0)
		exit(1);
	run->size += (size_t)got;
	run->text[run->size] = '\0';
	while ((end = strchr(run->text, '\n'))) {
		note_line(run, now);
		run->size -= (size_t)(end + 1 - run->text);
		memmove(run->text, end + 1, run->size + 1);
	}
}

/* Writes lines that do not count until one comes back. */
static bool knock(struct run *run)
{
	struct pollfd polled = {.fd = run->from, .events = POLLIN};

	for (int i = 0; i < KNOCKS_MAX; i++) {
		if (write(run->to, "-1\n", 3) != 3)
			return false;
		if (poll(&polled, 1, KNOCK_MS) > 0)
			return true;
	}
	return false;
}

static void play(struct run *run)
{
	struct pollfd polled = {.fd = run->from, .events = POLLIN};
	double next = now_us();

	while (run->came < run->count) {
		double left = next - now_us();
		struct timespec wait;

		if (left <= 0 && run->sent_count == run->count)
			break;
		if (left <= 0) {
			send_line(run);
			next += run->interval_us;
			if (run->sent_count == run->count)
				next += PATIENCE_MS * 1e3;
			continue;
		}
		wait.tv_sec = (time_t)(left / 1e6);
		wait.tv_nsec = (long)((left - (double)wait.tv_sec * 1e6) * 1e3);
		if (ppoll(&polled, 1, &wait, NULL) > 0)
			read_lines(run);
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char *argv[])
{
	struct run run = {.last = -1};

	if (argc < 5) {
		fputs("usage: latency COUNT INTERVAL_MS TO FROM\n", stderr);
		return 2;
	}
	run.count = strtol(argv[1], NULL, 10);
	run.interval_us = strtod(argv[2], NULL) * 1e3;
	if (run.count < 1 || run.count > COUNT_MAX)
		return 2;
	run.to = open(argv[3], O_WRONLY);
	run.from = open(argv[4], O_RDONLY);
	if (run.to < 0 || run.from < 0)
		return 1;
	if (!knock(&run))
		return 1;
	play(&run);
	qsort(run.taken, (size_t)run.came, sizeof(*run.taken), by_size);
	printf("%ld %ld %.0f %.0f\n", run.came, run.in_order,
		run.came > 0 ? run.taken[run.came / 2] : 0,
		run.came > 0 ? run.taken[run.came * 99 / 100] : 0);
	return run.came < run.count;
}
