/* SPDX-License-Identifier: ISC */
/* /ignore: what somebody says is received and confirmed, and not shown. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

/* Somebody says something, and waits until lee has confirmed it. */
static void say(const char *nick, const char *text)
{
	const char *const words[] = {
		"-n", nick, "-w", "2", "-H0", "-m", text, NULL};
	struct program member = start_piped(words);
	int out = member.out.fd;

	tap_is_int(WEXITSTATUS(wait_end(&member)), 0, "it is confirmed");
	close(out);
	close(member.err.fd);
}

static void answers(const struct terminal *terminal, struct program *chat,
	const char *line, const char *pattern)
{
	stream_forget(&chat->out);
	type(terminal, line);
	type(terminal, "\r");
	tap_ok(stream_wait(&chat->out, pattern), "%s: %s", line, pattern);
}

int main(void)
{
	struct terminal terminal;
	struct program kim;
	struct program chat;

	if (!pty_begin(5232)) {
		tap_skip("/ignore", strerror(errno));
		return tap_done();
	}
	terminal = terminal_open();
	kim = start_kim();
	chat = start_lee(&terminal);
	stream_wait(&chat.out, "here: kim|kim joined");
	answers(&terminal, &chat, "/ignore", "nobody is ignored");
	answers(&terminal, &chat, "/ignore kim", "what kim says is not shown");
	answers(&terminal, &chat, "/who", "kim \\(ignored\\): on this network");
	answers(&terminal, &chat, "/ignore pat", "nobody here is called pat;");
	answers(&terminal, &chat, "/ignore", "ignored: kim, pat; /unignore");
	stream_forget(&chat.out);
	say("pat", "not for lee");
	say("sue", "for all");
	tap_ok(stream_wait(&chat.out, "sue: for all"), "others are shown");
	tap_ok(!matches(chat.out.text, "not for lee"),
		"who is ignored is not shown");
	tap_ok(stream_wait(&kim.out, "^not for lee$"), "but elsewhere");
	answers(&terminal, &chat, "/unignore pat", "pat says is shown again");
	answers(&terminal, &chat, "/unignore pat", "/unignore pat: not ignor");
	say("pat", "again for lee");
	tap_ok(stream_wait(&chat.out, "pat: again for lee"),
		"who is not ignored any more is shown");
	type(&terminal, "\004");
	ends_well(&chat, "with an ignored member");
	stop_piped(&kim);
	terminal_close(&terminal);
	return tap_done();
}
