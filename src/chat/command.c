/* SPDX-License-Identifier: ISC */
#include "mchat/chat/command.h"

#include <inttypes.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/number.h"
#include "mchat/chat/clock.h"
#include "mchat/chat/display.h"
#include "mchat/chat/inbound.h"
#include "mchat/chat/input.h"
#include "mchat/chat/notice.h"
#include "mchat/chat/outbound.h"
#include "mchat/chat/session.h"
#include "mchat/chat/stats.h"
#include "mchat/chat/who.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"

/* What /history shows when it is not said. */
#define HISTORY_LINES 20

struct command {
	const char *name;
	const char *argument; /* as help shows it; in brackets: may be left
			       * out; NULL: takes none */
	const char *help;
	/* Does it with a terminated argument, "" when there is none; false when
	 * that is wrong, which is then told by `argument`. */
	bool (*run)(struct command_target *target, const char *argument);
};

/* ---- who and what ---- */

static bool run_who(struct command_target *target, const char *argument)
{
	(void)argument;
	who_print(target->session->link->engine, target->now);
	return true;
}

static bool run_stats(struct command_target *target, const char *argument)
{
	(void)argument;
	stats_show(target->outbound, target->inbound);
	return true;
}

static bool run_history(struct command_target *target, const char *argument)
{
	int64_t count = HISTORY_LINES;

	if (*argument && number_parse(argument, 1, DISPLAY_KEPT_MAX, &count) !=
				 NUMBER_OK)
		return false;
	display_again(target->inbound->display, (size_t)count);
	return true;
}

static bool run_nick(struct command_target *target, const char *argument)
{
	struct session *session = target->session;
	const char *why;

	if (!*argument)
		return false;
	why = nick_check(argument, strlen(argument));
	if (why) {
		notice_error("/nick %s: %s", argument, why);
		return true;
	}
	snprintf(session->nick, sizeof(session->nick), "%s", argument);
	engine_set_nick(session->link->engine, session->nick);
	notice_answer("you are now called %s", session->nick);
	return true;
}

static bool run_me(struct command_target *target, const char *argument)
{
	if (!*argument)
		return false;
	if (!link_act(target->session->link, argument, target->inbound->display,
		    target->now))
		notice_error("/me: too much is not confirmed yet; try again");
	return true;
}

/* ---- where ---- */

static bool run_join(struct command_target *target, const char *argument)
{
	const char *why;

	if (!*argument)
		return false;
	why = session_find(target->session, argument);
	if (why)
		notice_error("/join %s: %s", argument, why);
	else
		target->wish = COMMAND_MOVE;
	return true;
}

static bool run_leave(struct command_target *target, const char *argument)
{
	(void)argument;
	target->wish = COMMAND_LEAVE;
	return true;
}

static bool run_ttl(struct command_target *target, const char *argument)
{
	int64_t ttl;

	if (number_parse(argument, 0, 255, &ttl) != NUMBER_OK)
		return false;
	session_set_hop_limit(target->session, (int)ttl);
	return true;
}

static bool run_loop(struct command_target *target, const char *argument)
{
	bool is_on = strcmp(argument, "on") == 0;

	if (!is_on && strcmp(argument, "off") != 0)
		return false;
	session_set_loopback(target->session, is_on);
	return true;
}

static bool run_options(struct command_target *target, const char *argument)
{
	(void)argument;
	session_say_options(target->session);
	return true;
}

/* ---- faults ---- */

/* Sets the rate when there is one, and answers what it is. */
static bool set_rate(const char *argument, double *rate, const char *what)
{
	if (*argument && number_parse_percent(argument, rate) != NUMBER_OK)
		return false;
	notice_answer("of what comes in %g %% is %s", *rate, what);
	return true;
}

static bool run_drop(struct command_target *target, const char *argument)
{
	return set_rate(argument, &target->inbound->faults.rates.drop, "lost");
}

static bool run_duplicate(struct command_target *target, const char *argument)
{
	return set_rate(argument, &target->inbound->faults.rates.duplicate,
		"taken twice");
}

static bool run_reorder(struct command_target *target, const char *argument)
{
	return set_rate(
		argument, &target->inbound->faults.rates.reorder, "overtaken");
}

/* ---- the table ---- */

static bool run_help(struct command_target *target, const char *argument);

static bool run_quit(struct command_target *target, const char *argument)
{
	(void)argument;
	input_end(target->input);
	return true;
}

static const struct command commands[] = {
	{"who", NULL, "who is here, how far, and what each one hears", run_who},
	{"nick", "NAME", "go by another name", run_nick},
	{"me", "TEXT", "say what you do, as in * lee waves", run_me},
	{"join", "GROUP[:PORT]|ROOM", "leave this group and join another",
		run_join},
	{"leave", NULL, "leave the group and stay", run_leave},
	{"ttl", "N", "how far packets go: 0 host, 1 LAN, at most 255", run_ttl},
	{"loop", "on|off", "whether others on this host hear you", run_loop},
	{"options", NULL, "the options of the sockets", run_options},
	{"stats", NULL, "what came and went so far", run_stats},
	{"history", "[N]", "show the last N messages again", run_history},
	{"drop", "[P]", "lose P percent of what comes in", run_drop},
	{"duplicate", "[P]", "take P percent twice", run_duplicate},
	{"reorder", "[P]", "have P percent overtaken", run_reorder},
	{"help", NULL, "this list; // begins a message with /", run_help},
	{"quit", NULL, "leave, and end", run_quit},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static bool run_help(struct command_target *target, const char *argument)
{
	(void)target;
	(void)argument;
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command *it = &commands[i];

		notice_answer("/%s%s%-*s %s", it->name, it->argument ? " " : "",
			(int)(26 - strlen(it->name) - (it->argument != NULL)),
			it->argument ? it->argument : "", it->help);
	}
	return true;
}

const char *command_name(size_t index)
{
	return index < COMMAND_COUNT ? commands[index].name : NULL;
}

/* Those that work without a group. */
static bool works_outside(const struct command *command)
{
	return command->run == run_join || command->run == run_help ||
	       command->run == run_quit || command->run == run_history;
}

/* The command of a name, or of the beginning of just one. */
static const struct command *find(const char *name, size_t size)
{
	const struct command *found = NULL;

	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command *it = &commands[i];

		if (strncmp(it->name, name, size) != 0)
			continue;
		if (it->name[size] == '\0')
			return it;
		if (found)
			return NULL;
		found = it;
	}
	return found;
}

static void run(struct command_target *target, const struct command *command,
	const char *argument)
{
	if (!target->session->is_open && !works_outside(command))
		notice_error(
			"/%s: you are in no group; /join one", command->name);
	else if (!command->argument && *argument)
		notice_error("/%s takes nothing behind it", command->name);
	else if (!command->run(target, argument))
		notice_error("/%s%s%s: write /%s %s (%s)", command->name,
			*argument ? " " : "", argument, command->name,
			command->argument, command->help);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void command_run(struct command_target *target, const char *line, size_t size)
{
	const struct command *command;
	char *argument;
	size_t length;
	char *text;

	while (size > 0 && is_blank(line[size - 1]))
		size--;
	text = strndup(line, size);
	if (!text) {
		notice_failure("command", ENOMEM);
		return;
	}
	length = strcspn(text, " \t");
	argument = text + length + strspn(text + length, " \t");
	command = length > 0 ? find(text, length) : NULL;
	if (command)
		run(target, command, argument);
	else
		notice_error("/%.*s: no such command; /help lists them",
			(int)length, text);
	free(text);
}
