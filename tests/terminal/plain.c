/* SPDX-License-Identifier: ISC */
/*
 * --plain, and a dumb terminal: lines alone, one below the other, with times,
 * our own too, and not one sequence.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

#define CLOCK "[0-2][0-9]:[0-5][0-9] "

static void play(const char *option, const char *what)
{
	const char *const words[] = {"-n", "lee", "--notify=osc", option, NULL};
	const char *const pat[] = {
		"-n", "pat", "-w", "1", "-H0", "-m", "lee, come", NULL};
	struct terminal terminal = terminal_open();
	struct program chat = start_on(&terminal, words);
	struct program other;
	int out;

	stream_wait(&chat.out, "mchat: in ");
	type(&terminal, "hello\n");
	tap_ok(stream_wait(&chat.out, "^" CLOCK "lee> hello\r$"),
		"%s: what goes out is shown with its time", what);
	type(&terminal, "/me waves\n");
	tap_ok(stream_wait(&chat.out, "^" CLOCK "\\* lee waves\r$"),
		"%s: an action, too", what);
	other = start_piped(pat);
	out = other.out.fd;
	tap_ok(stream_wait(&chat.out, "^" CLOCK "!pat: lee, come\r$"),
		"%s: so is what others say, and a mention is marked", what);
	wait_end(&other);
	type(&terminal, "/quit\n");
	ends_well(&chat, what);
	tap_ok(!strchr(chat.out.text, '\033'), "%s: there is no sequence",
		what);
	close(out);
	close(other.err.fd);
	terminal_close(&terminal);
}

/* What is no chat of lines has no echo. */
static void test_json(void)
{
	static const char *const words[] = {
		"-n", "lee", "-f", "json", "--plain", NULL};
	struct terminal terminal = terminal_open();
	struct program chat = start_on(&terminal, words);

	stream_wait(&chat.out, "mchat: in ");
	type(&terminal, "hello\n/quit\n");
	ends_well(&chat, "json");
	tap_ok(!matches(chat.out.text, "lee> |\"text\""),
		"json has no event for what we say");
	terminal_close(&terminal);
}

int main(void)
{
	if (!pty_begin(5233)) {
		tap_skip("--plain", strerror(errno));
		return tap_done();
	}
	unsetenv("NO_COLOR");
	setenv("LC_ALL", "C.UTF-8", 1);
	play("--plain", "--plain");
	test_json();
	setenv("TERM", "dumb", 1);
	setenv("NO_COLOR", "1", 1);
	play("-v", "TERM=dumb");
	return tap_done();
}
