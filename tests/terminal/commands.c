/* SPDX-License-Identifier: ISC */
/*
 * Commands as they are typed, and what another member sees of them.  What the
 * terminal shows is matched for the words in it alone: a line editor may put
 * what it likes around them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"
#include "mchat/chat/commands.h"

/* The chat that is typed into, and kim, who hears it and has no terminal. */
struct fixture {
	struct terminal terminal;
	struct program chat;
	struct program kim;
	bool edits; /* the terminal is one that lines are edited on */
	char log[32];
};

/* Kim's output is one JSON object an event; -c and -T end kim even if this test
 * is killed. */
static void fixture_init(struct fixture *f)
{
	static const char *const kim[OPTIONS_MAX] = {
		"-v", "-R", "-f", "json", "-n", "kim", "-c", "99", "-T", "100"};
	const char *const lee[OPTIONS_MAX] = {"-n", "lee", "-o", f->log};

	strcpy(f->log, "/tmp/mchat-log-XXXXXX");
	close(mkstemp(f->log));
	f->terminal = terminal_open();
	f->kim = start_piped(kim);
	stream_wait(&f->kim.err, "^mchat: in ");
	f->chat = start_on(&f->terminal, lee);
	tap_ok(stream_wait(&f->chat.out, "here: kim|kim joined"),
		"kim is here");
	tap_ok(stream_wait(&f->kim.out, "\"join\",\"nick\":\"lee\""),
		"kim sees us join");
}

static void fixture_fini(struct fixture *f)
{
	stop_piped(&f->kim);
	terminal_close(&f->terminal);
}

/* Types a line and waits until something is shown for it. */
static void shows(struct fixture *f, const char *line, const char *pattern)
{
	stream_forget(&f->chat.out);
	type(&f->terminal, line);
	type(&f->terminal, "\n");
	tap_ok(stream_wait(&f->chat.out, pattern), "%s shows %s", line,
		pattern);
}

/* Waits until kim was told something. */
static void kim_sees(struct fixture *f, const char *pattern)
{
	tap_ok(stream_wait(&f->kim.out, pattern), "kim sees %s", pattern);
}

static void test_who_and_what(struct fixture *f)
{
	shows(f, "/who", "kim: on this network");
	shows(f, "/nick zoe", "you are now called zoe");
	kim_sees(f, "\"nick\",\"nick\":\"zoe\".*\"old\":\"lee\"");
	/* Where the terminal edits, what was typed stays. */
	shows(f, "/me waves", f->edits ? "[0-9] \\* zoe waves" : "/me waves");
	kim_sees(f, "\"action\",\"nick\":\"zoe\".*\"text\":\"waves\"");
	type(&f->terminal, "//who\n");
	kim_sees(f, "\"message\",\"nick\":\"zoe\".*\"text\":\"/who\"");
	shows(f, "/stats", "sent 2, received 0, packets sent 2,");
}

static void test_options(struct fixture *f)
{
	shows(f, "/ttl 3", "TTL 3");
	shows(f, "/options", "IP_MULTICAST_TTL +3");
	shows(f, "/loop off", "others on this host do not hear you");
	shows(f, "/options", "IP_MULTICAST_LOOP +(off|0)");
	shows(f, "/loop on", "others on this host hear you");
}

static void test_wrong_use(struct fixture *f)
{
	shows(f, "/ttl far", "/ttl far: write /ttl N");
	shows(f, "/frobnicate", "/frobnicate: no such command; /help");
	shows(f, "/nick", "write /nick NAME");
	shows(f, "/who is there", "/who takes no argument");
	shows(f, "/l", "/l: which one\\? /leave, /loop");
	shows(f, "quit", "\"quit\" is not sent: /quit is the command");
	type(&f->terminal, "/home/lee/x is broken\n");
	kim_sees(f, "\"text\":\"/home/lee/x is broken\"");
	tap_ok(!matches(f->kim.out.text, "\"quit\""), "quit was not said");
	type(&f->terminal, "quit\nquit\n");
	kim_sees(f, "\"text\":\"quit\"");
}

/* The help has what the table has. */
static void test_help(struct fixture *f)
{
	shows(f, "/help", "/quit +leave");
	for (size_t i = 0; commands_name(i); i++) {
		char pattern[64];

		snprintf(pattern, sizeof(pattern), "mchat: /%s .*[a-z]",
			commands_name(i));
		tap_ok(matches(f->chat.out.text, pattern), "/help tells of /%s",
			commands_name(i));
	}
}

static void test_history(struct fixture *f)
{
	static const char *const ann[OPTIONS_MAX] = {
		"-n", "ann", "-m", "first", "-m", "second"};
	struct program sender = start_piped(ann);
	int out = sender.out.fd;

	tap_ok(stream_wait(&f->chat.out, "ann: second"),
		"ann's last message is shown");
	tap_is_int(wait_end(&sender), 0,
		"ann's exit status: her messages are confirmed");
	close(out);
	close(sender.err.fd);
	shows(f, "/history 1", "ann: second");
	tap_ok(!matches(f->chat.out.text, "ann: first"),
		"/history 1 shows one message only");
	shows(f, "/history", "ann: first(.|\n)*ann: second");
	if (f->edits)
		tap_ok(matches(f->chat.out.text, "[0-9] \\* zoe waves"),
			"/history shows our own actions, too");
}

/* Another group, where nobody is, and back. */
static void test_join(struct fixture *f)
{
	char there[64];
	char back[128];

	/* The process number keeps parallel runs apart. */
	snprintf(there, sizeof(there), "/join den%d", (int)getpid());
	shows(f, there, "left; all that you said is confirmed");
	tap_ok(stream_wait(&f->chat.out,
		       "in den[0-9]+, 239\\.255\\..*:5202 on lo .*; "
		       "the port is the same as before"),
		"/join says where we are, on the same port");
	kim_sees(f, "\"leave\",\"nick\":\"zoe\".*\"reason\":\"bye\"");
	shows(f, "/who", "nobody else is here");
	type(&f->terminal, "alone\n");
	stream_forget(&f->kim.out);
	snprintf(back, sizeof(back), "/join %s", pty_group());
	shows(f, back, "here: kim|kim joined");
	kim_sees(f, "\"join\",\"nick\":\"zoe\"");
	tap_ok(stream_wait(&f->chat.out, " ~\\* zoe waves") &&
			stream_wait(&f->chat.out, " ~zoe> /who"),
		"what we said here before comes back as ours");
	tap_ok(!matches(f->chat.out.text, "zoe(#[0-9a-f]*)?: "),
		"what we said here before is not shown as another's");
	type(&f->terminal, "here again\n");
	kim_sees(f, "\"text\":\"here again\"");
	tap_ok(!matches(f->kim.out.text, "alone"),
		"what we said in the other group is not sent here");
	shows(f, "/join 10.0.0.1", "/join 10.0.0.1: not a multicast group");
}

static void test_leave(struct fixture *f)
{
	char back[128];

	stream_forget(&f->kim.out);
	shows(f, "/leave", "mchat: left; all that you said is confirmed");
	kim_sees(f, "\"leave\",\"nick\":\"zoe\".*\"reason\":\"bye\"");
	shows(f, "to nobody", "not sent: you are in no group");
	stream_forget(&f->chat.out);
	type(&f->terminal, "/history\n/who\n");
	tap_ok(stream_wait(&f->chat.out, "/who: you are in no group"),
		"after /leave, /who says that we are in no group");
	tap_ok(matches(f->chat.out.text, "ann: second") &&
			!matches(f->chat.out.text, ": to nobody"),
		"/history does not show a line that was not sent");
	snprintf(back, sizeof(back), "/join %s", pty_group());
	shows(f, back, "here: kim|kim joined");
	type(&f->terminal, "to kim\n");
	kim_sees(f, "\"text\":\"to kim\"");
	tap_ok(!matches(f->kim.out.text, "to nobody"),
		"a line that was not sent is not sent later, either");
	stream_forget(&f->chat.out);
	type(&f->terminal, "/leave\ntoo late\n");
	tap_ok(stream_wait(&f->chat.out, "not sent: you are in no group") &&
			!matches(f->chat.out.text, "[0-9] zoe> too late"),
		"a line read together with /leave is not shown as said");
	shows(f, back, "here: kim|kim joined");
	type(&f->terminal, "/nick lou\nin time\n/nick zoe\n");
	kim_sees(f, "\"nick\":\"lou\".*\"text\":\"in time\"");
	tap_ok(!f->edits || stream_wait(&f->chat.out, "[0-9] lou> in time"),
		"a line read together with /nick is shown as said");
}

/* Whether the transcript has a line. */
static bool is_logged(const struct fixture *f, const char *line)
{
	char text[4096];
	FILE *file = fopen(f->log, "r");

	if (!file)
		return false;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return strstr(text, line) != NULL;
}

static void test_quit(struct fixture *f)
{
	stream_forget(&f->kim.out);
	type(&f->terminal, "/quit\n");
	ends_well(&f->chat, "/quit");
	kim_sees(f, "\"leave\",\"nick\":\"zoe\".*\"reason\":\"bye\"");
	tap_ok(is_logged(f, " * zoe waves\n") && is_logged(f, " zoe> /who\n"),
		"the transcript has our action and our line");
	unlink(f->log);
}

/* The whole session, on a terminal of this kind. */
static void play(const char *kind)
{
	struct fixture f;

	tap_note("TERM=%s", kind);
	setenv("TERM", kind, 1);
	fixture_init(&f);
	f.edits = strcmp(kind, "dumb") != 0;
	test_who_and_what(&f);
	test_options(&f);
	test_wrong_use(&f);
	test_help(&f);
	test_history(&f);
	test_join(&f);
	test_leave(&f);
	test_quit(&f);
	fixture_fini(&f);
}

int main(void)
{
	if (!pty_begin(5202)) {
		tap_skip("commands on a terminal", strerror(errno));
		return tap_done();
	}
	/* A terminal that mchat edits lines on, and one that does it itself. */
	play("xterm");
	play("dumb");
	return tap_done();
}
