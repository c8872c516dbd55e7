/* SPDX-License-Identifier: ISC */
/*
 * A terminal that is slower than what comes in: the edited line is drawn again
 * and again, a key is echoed soon, and little waits.
 *
 * "Soon" is told in bytes: the reader takes a bounded number of them in a
 * second, so that a time is a number of bytes at most, on any machine.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

/* More than a slow terminal shows while the test looks. */
#define FLOOD 30000

/* The reader takes this much each PACE_MS at most: 200 bytes/ms. */
#define PACE_BYTES 1000
#define PACE_MS    5

/* What is looked at: 2 s of it, at least. */
#define LOOK_BYTES 400000

/* What comes between two prompts at most: 100 ms, what the kernel holds of a
 * terminal, and one piece of a flood.  Before, it was 1 MiB. */
#define BETWEEN_MAX (100 * 200 + 3 * 8192)

/* How long the end of the program is waited for before it is looked for. */
#define END_MS 20

/* Reads one piece, no faster than the pace, if one comes within `wait_ms`. */
static void read_slowly(struct stream *stream, int wait_ms)
{
	struct pollfd polled = {.fd = stream->fd, .events = POLLIN};
	size_t room = sizeof(stream->text) - 1 - stream->size;
	ssize_t size = 0;

	poll(NULL, 0, PACE_MS);
	if (poll(&polled, 1, wait_ms) > 0)
		size = read(stream->fd, stream->text + stream->size,
			room < PACE_BYTES ? room : PACE_BYTES);
	if (size > 0)
		stream->size += (size_t)size;
	stream->text[stream->size] = '\0';
}

/* Reads until `what` comes, at most `limit` bytes; how many they were. */
static size_t read_until(struct stream *stream, const char *what, size_t limit)
{
	size_t total = 0;

	while (total < limit && !strstr(stream->text, what)) {
		size_t keep = strlen(what) - 1;
		size_t before;

		/* It may have begun. */
		if (stream->size > keep) {
			memmove(stream->text,
				stream->text + stream->size - keep, keep);
			stream->size = keep;
		}
		before = stream->size;
		read_slowly(stream, PATIENCE_MS);
		if (stream->size == before)
			return limit;
		total += stream->size - before;
	}
	stream_forget(stream);
	return total;
}

static void test_prompts(struct program *chat)
{
	size_t longest = 0;
	size_t looked = 0;
	int count = 0;

	read_until(&chat->out, "kim: message", LOOK_BYTES);
	while (looked < LOOK_BYTES) {
		size_t between = read_until(&chat->out, "lee> ", LOOK_BYTES);

		longest = between > longest ? between : longest;
		looked += between;
		count++;
	}
	tap_ok(longest <= BETWEEN_MAX,
		"the prompt comes after %d bytes at most: %d, %d times",
		BETWEEN_MAX, (int)longest, count);
}

static void test_echo(
	const struct terminal *terminal, struct program *chat, const char *keys)
{
	size_t size;

	type(terminal, keys);
	size = read_until(&chat->out, keys, LOOK_BYTES);
	tap_ok(size <= BETWEEN_MAX, "%s is echoed within %d bytes: %d", keys,
		BETWEEN_MAX, (int)size);
}

/* Ctrl-C ends it, and all that waits is shown, which is little. */
static void test_end(const struct terminal *terminal, struct program *chat)
{
	struct stream *out = &chat->out;
	size_t total = 0;

	type(terminal, "\003\003");
	while (waitpid(chat->pid, NULL, WNOHANG) == 0) {
		stream_forget(out);
		read_slowly(out, END_MS);
		total += out->size;
	}
	tap_ok(total < (size_t)256 * 1024,
		"little waited for the terminal: %d bytes", (int)total);
}

int main(void)
{
	struct terminal terminal;
	struct program chat;
	struct program kim;

	if (!pty_begin(5221)) {
		tap_skip("a flood at a slow terminal", strerror(errno));
		return tap_done();
	}
	terminal = terminal_open();
	chat = start_lee(&terminal);
	kim = start_flood(FLOOD);
	test_prompts(&chat);
	test_echo(&terminal, &chat, "abc");
	test_echo(&terminal, &chat, "xyz");
	kill(kim.pid, SIGKILL);
	wait_end(&kim);
	close(kim.out.fd);
	close(kim.err.fd);
	test_end(&terminal, &chat);
	terminal_close(&terminal);
	return tap_done();
}
