/* SPDX-License-Identifier: ISC */
#include "mchat/io/output_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define LINE "a line of thirty-two bytes here\n"

static void fill(struct output_queue *queue, size_t size)
{
	while (buffer_size(&queue->queue) < size)
		buffer_append_string(&queue->queue, LINE);
}

/* Reads all that is in a pipe; false when it is not LINE over and over. */
static bool read_lines(int fd, size_t *total)
{
	char line[sizeof(LINE)];
	ssize_t got;

	while ((got = read(fd, line, sizeof(LINE) - 1)) > 0) {
		*total += (size_t)got;
		if (got != sizeof(LINE) - 1 ||
			memcmp(line, LINE, (size_t)got) != 0)
			return false;
	}
	return true;
}

static void test_slow_reader(void)
{
	enum { WANTED = 300 * 1024 };
	struct output_queue queue;
	size_t total = 0;
	bool is_same = true;
	int ends[2];

	tap_is_int(pipe(ends), 0, "a pipe");
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	output_queue_init(&queue, ends[1]);
	fill(&queue, WANTED);
	output_queue_flush(&queue);
	tap_ok(output_queue_is_pending(&queue),
		"a full pipe leaves the rest in the queue, and returns");
	while (output_queue_is_pending(&queue) && is_same) {
		is_same = read_lines(ends[0], &total);
		output_queue_flush(&queue);
	}
	is_same = is_same && read_lines(ends[0], &total);
	tap_ok(is_same && total >= WANTED && total % (sizeof(LINE) - 1) == 0,
		"every line comes through whole, %zu bytes", total);
	close(ends[0]);
	close(ends[1]);
	output_queue_fini(&queue);
}

/* A terminal that nobody reads. */
static void test_terminal(void)
{
	struct output_queue queue;
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	int slave = -1;

	if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
		slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0) {
		tap_skip("a terminal", "no pseudo terminals");
		return;
	}
	output_queue_init(&queue, slave);
	fill(&queue, OUTPUT_QUEUE_MAX);
	output_queue_flush(&queue);
	tap_ok(output_queue_is_pending(&queue) &&
			buffer_size(&queue.queue) < OUTPUT_QUEUE_MAX,
		"a terminal that nobody reads takes some, and mchat goes on");
	tap_ok(!(fcntl(slave, F_GETFL) & O_NONBLOCK),
		"the terminal still blocks for other programs");
	output_queue_fini(&queue);
	close(slave);
	close(master);
}

static void test_bound(void)
{
	struct output_queue queue;

	output_queue_init(&queue, -1);
	fill(&queue, OUTPUT_QUEUE_MAX - 1024);
	tap_ok(!output_queue_is_full(&queue), "below the bound it is not full");
	fill(&queue, OUTPUT_QUEUE_MAX);
	tap_ok(output_queue_is_full(&queue), "at the bound it is full");
	output_queue_fini(&queue);
}

static void test_reader_gone(void)
{
	struct output_queue queue;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	tap_is_int(pipe(ends), 0, "a pipe");
	close(ends[0]);
	output_queue_init(&queue, ends[1]);
	fill(&queue, 1);
	output_queue_flush(&queue);
	tap_ok(queue.is_closed && queue.error == 0,
		"a reader that left is the end, and no error");
	tap_ok(!output_queue_is_pending(&queue),
		"nothing is pending when the reader left");
	close(ends[1]);
	output_queue_fini(&queue);
}

static void test_full_disk(void)
{
	struct output_queue queue;
	int fd = open("/dev/full", O_WRONLY);

	if (fd < 0) {
		tap_skip("a full disk", "no /dev/full");
		return;
	}
	output_queue_init(&queue, fd);
	fill(&queue, 1);
	output_queue_flush(&queue);
	tap_ok(queue.is_closed && queue.error == ENOSPC,
		"a full disk is an error with its reason");
	close(fd);
	output_queue_fini(&queue);
}

static void test_file(void)
{
	struct output_queue queue;
	FILE *file = tmpfile();

	if (!file) {
		tap_skip("a file", "no temporary file");
		return;
	}
	output_queue_init(&queue, fileno(file));
	fill(&queue, OUTPUT_QUEUE_MAX);
	output_queue_flush(&queue);
	tap_ok(!output_queue_is_pending(&queue) &&
			lseek(fileno(file), 0, SEEK_END) >=
				(off_t)OUTPUT_QUEUE_MAX,
		"a file takes everything at once");
	fclose(file);
	output_queue_fini(&queue);
}

int main(void)
{
	test_slow_reader();
	test_terminal();
	test_bound();
	test_reader_gone();
	test_full_disk();
	test_file();
	return tap_done();
}
