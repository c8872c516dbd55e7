/* SPDX-License-Identifier: ISC */
/*
 * What mchat itself says at a terminal is wrapped between words, as wide as the
 * window is just then; what goes elsewhere is not.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

/* Behind a control sequence (ECMA-48: its last byte is from '@' on). */
static const char *skip_sequence(const char *at)
{
	at += strlen("\033[");
	while (*at && (unsigned char)*at < '@')
		at++;
	return *at ? at + 1 : at;
}

/* The columns of the longest line that a terminal was sent. */
static unsigned longest_line(const char *text)
{
	unsigned longest = 0;
	unsigned column = 0;

	for (const char *at = text; *at;) {
		if (strncmp(at, "\033[", 2) == 0) {
			at = skip_sequence(at);
			continue;
		}
		if (*at == '\r' || *at == '\n')
			column = 0;
		else if (((unsigned char)*at & 0xc0) != 0x80)
			column++;
		longest = column > longest ? column : longest;
		at++;
	}
	return longest;
}

/* Types a command, whose answer ends with a line like `last`. */
static void answers(const struct terminal *terminal, struct program *chat,
	const char *command, const char *last)
{
	stream_forget(&chat->out);
	type(terminal, command);
	type(terminal, "\r");
	tap_ok(stream_wait(&chat->out, last), "%s answers", command);
}

static void fits(const struct program *chat, unsigned columns, const char *what)
{
	unsigned longest = longest_line(chat->out.text);

	tap_ok(longest > 0 && longest < columns,
		"%s: %u of %u columns are used", what, longest, columns);
}

/* The answers to what is typed, and what the chat says unasked. */
static void test_window(
	unsigned short columns, const char *help, const char *stats)
{
	static const char *const lee[OPTIONS_MAX] = {
		"-n", "a-long-name-to-fill-the-lines", NULL};
	struct terminal terminal = terminal_open();
	struct program chat;
	struct program kim = start_kim();

	terminal_resize(&terminal, columns);
	chat = start_on(&terminal, lee);
	tap_ok(stream_wait(&chat.out, "here: kim|kim joined"), "kim is here");
	fits(&chat, columns, "the place, and who is here");
	answers(&terminal, &chat, "/help", "leave, and end");
	fits(&chat, columns, "/help");
	tap_ok(matches(chat.out.text, help), "/help: %s", help);
	answers(&terminal, &chat, "/who", "heard [0-9.]+ s|[0-9.]+ s ago");
	fits(&chat, columns, "/who");
	answers(&terminal, &chat, "/stats", "members +1.?$");
	fits(&chat, columns, "/stats");
	tap_ok(matches(chat.out.text, stats), "/stats: %s", stats);
	answers(&terminal, &chat, "/drop x", "comes in\\)|in\\)");
	fits(&chat, columns, "a refusal");
	type(&terminal, "\004");
	ends_well(&chat, "the chat");
	stop_piped(&kim);
	terminal_close(&terminal);
}

static void test_resize(void)
{
	struct terminal terminal = terminal_open();
	struct program chat;

	terminal_resize(&terminal, 80);
	chat = start_lee(&terminal);
	answers(&terminal, &chat, "/help", "leave, and end");
	tap_ok(matches(chat.out.text, "^mchat: /quit +leave, and end.?$"),
		"in 80 columns a command and its help share a line");
	terminal_resize(&terminal, 40);
	answers(&terminal, &chat, "/help", "leave, and end");
	tap_ok(matches(chat.out.text, "^ {9}leave, and end.?$"),
		"in 40 columns the help is below");
	fits(&chat, 40, "after the window became narrower");
	type(&terminal, "\004");
	ends_well(&chat, "the resized chat");
	terminal_close(&terminal);
}

int main(void)
{
	if (!pty_begin(5216)) {
		tap_skip("wrapping", strerror(errno));
		return tap_done();
	}
	test_window(80, "^ {35}stays.?$",
		"^mchat: poisoned blocks +[0-9]+  asked +[0-9]+.?$");
	test_window(40, "^ {9}leave this group and join.?$",
		"^mchat: members {24}1.?$");
	test_resize();
	return tap_done();
}
