/* SPDX-License-Identifier: ISC */
/*
 * A terminal that takes nothing for a while, and a flood of messages: mchat
 * neither spins nor grows without bound, every message appears once the
 * terminal is read again, and a burst costs few writes.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

/* More than the queue of an output holds, in messages of MESSAGE bytes. */
#define FLOOD 30000

/* All of it goes through a terminal. */
#define FLOOD_PATIENCE_MS 120000

#define BURST      1000
#define WRITES_MAX (BURST / 5)

/* Resident memory that a chat may have, with a queue of 1 MiB that may double
 * as it grows, and the window of the author. */
#define MEMORY_MAX_KB 24576

static void close_piped(struct program *program)
{
	close(program->out.fd);
	close(program->err.fd);
}

/* A number that /proc says, behind `name`. */
static long look(pid_t pid, const char *file, const char *name)
{
	char path[64];
	char text[4096];
	const char *at;
	FILE *stream;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	stream = fopen(path, "r");
	if (!stream)
		return -1;
	text[fread(text, 1, sizeof(text) - 1, stream)] = '\0';
	fclose(stream);
	at = strstr(text, name);
	return at ? strtol(at + strlen(name), NULL, 10) : -1;
}

static long switches(pid_t pid)
{
	return look(pid, "status", "\nvoluntary_ctxt_switches:");
}

static long memory_kb(pid_t pid)
{
	return look(pid, "status", "VmRSS:");
}

/* Waits, without reading, until the terminal takes no more. */
static void wait_until_stuck(const struct terminal *terminal, pid_t pid)
{
	struct pollfd polled = {.fd = terminal->keyboard, .events = POLLIN};
	long long end = now_ms() + PATIENCE_MS;
	long before;

	poll(&polled, 1, PATIENCE_MS);
	do {
		before = memory_kb(pid);
		poll(NULL, 0, 200);
	} while (memory_kb(pid) != before && now_ms() < end);
}

/* Reads on until `count` messages came; whether all did, in order, once. */
static bool read_flood(struct stream *stream, int count)
{
	long long end = now_ms() + FLOOD_PATIENCE_MS;
	char expected[96];
	int next = 1;

	snprintf(expected, sizeof(expected), "kim: " FLOOD_MESSAGE, next);
	while (next <= count && now_ms() < end) {
		char *at = stream->text;
		char *found;

		stream_read(stream);
		while ((found = strstr(at, expected))) {
			at = found + strlen(expected);
			snprintf(expected, sizeof(expected),
				"kim: " FLOOD_MESSAGE, ++next);
		}
		/* What may be half of a message stays. */
		if (stream->size - (size_t)(at - stream->text) > 4096)
			at = stream->text + stream->size - 4096;
		stream->size -= (size_t)(at - stream->text);
		memmove(stream->text, at, stream->size + 1);
	}
	if (next <= count)
		tap_note("message %d never came", next);
	return next > count;
}

static void test_stuck(void)
{
	struct terminal terminal = terminal_open();
	struct program chat = start_lee(&terminal);
	struct program kim;
	long before;

	type(&terminal, "half a line");
	stream_wait(&chat.out, "half a line");
	kim = start_flood(FLOOD);
	wait_until_stuck(&terminal, chat.pid);
	before = switches(chat.pid);
	poll(NULL, 0, 500);
	tap_ok(switches(chat.pid) - before < 50,
		"stuck: mchat does not spin: %ld wake-ups in half a second",
		switches(chat.pid) - before);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what is freed */
	tap_ok(memory_kb(chat.pid) < MEMORY_MAX_KB,
		"stuck: mchat does not grow: %ld KiB", memory_kb(chat.pid));
#endif
	tap_ok(read_flood(&chat.out, FLOOD),
		"every message comes once the terminal is read");
	tap_ok(stream_wait(&chat.out, "half a line"),
		"the typed line comes after the messages");
	tap_is_int(
		wait_end(&kim), 0, "kim's exit status: the flood is confirmed");
	close_piped(&kim);
	type(&terminal, "\003\004");
	ends_well(&chat, "after the flood");
	terminal_close(&terminal);
}

/* mchat ends, though nobody reads what is left. */
static void test_end(const char *keys, int signal, const char *what)
{
	struct terminal terminal = terminal_open();
	struct program chat = start_lee(&terminal);
	struct program kim = start_flood(FLOOD);
	int status;

	wait_until_stuck(&terminal, chat.pid);
	chat.out.fd = -1;
	if (keys)
		type(&terminal, keys);
	else if (signal)
		kill(chat.pid, signal);
	else
		terminal_close(&terminal);
	status = wait_end(&chat);
	tap_ok(status >= 0 && WIFEXITED(status), "%s ends mchat", what);
	if (keys || signal)
		terminal_close(&terminal);
	stop_piped(&kim);
}

/* ---- a burst ---- */

static char calls[] = "/tmp/mchat-writes.XXXXXX";

/* How many calls strace has reported. */
static int count_calls(void)
{
	FILE *file = fopen(calls, "r");
	int lines = 0;
	int byte;

	while (file && (byte = getc(file)) != EOF)
		lines += byte == '\n';
	if (file)
		fclose(file);
	return lines;
}

/* The same once no more are reported: strace lags a little behind. */
static int settle_calls(void)
{
	int before;
	int count = count_calls();

	do {
		before = count;
		poll(NULL, 0, 50);
		count = count_calls();
	} while (count != before);
	return count;
}

static bool can_trace(void)
{
	return system("strace -o /dev/null true >/dev/null 2>&1") == 0;
}

/* The sockets have calls of their own: a write is the terminal's. */
static struct program start_traced(const struct terminal *terminal)
{
	struct program chat = {
		.out = {.fd = terminal->keyboard}, .err = {.fd = -1}};

	fflush(stdout);
	chat.pid = fork();
	if (chat.pid == 0) {
		terminal_take(terminal);
		execlp("strace", "strace", "-qq", "-o", calls, "-e",
			"trace=write", pty_program(), "-i", "lo", "-n", "lee",
			pty_group(), (char *)NULL);
		_exit(127);
	}
	return chat;
}

static void test_burst(void)
{
	struct terminal terminal = terminal_open();
	struct program chat;
	struct program kim;
	int writes;

	/* LeakSanitizer does not work under strace. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	close(mkstemp(calls));
	chat = start_traced(&terminal);
	stream_wait(&chat.out, "lee> ");
	writes = settle_calls();
	type(&terminal, "x");
	stream_wait(&chat.out, "lee> x|x$");
	tap_is_int(settle_calls() - writes, 1, "a key costs one write");

	writes = settle_calls();
	kim = start_flood(BURST);
	tap_ok(read_flood(&chat.out, BURST), "a burst of %d messages is shown",
		BURST);
	writes = settle_calls() - writes;
	tap_ok(writes <= WRITES_MAX, "a burst costs %d writes at most: %d",
		WRITES_MAX, writes);
	wait_end(&kim);
	close_piped(&kim);
	type(&terminal, "\003\004");
	ends_well(&chat, "after the burst");
	terminal_close(&terminal);
	unlink(calls);
}

int main(void)
{
	if (!pty_begin(5215)) {
		tap_skip("a stuck terminal", strerror(errno));
		return tap_done();
	}
	test_stuck();
	test_end(NULL, 0, "closing a terminal that takes no more");
	test_end(NULL, SIGTERM, "SIGTERM at a terminal that takes no more");
	test_end("\003", 0, "Ctrl-C at a terminal that takes no more");
	if (can_trace())
		test_burst();
	else
		tap_skip("writes of a burst", "strace is missing, or may not");
	return tap_done();
}
