/* SPDX-License-Identifier: ISC */
/*
 * Ctrl-X Ctrl-E: another program gets the terminal and the line, the chat goes
 * on meanwhile, and what the program wrote is the line.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

#define ENDED_LOOK_MS 5

static char script[] = "/tmp/mchat-editor.XXXXXX";

/* An editor that shows what it got, and takes a line from the terminal. */
static const char words[] = "stat -c 'mode %a' \"$1\"\n"
			    "echo \"file $1.\"\n"
			    "echo \"pid $$.\"\n"
			    "sed 's/^/has /' \"$1\"\n"
			    "read -r line\n"
			    "printf '%s\\nmore\\n\\n' \"$line\" >\"$1\"\n";

static void write_script(void)
{
	FILE *file = fdopen(mkstemp(script), "w");
	char command[64];

	if (!file || fputs(words, file) < 0 || fclose(file) != 0)
		abort();
	snprintf(command, sizeof(command), "sh %s", script);
	setenv("VISUAL", command, 1);
}

/* The path that the editor told. */
static void find_path(const struct program *chat, char out[256])
{
	const char *begin = strstr(chat->out.text, "file /");

	out[0] = '\0';
	if (begin)
		(void)sscanf(begin, "file %255[^.]", out);
}

/* Somebody says something, and waits until lee has confirmed it. */
static void say(const char *text)
{
	const char *const pat[] = {
		"-n", "pat", "-w", "2", "-H0", "-m", text, NULL};
	struct program member = start_piped(pat);
	int out = member.out.fd;

	tap_is_int(wait_end(&member), 0, "the chat goes on");
	close(out);
	close(member.err.fd);
}

static void test_editing(struct program *kim)
{
	struct terminal terminal = terminal_open();
	struct program chat = start_lee(&terminal);
	char path[256];

	stream_wait(&chat.out, "here: kim|kim joined");
	type(&terminal, "draft\033\rtwo\030\005");
	tap_ok(stream_wait(&chat.out, "mode 600") &&
			stream_wait(&chat.out, "has draft\r\nhas two\r\n"),
		"the editor gets the line in a file of ours alone");
	find_path(&chat, path);
	say("meanwhile");
	tap_ok(!matches(chat.out.text, "meanwhile"),
		"what comes in waits while the editor has the terminal");
	tap_ok(access(path, F_OK) == 0, "the file is there: %s", path);
	stream_forget(&chat.out);
	type(&terminal, "new \"$HOME\" text\n");
	tap_ok(stream_wait(&chat.out, "pat: meanwhile"),
		"what came in is shown when it has ended");
	tap_ok(stream_wait(&chat.out, "text\\^Jmore"),
		"what it wrote is the line");
	tap_ok(access(path, F_OK) < 0, "the file is gone");
	type(&terminal, "\r");
	tap_ok(stream_wait(&kim->out, "^new \"\\$HOME\" text\\\\nmore$"),
		"which is sent as it is");
	type(&terminal, "\004");
	ends_well(&chat, "after another editor");
	terminal_close(&terminal);
}

/* Waits until a process has ended, which its parent has not looked at. */
static bool has_ended(long pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	for (int i = 0; i < PATIENCE_MS / ENDED_LOOK_MS; i++) {
		FILE *file = fopen(path, "r");
		char state = '\0';

		if (!file)
			return true;
		if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
			state = '\0';
		fclose(file);
		if (state == 'Z')
			return true;
		(void)poll(NULL, 0, ENDED_LOOK_MS);
	}
	return false;
}

/* The chat learns at once that its editor has ended, and of the Ctrl-C that has
 * ended it. */
static void test_interrupt(void)
{
	struct terminal terminal = terminal_open();
	struct program chat = start_lee(&terminal);
	const char *told;

	type(&terminal, "draft\030\005");
	stream_wait(&chat.out, "has draft");
	told = strstr(chat.out.text, "pid ");
	kill(chat.pid, SIGSTOP);
	type(&terminal, "\003");
	tap_ok(told && has_ended(strtol(told + 4, NULL, 10)),
		"Ctrl-C ends the editor");
	kill(chat.pid, SIGCONT);
	stream_forget(&chat.out);
	stream_wait(&chat.out, "lee> draft");
	type(&terminal, "!");
	tap_ok(stream_wait(&chat.out, "lee> draft!"), "and not the chat");
	type(&terminal, "\025\004");
	ends_well(&chat, "after Ctrl-C in another editor");
	terminal_close(&terminal);
}

static void test_end(void)
{
	struct terminal terminal = terminal_open();
	struct program chat = start_lee(&terminal);
	char path[256];

	type(&terminal, "draft\030\005");
	stream_wait(&chat.out, "has draft");
	stream_forget(&chat.out);
	type(&terminal, "\003");
	tap_ok(stream_wait(&chat.out, "failed; the line is as before"),
		"Ctrl-C is for the editor alone");
	/* Before that what is typed is not for the chat. */
	stream_wait(&chat.out, "lee> draft");
	stream_forget(&chat.out);
	type(&terminal, "\030\005");
	stream_wait(&chat.out, "has draft");
	find_path(&chat, path);
	kill(chat.pid, SIGTERM);
	ends_well(&chat, "a signal while another editor runs");
	tap_ok(path[0] && access(path, F_OK) < 0, "the file is gone");
	terminal_close(&terminal);
}

/* What goes wrong is told, and leaves the line. */
static void test_failing(const char *command, const char *pattern)
{
	struct terminal terminal = terminal_open();
	struct program chat;

	setenv("VISUAL", command, 1);
	chat = start_lee(&terminal);
	type(&terminal, "kept");
	stream_wait(&chat.out, "lee> kept");
	stream_forget(&chat.out);
	type(&terminal, "\030\005");
	tap_ok(stream_wait(&chat.out, pattern), "%s: %s", command, pattern);
	stream_wait(&chat.out, "lee> kept");
	stream_forget(&chat.out);
	type(&terminal, "!\r");
	tap_ok(stream_wait(&chat.out, "lee> kept!"), "the line is kept");
	type(&terminal, "\004");
	ends_well(&chat, command);
	terminal_close(&terminal);
}

int main(void)
{
	struct program kim;

	if (!pty_begin(5234)) {
		tap_skip("another editor", strerror(errno));
		return tap_done();
	}
	write_script();
	kim = start_kim();
	test_editing(&kim);
	stop_piped(&kim);
	test_interrupt();
	test_end();
	test_failing("/nonexistent/editor -x", "/nonexistent/editor -x cannot");
	test_failing("false", "false failed; the line is as before");
	test_failing("echo $HOME;", "\\$HOME; /[^ ]*/mchat-");
	unlink(script);
	return tap_done();
}
