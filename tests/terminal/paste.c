/* SPDX-License-Identifier: ISC */
/*
 * A paste of many lines is asked about, once: all of them become messages, or
 * none does.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pty.h"
#include "tap.h"

#define LINES 1000

static char text[LINES * 16];

/* Fills `text` with the lines between `before` and `after`. */
static void write_lines(
	const char *before, const char *newline, const char *after)
{
	size_t size = (size_t)snprintf(text, sizeof(text), "%s", before);

	for (int i = 1; i <= LINES; i++)
		size += (size_t)snprintf(
			text + size, sizeof(text) - size, "%d%s", i, newline);
	snprintf(text + size, sizeof(text) - size, "%s", after);
}

static void paste(const struct terminal *terminal)
{
	write_lines("\033[200~", "\r", "\033[201~");
	type(terminal, text);
}

static size_t count(const char *where, const char *what)
{
	size_t found = 0;

	while ((where = strstr(where, what))) {
		where += strlen(what);
		found++;
	}
	return found;
}

static void test_lost_end(const struct terminal *terminal, struct program *chat)
{
	size_t before = chat->out.size;

	type(terminal, "\033[200~x\004");
	tap_ok(stream_wait_from(&chat->out, before, "the paste has not ended"),
		"a paste that has lost its end says so");
	type(terminal, "\003");
	tap_ok(stream_wait_from(&chat->out, before, "\a.*lee> "),
		"Ctrl-C gives up a paste that has lost its end");
}

int main(void)
{
	struct terminal terminal;
	struct program listener;
	struct program chat;
	size_t before;

	if (!pty_begin(5214)) {
		tap_skip("a paste", strerror(errno));
		return tap_done();
	}
	terminal = terminal_open();
	listener = start_kim();
	chat = start_lee(&terminal);
	stream_wait(&chat.out, "here: kim|kim joined");

	type(&terminal, "kept ");
	paste(&terminal);
	tap_ok(stream_wait(&chat.out, "send 1000 lines\\? \\(y/n\\)"),
		"1,000 lines are asked about");
	type(&terminal, "n");
	type(&terminal, "back\r");
	stream_wait(&listener.out, "back$");
	tap_is_string(listener.out.text, "kept back\n",
		"after n no pasted line is sent, and the typed line goes on");

	before = chat.out.size;
	listener.out.size = 0;
	paste(&terminal);
	stream_wait_from(&chat.out, before, "send 1000 lines");
	type(&terminal, "y");
	type(&terminal, "done\r");
	stream_wait(&listener.out, "^done$");
	write_lines("", "\n", "done\n");
	tap_ok(strcmp(listener.out.text, text) == 0,
		"after y each pasted line is a message, in order");
	tap_is_int((intmax_t)count(chat.out.text + before, "send 1000"), 1,
		"a paste is asked about once");
	listener.out.size = 0;
	before = chat.out.size;
	type(&terminal, "\033[200~harmless\003/me injected\r\004\032/quit\r"
			"\033[201~");
	tap_ok(stream_wait_from(&chat.out, before, "send 2 lines\\? \\(y/n\\)"),
		"Ctrl-C, Ctrl-D and Ctrl-Z in a paste are text");
	type(&terminal, "n");
	type(&terminal, "still here\r");
	stream_wait(&listener.out, "still here$");
	tap_is_string(listener.out.text, "still here\n",
		"nothing behind a Ctrl-C byte in a paste is done");

	test_lost_end(&terminal, &chat);
	type(&terminal, "\004");
	ends_well(&chat, "after a paste");
	stop_piped(&listener);
	terminal_close(&terminal);
	return tap_done();
}
