/* SPDX-License-Identifier: ISC */
/* Commands on a session in a group of this run's own, on lo. */
#include "mchat/chat/commands.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "tap.h"
#include "mchat/chat/display.h"
#include "mchat/chat/input.h"
#include "mchat/chat/receive_path.h"
#include "mchat/chat/send_path.h"
#include "mchat/chat/session.h"
#include "mchat/io/clock.h"
#include "mchat/io/output_queue.h"
#include "mchat/network/call.h"
#include "mchat/network/sockopt.h"
#include "mchat/protocol/engine.h"

struct fixture {
	struct call_log log;
	struct session session;
	struct input input;
	struct display display;
	struct receive_path receive_path;
	struct send_path send_path;
	struct commands_target target;
	struct capture capture;
};

static struct session_config config(void)
{
	static const char *const interfaces[] = {"lo"};
	struct session_config config = {.nick = "lee"};
	struct group_config *group = &config.membership.group;

	config.membership.interfaces = interfaces;
	config.membership.interface_count = 1;
	*group = (struct group_config){
		.hop_limit = 1,
		.has_loopback = true,
		.receives = true,
		.sends = true,
	};
	address_parse("239.255.79.1", &group->address);
	group->address.bytes[3] = (uint8_t)(getpid() % 250 + 1);
	group->address.port = (uint16_t)(40000 + getpid() % 20000);
	return config;
}

/* With everything that commands need but a group. */
static void fixture_init(struct fixture *f)
{
	struct input_config input = {
		.limit = 64, .classify = commands_classify};
	struct session_config session = config();

	*f = (struct fixture){0};
	session_init(&f->session, &session, &f->log);
	input.reads_stdin = true;
	input_init(&f->input, &input);
	display_init(&f->display, -1);
	f->display.transcript.fd = -1;
	if (!receive_path_init(&f->receive_path) ||
		!send_path_init(&f->send_path, false))
		abort();
	f->target = (struct commands_target){
		.session = &f->session,
		.input = &f->input,
		.display = &f->display,
		.receive_path = &f->receive_path,
		.send_path = &f->send_path,
		.now = clock_now(),
	};
}

/* Joins the group; where there is no lo, false, and the checks are skipped. */
static bool fixture_open(struct fixture *f)
{
	enum membership_result result;

	fixture_init(f);
	capture_begin(&f->capture);
	result = session_open(&f->session, f->target.now);
	capture_end(&f->capture);
	if (result != MEMBERSHIP_OK)
		tap_skip("commands in a group", "no group on lo");
	return result == MEMBERSHIP_OK;
}

static void fixture_fini(struct fixture *f)
{
	session_close(&f->session);
	receive_path_fini(&f->receive_path);
	send_path_fini(&f->send_path);
	display_fini(&f->display);
	input_fini(&f->input);
}

/* Runs what is typed behind a '/'; returns what was said. */
static const char *run_bytes(struct fixture *f, const char *text, size_t size)
{
	struct input_class class = commands_classify(text, size);
	struct input_line line = {
		.kind = class.kind,
		.command = class.command,
		.line = {.text = text + class.begin,
			.size = class.end - class.begin},
	};

	capture_begin(&f->capture);
	commands_run(&f->target, &line);
	return capture_end(&f->capture);
}

static const char *run(struct fixture *f, const char *text)
{
	return run_bytes(f, text, strlen(text));
}

static void says(struct fixture *f, const char *line, const char *said)
{
	tap_is_string(run(f, line), said, line);
}

static void has(struct fixture *f, const char *line, const char *part)
{
	const char *said = run(f, line);

	if (!tap_ok(strstr(said, part) != NULL, "%s: %s", line, part))
		tap_note("said: %s", said);
}

/* ---- the table ---- */

static void test_names(void)
{
	size_t count = 0;

	for (; commands_name(count); count++) {
		const char *name = commands_name(count);

		tap_ok(strspn(name, "abcdefghijklmnopqrstuvwxyz") ==
					strlen(name) &&
				*name,
			"%s is a word", name);
		for (size_t i = 0; i < count; i++)
			if (strcmp(commands_name(i), name) == 0)
				tap_ok(false, "%s is there twice", name);
	}
	tap_ok(count > 10, "there are %zu commands", count);
	tap_is_string(commands_name(count + 1), NULL,
		"there is no name behind the last");
}

/* How many commands begin with `text`; those whose whole name it is count
 * alone. */
static size_t meant(const char *text, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; commands_name(i); i++) {
		const char *name = commands_name(i);

		if (strncmp(name, text, size) != 0)
			continue;
		if (name[size] == '\0')
			return 1;
		count++;
	}
	return count;
}

/* Each beginning of each name, outside of a group, where little happens. */
static void test_beginnings(void)
{
	for (size_t i = 0; commands_name(i); i++) {
		const char *name = commands_name(i);

		for (size_t size = 1; size <= strlen(name); size++) {
			struct fixture f;
			bool is_none;

			fixture_init(&f);
			is_none = strstr(run_bytes(&f, name, size),
					  "which one? /") != NULL;
			tap_ok(is_none == (meant(name, size) != 1),
				"/%.*s is %s", (int)size, name,
				is_none ? "not clear" : "enough");
			fixture_fini(&f);
		}
	}
}

static void test_help(void)
{
	struct fixture f;
	const char *said;
	size_t count = 0;

	fixture_init(&f);
	said = run(&f, "help");
	for (; commands_name(count); count++) {
		char start[32];

		snprintf(start, sizeof(start), "mchat: /%s ",
			commands_name(count));
		tap_is_int((intmax_t)capture_count(said, start), 1,
			"/help has one line for each command");
	}
	tap_is_int((intmax_t)capture_count(said, "\n"), (intmax_t)count,
		"/help has no other lines");
	fixture_fini(&f);
}

static void test_no_commands(void)
{
	struct fixture f;

	fixture_init(&f);
	says(&f, "", "mchat: /: no such command; /help lists them\n");
	says(&f, " who", "mchat: /: no such command; /help lists them\n");
	says(&f, "whom", "mchat: /whom: no such command; /help lists them\n");
	says(&f, "WHOM", "mchat: /WHOM: no such command; /help lists them\n");
	says(&f, "\033[2J",
		"mchat: /\\x1b[2J: no such command; /help lists them\n");
	says(&f, "h", "mchat: /h: which one? /history, /help\n");
	says(&f, "l now", "mchat: /l: which one? /leave, /loop\n");
	fixture_fini(&f);
}

/* What is typed to leave other programs is asked about. */
static void test_slips(void)
{
	static const char *const words[] = {"quit", "exit", ":q", "help", "?"};
	struct input_line line = {.kind = LINE_AT_ONCE, .lacks_slash = true};
	struct fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		tap_ok(commands_lacks_slash(words[i], strlen(words[i])),
			"%s is", words[i]);
	tap_ok(!commands_lacks_slash("quit ", 5) &&
			!commands_lacks_slash("qui", 3) &&
			!commands_lacks_slash("", 0),
		"and nothing else");
	line.line = (struct line){.text = "exit", .size = 4};
	capture_begin(&f.capture);
	commands_run(&f.target, &line);
	tap_is_string(capture_end(&f.capture),
		"mchat: \"exit\" is not sent: /quit is the command; the same "
		"line again sends it\n",
		"it is told what to write");
	tap_ok(f.target.wish == COMMANDS_STAY, "and nothing happens");
	fixture_fini(&f);
}

/* ---- order among messages ---- */

static void test_kinds(void)
{
	static const struct {
		const char *line;
		enum line_kind kind;
		const char *rest;
	} cases[] = {
		{"who", LINE_AT_ONCE, ""},
		{"q", LINE_AT_ONCE, ""},
		{"exit", LINE_AT_ONCE, ""},
		{"BYE", LINE_AT_ONCE, ""},
		{"Nick lee", LINE_IN_TURN, "lee"},
		{"nobody there", LINE_AT_ONCE, "nobody"},
		{"l", LINE_AT_ONCE, "l"},
		{"", LINE_AT_ONCE, ""},
		{"ttl  3 ", LINE_AT_ONCE, "3"},
		{"nick lee", LINE_IN_TURN, "lee"},
		{"join den", LINE_IN_TURN, "den"},
		{"le", LINE_IN_TURN, ""},
		{"me waves", LINE_ACTION, "waves"},
		{"m \t waves ", LINE_ACTION, "waves "},
		{"me", LINE_AT_ONCE, ""},
		{"me \t ", LINE_AT_ONCE, ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *line = cases[i].line;
		struct input_class class =
			commands_classify(line, strlen(line));

		tap_is_int(class.kind, cases[i].kind, line);
		tap_is_bytes(line + class.begin, class.end - class.begin,
			cases[i].rest, strlen(cases[i].rest),
			"the rest of the line follows the command");
	}
}

/* ---- without a group ---- */

static void test_outside(void)
{
	static const char *const inside[] = {"who", "nick kim", "me waves",
		"leave", "ttl 3", "loop on", "options", "stats", "drop 5",
		"duplicate 5", "reorder 5"};
	struct fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		has(&f, inside[i], ": you are in no group; /join one\n");
	tap_ok(f.target.wish == COMMANDS_STAY,
		"outside a group a command that needs one changes nothing");
	says(&f, "history", "");
	says(&f, "show", "mchat: no message was folded\n");
	says(&f, "join 239.1.2.3", "");
	tap_ok(f.target.wish == COMMANDS_MOVE,
		"outside a group, /join joins one");
	tap_ok(!input_is_done(&f.input), "outside a group, input goes on");
	says(&f, "quit", "");
	tap_ok(f.target.wish == COMMANDS_END && input_is_done(&f.input),
		"/quit ends the input");
	fixture_fini(&f);
}

/* ---- in a group ---- */

static void test_wrong_use(void)
{
	static const struct {
		const char *line;
		const char *said;
	} cases[] = {
		{"who now", "mchat: /who takes no argument\n"},
		{"quit now", "mchat: /quit takes no argument\n"},
		{"ttl", "mchat: /ttl: write /ttl N (how far packets go: "
			"0 host, 1 LAN, at most 255)\n"},
		{"ttl 256", "mchat: /ttl 256: N must be a whole number "
			    "from 0 to 255; write /ttl N (how far packets "
			    "go: 0 host, 1 LAN, at most 255)\n"},
		{"ttl far", "mchat: /ttl far: write /ttl N (how far packets "
			    "go: 0 host, 1 LAN, at most 255)\n"},
		{"loop maybe", "mchat: /loop maybe: write /loop on|off "
			       "(whether others on this host hear you)\n"},
		{"me", "mchat: /me: write /me TEXT "
		       "(say what you do, as in * lee waves)\n"},
		{"nick", "mchat: /nick: write /nick NAME "
			 "(go by another name)\n"},
		{"join", "mchat: /join: write /join GROUP[:PORT]|ROOM "
			 "(leave this group and join another; the port "
			 "stays)\n"},
		{"history 0", "mchat: /history 0: N must be a whole number "
			      "from 1 to 1000; write /history [N] "
			      "(show the last N messages again)\n"},
		{"drop 101", "mchat: /drop 101: P must be percent from 0 to "
			     "100, as in 2.5; write /drop [P] "
			     "(lose P percent of what comes in)\n"},
		{"drop -1", "mchat: /drop -1: P must be percent from 0 to "
			    "100, as in 2.5; write /drop [P] "
			    "(lose P percent of what comes in)\n"},
		{"duplicate 150",
			"mchat: /duplicate 150: P must be percent from 0 to "
			"100, as in 2.5; write /duplicate [P] "
			"(take P percent twice)\n"},
		{"reorder 1e9", "mchat: /reorder 1e9: write /reorder [P] "
				"(have P percent overtaken)\n"},
		{"nick a\tb", "mchat: /nick a\tb: must not hold control or "
			      "direction characters\n"},
		{"join 10.0.0.1",
			"mchat: /join 10.0.0.1: not a multicast group\n"},
	};
	struct fixture f;

	if (!fixture_open(&f))
		return;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		says(&f, cases[i].line, cases[i].said);
	tap_ok(f.target.wish == COMMANDS_STAY && !input_is_done(&f.input),
		"wrong use of a command changes nothing");
	fixture_fini(&f);
}

static void test_who_and_what(void)
{
	struct fixture f;

	if (!fixture_open(&f))
		return;
	says(&f, "who", "mchat: nobody else is here\n");
	says(&f, "wh  \t ", "mchat: nobody else is here\n");
	says(&f, "WHO", "mchat: nobody else is here\n");
	says(&f, "names", "mchat: nobody else is here\n");
	says(&f, "Users", "mchat: nobody else is here\n");
	has(&f, "?", "mchat: /quit");
	has(&f, "stats", "mchat: sent 0, received 0,");
	says(&f, "nick kim", "mchat: you are now called kim\n");
	tap_is_string(f.session.nick, "kim", "/nick sets the session's nick");
	says(&f, "nick  two words", "mchat: you are now called two words\n");
	says(&f, "nick lee \t", "mchat: you are now called lee\n");
	fixture_fini(&f);
}

static void test_where(void)
{
	char text[ADDRESS_TEXT_SIZE];
	struct fixture f;

	if (!fixture_open(&f))
		return;
	says(&f, "join 239.1.2.3:5000", "");
	tap_ok(f.target.wish == COMMANDS_MOVE,
		"/join asks to move to another group");
	tap_is_string(address_format(
			      &f.session.config.membership.group.address, text),
		"239.1.2.3:5000", "/join sets the group to move to");
	f.target.wish = COMMANDS_STAY;
	says(&f, "leave", "");
	tap_ok(f.target.wish == COMMANDS_LEAVE,
		"/leave asks to leave the group");
	fixture_fini(&f);
}

static int option(const struct fixture *f, enum sockopt_id id)
{
	struct sockopt_value value;
	char text[SOCKOPT_TEXT_SIZE];

	if (sockopt_get(
		    group_sending_fd(f->session.membership.families[0].group),
		    id, &value) < 0)
		return -1;
	sockopt_value_format(&value, text);
	return strcmp(text, "on") == 0 ? 1 : (int)strtol(text, NULL, 10);
}

static void test_options(void)
{
	struct fixture f;

	if (!fixture_open(&f))
		return;
	says(&f, "ttl 7 ", "mchat: TTL 7\n");
	tap_is_int(option(&f, SOCKOPT_IP_MULTICAST_TTL), 7,
		"/ttl sets the socket's TTL");
	tap_is_int(f.session.membership.hop_limit, 7,
		"/ttl sets the membership's TTL");
	tap_is_int(f.session.config.membership.group.hop_limit, 7,
		"/ttl sets the TTL for the next group, too");
	says(&f, "loop off ", "mchat: others on this host do not hear you\n");
	tap_is_int(option(&f, SOCKOPT_IP_MULTICAST_LOOP), 0,
		"/loop off sets the socket's option");
	says(&f, "loop on", "mchat: others on this host hear you\n");
	tap_is_int(option(&f, SOCKOPT_IP_MULTICAST_LOOP), 1,
		"/loop on sets the socket's option");
	has(&f, "options", "sending   IP_MULTICAST_TTL   7");
	has(&f, "options", "receiving SO_RCVBUF");
	has(&f, "options", " (Linux doubles what is asked)\n");
	fixture_fini(&f);
}

static void test_faults(void)
{
	const struct fault_rates *rates;
	struct fixture f;

	if (!fixture_open(&f))
		return;
	rates = &f.receive_path.faults.rates;
	says(&f, "drop 12.5", "mchat: of what comes in 12.5 % is lost\n");
	says(&f, "drop", "mchat: of what comes in 12.5 % is lost\n");
	says(&f, "duplicate 100",
		"mchat: of what comes in 100 % is taken twice\n");
	says(&f, "reorder 1", "mchat: of what comes in 1 % is overtaken\n");
	tap_ok(rates->drop > 12.4 && rates->drop < 12.6 &&
			rates->duplicate > 99.9 && rates->reorder > 0.9 &&
			rates->reorder < 1.1,
		"each fault has its rate");
	says(&f, "drop x",
		"mchat: /drop x: write /drop [P] "
		"(lose P percent of what comes in)\n");
	tap_ok(rates->drop > 12.4, "a wrong rate changes nothing");
	fixture_fini(&f);
}

int main(void)
{
	test_names();
	test_beginnings();
	test_help();
	test_no_commands();
	test_slips();
	test_kinds();
	test_outside();
	test_wrong_use();
	test_who_and_what();
	test_where();
	test_options();
	test_faults();
	return tap_done();
}
