/* SPDX-License-Identifier: ISC */
/*
 * What is sent when keys are pressed: each key that the manual names, typed as
 * xterm and its kin send it, and what another member then hears.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

#define ENTER "\r"
#define ESC   "\033"

/* Typed one after the other: what was sent before can be brought back. */
static const struct row {
	const char *key;
	const char *typed;
	const char *heard; /* NULL: nothing is sent */
} rows[] = {
	{"Enter", "hello", "hello"},
	{"Backspace", "ab\177c", "ac"},
	{"Ctrl-H", "ab\bc", "ac"},
	{"Backspace, a syllable", "한글\177", "한"},
	{"Backspace, a family", "x👨‍👩‍👧\177", "x"},
	{"Delete", "abc" ESC "[D" ESC "[3~", "ab"},
	{"Ctrl-D", "abd\002\004e", "abe"},
	{"Ctrl-C", "wrong\003right", "right"},
	{"Left", "ac" ESC "[Db", "abc"},
	{"Left, application mode", "ac" ESC "ODb", "abc"},
	{"Ctrl-B", "df\002e", "def"},
	{"Right", "bd" ESC "[D" ESC "[D" ESC "[Cc", "bcd"},
	{"Ctrl-F", "eg\002\002\006f", "efg"},
	{"Home", "bc" ESC "[Ha", "abc"},
	{"Home of rxvt", "bc" ESC "[7~x", "xbc"},
	{"Ctrl-A", "bc\001y", "ybc"},
	{"End", "ab\001" ESC "[Fc", "abc"},
	{"Ctrl-E", "ab\001\005d", "abd"},
	{"Ctrl-Left", "one two" ESC "[1;5Dx", "one xtwo"},
	{"Alt-Left", "one two" ESC "[1;3Dy", "one ytwo"},
	{"Alt-B", "one two" ESC "bz", "one ztwo"},
	{"Ctrl-Right", "one two\001" ESC "[1;5Cx", "onex two"},
	{"Alt-Right", "one two\001" ESC "[1;3Cy", "oney two"},
	{"Alt-F", "one two\001" ESC "fz", "onez two"},
	{"Ctrl-K", "abcdef\002\002\002\013", "abc"},
	{"Ctrl-U", "abc\025d", "d"},
	{"Ctrl-W", "one two-three\027four", "one four"},
	{"Alt-Backspace", "one two-three" ESC "\177four", "one two-four"},
	{"Alt-D", "one two\001" ESC "d", " two"},
	{"Ctrl-Delete", "six two\001" ESC "[3;5~", " two"},
	{"Ctrl-Y", "abc\025x\031", "xabc"},
	{"Ctrl-T", "ab\024", "ba"},
	{"Alt-Y", "one\025two\025\031" ESC "y", "one"},
	{"Alt-U", "abc def\001" ESC "u", "ABC def"},
	{"Alt-L", "ABC def\001" ESC "l", "abc def"},
	{"Alt-C", "abc def\001" ESC "c", "Abc def"},
	{"Alt-T", "abc def" ESC "t", "def abc"},
	{"Alt-.", "and" ESC ".", "andabc"},
	{"Alt-digit", ESC "3ab", "aaab"},
	{"Ctrl-_", "one two\037", "one"},
	{"Ctrl-X Ctrl-U", "one two\030\025", "one"},
	{"Ctrl-X and a key without a meaning", "one\030\013\030z", "one"},
	{"Ctrl-C and Up", "draft\003" ESC "[A!", "draft!"},
	{"Up after text", "Ab" ESC "[A!", "Abc def!"},
	{"a change of a line before", ESC "[A?" ESC "[A" ESC "[B", "Abc def!?"},
	{"back to what was", "ab\024", "ba"},
	{"Up", ESC "[A!", "ba!"},
	{"Ctrl-P", "\020\020?", "ba?"},
	{"Down", "half" ESC "[A" ESC "[B typed", "half typed"},
	{"Ctrl-N", "half\020\016 again", "half again"},
	{"Ctrl-R", "\022ello" ENTER, "hello"},
	{"Ctrl-R again", "\022two\022" ESC "[F.", "one two-four."},
	{"Ctrl-S", "\022one\022\022\023\023" ESC "[F.", "one two-four.."},
	{"Ctrl-G", "kept\022hel\007", "kept"},
	{"Ctrl-V", "a\026\tb", "a\tb"},
	{"Ctrl-L", "a\fb", "ab"},
	{"Tab", "ki\tare you there?", "kim: are you there?"},
	{"Tab, a command", "/m\tcooks", "cooks"},
	{"a slash twice", "//quit", "/quit"},
	{"a paste of one line", ESC "[200~/who" ESC "[201~", NULL},
	{"F5, which has no meaning", "a" ESC "[15~b", "ab"},
	{"the terminal's answer on its colour",
		"a" ESC "]11;rgb:1e1e/1e1e/2e2e\ab", "ab"},
	{"the same with ST", "b" ESC "]10;rgb:ffff/ffff/ffff" ESC "\\c", "bc"},
	{"its other strings",
		"c" ESC "P>|term 1.0" ESC "\\" ESC "_Gi=1;OK" ESC "\\d", "cd"},
	{"its answers on device, mode and cursor",
		"d" ESC "[?62;1;4c" ESC "[?2026;2$y" ESC "[24;80R"
		"e",
		"de"},
	{"the mouse", "e" ESC "[<0;10;20M" ESC "[M !!f", "ef"},
	{"Alt--",
		"one" ESC "-\002"
		"\002\002" ESC "-2\002\002!",
		"on!e"},
	{"Alt-Enter", "one" ESC "\rtwo", "one\\ntwo"},
	{"Up after Alt-Enter", ESC "[A!", "one\\ntwo!"},
	{"a command with Alt-Enter", "/me one" ESC "\rtwo", "one\\ntwo"},
	{"a path with Alt-Enter", "/a/b" ESC "\r/c", "/a/b\\n/c"},
	{"Enter on nothing", "", NULL},
};

#define COUNT (sizeof(rows) / sizeof(rows[0]))

/* The last line that was heard, without its newline. */
static void last_line(const struct stream *stream, char *out, size_t size)
{
	const char *end = stream->text + stream->size;
	const char *start;

	if (end > stream->text)
		end--;
	start = end;
	while (start > stream->text && start[-1] != '\n')
		start--;
	if ((size_t)(end - start) >= size)
		start = end;
	memcpy(out, start, (size_t)(end - start));
	out[end - start] = '\0';
}

/* Waits until more than `size` was heard, and that to the end of a line. */
static void hear(struct stream *stream, size_t size)
{
	long long end = now_ms() + PATIENCE_MS;

	while ((stream->size <= size ||
		       stream->text[stream->size - 1] != '\n') &&
		now_ms() < end)
		stream_read(stream);
}

static void test_row(const struct row *row, const struct terminal *terminal,
	struct program *chat, struct program *listener)
{
	size_t before = listener->out.size;
	char heard[256];

	type(terminal, row->typed);
	type(terminal, ENTER);
	if (row->heard) {
		hear(&listener->out, before);
		last_line(&listener->out, heard, sizeof(heard));
		tap_is_string(heard, row->heard, row->key);
	}
	/* The terminal must not fill up with output that nobody reads. */
	while (stream_read(&chat->out))
		;
}

/* Types bytes one by one: each is read before the next one is typed. */
static void type_slowly(const struct terminal *terminal, const char *keys)
{
	for (; *keys; keys++) {
		int unread = 1;
		char key[] = {*keys, '\0'};

		type(terminal, key);
		while (ioctl(terminal->slave, FIONREAD, &unread) == 0 &&
			unread > 0)
			poll(NULL, 0, 1);
	}
}

/* Over a slow link the bytes of a key come apart. */
static void test_slow_link(
	const struct terminal *terminal, struct program *listener)
{
	size_t before = listener->out.size;
	char heard[256];

	type_slowly(terminal, "ac" ESC "[Db" ESC "[200~\003/me" ESC "[201~" ESC
			      "]11;rgb:0/0/0" ESC "\\" ENTER);
	hear(&listener->out, before);
	last_line(&listener->out, heard, sizeof(heard));
	tap_is_string(heard, "ab\003/mec", "sequences in pieces");
}

/* Each way out, by keys, ends the chat well. */
static void test_way_out(const char *keys, const char *what)
{
	struct terminal terminal = terminal_open();
	struct program chat = start_lee(&terminal);

	type(&terminal, keys);
	ends_well(&chat, what);
	terminal_close(&terminal);
}

/* Lines that were entered come back in the next chat. */
static void test_history(void)
{
	char path[] = "/tmp/mchat-lines.XXXXXX";
	struct terminal terminal = terminal_open();
	struct program listener = start_kim();
	struct program chat;

	close(mkstemp(path));
	setenv("MCHAT_HISTORY", path, 1);
	chat = start_lee(&terminal);
	type(&terminal, "remember this" ENTER "\004");
	ends_well(&chat, "with a history file");
	chat = start_lee(&terminal);
	type(&terminal, "\020 too" ENTER);
	tap_ok(stream_wait(&listener.out, "^remember this too$"),
		"Ctrl-P brings back a line of the chat before");
	wait_confirmed(&terminal, &chat);
	kill(chat.pid, SIGHUP);
	ends_well(&chat, "with a history file, hung up");
	setenv("MCHAT_HISTORY", "/nonexistent/history", 1);
	chat = start_lee(&terminal);
	type(&terminal, "and this" ENTER "\004");
	ends_well(&chat, "without a folder for it");
	tap_ok(strstr(chat.out.text, "/nonexistent/history: No such file") !=
			NULL,
		"a history file without a folder is told");
	unsetenv("MCHAT_HISTORY");
	unlink(path);
	stop_piped(&listener);
	terminal_close(&terminal);
}

int main(void)
{
	struct terminal terminal;
	struct program listener;
	struct program chat;

	if (!pty_begin(5211)) {
		tap_skip("keys", strerror(errno));
		return tap_done();
	}
	terminal = terminal_open();
	listener = start_kim();
	chat = start_lee(&terminal);
	stream_wait(&chat.out, "here: kim|kim joined");
	for (size_t i = 0; i < COUNT; i++)
		test_row(&rows[i], &terminal, &chat, &listener);
	test_slow_link(&terminal, &listener);
	tap_ok(strstr(chat.out.text, "lee> /who\r\n") != NULL,
		"one line that is pasted can be a command");
	tap_ok(strstr(chat.out.text, "* lee cooks\r\n") != NULL,
		"Tab completes a command");
	tap_ok(strstr(listener.out.text, "/who") == NULL,
		"a pasted command is not sent");
	type(&terminal, "\004");
	ends_well(&chat, "Ctrl-D on an empty line");
	stop_piped(&listener);
	terminal_close(&terminal);

	test_history();
	test_way_out("\003", "Ctrl-C on an empty line");
	test_way_out("/quit" ENTER, "/quit");
	test_way_out("/q\t" ENTER, "/q and Tab");
	return tap_done();
}
