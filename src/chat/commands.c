/* SPDX-License-Identifier: ISC */
#include "mchat/chat/commands.h"

#include <inttypes.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mchat/base/buffer.h"
#include "mchat/base/number.h"
#include "mchat/base/utf8.h"
#include "mchat/chat/display.h"
#include "mchat/chat/receive_path.h"
#include "mchat/chat/send_path.h"
#include "mchat/chat/session.h"
#include "mchat/chat/stats.h"
#include "mchat/chat/who.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"

/* What /history shows when it is not said. */
#define HISTORY_LINES 20

/* An octet of the IP header. */
#define TTL_MAX 255

/* What the faults of a network may be. */
#define RATE_RANGE "P must be percent from 0 to 100, as in 2.5"

/* A constant as text. */
#define TEXT_OF(constant) TEXT_OF_IT(constant)
#define TEXT_OF_IT(text)  #text

/* A command with its argument, as /help shows it. */
#define HELP_LABEL_COLUMNS 27

struct subcommand {
	const char *name;
	const char *argument; /* as help shows it; in brackets: may be left
			       * out; NULL: takes none */
	const char *help;
	enum line_kind kind;
	/* Does it with a terminated argument, "" when there is none; false when
	 * that is wrong, which is then told by `argument`.  NULL: with an
	 * argument it is no command, but said. */
	bool (*run)(struct commands_target *target, const char *argument);
};

/* ---- who and what ---- */

static bool run_who(struct commands_target *target, const char *argument)
{
	struct buffer privacy = BUFFER_EMPTY;
	bool is_private = session_append_key(target->session, &privacy);

	(void)argument;
	buffer_append_char(&privacy, '\0');
	who_print(&(struct who){
		.engine = target->session->driver->engine,
		.ignored = &target->display->ignored,
		.peers = target->session->peers,
		.privacy = is_private ? buffer_bytes(&privacy) : NULL,
		.outside = target->outside,
		.now = target->now,
	});
	buffer_fini(&privacy);
	return true;
}

static bool run_stats(struct commands_target *target, const char *argument)
{
	(void)argument;
	stats_answer(target->display, target->session->driver, target->input,
		target->send_path, target->receive_path);
	return true;
}

static bool run_history(struct commands_target *target, const char *argument)
{
	int64_t count = HISTORY_LINES;

	if (*argument && number_parse(argument, 1, DISPLAY_KEPT_MAX, &count) !=
				 NUMBER_OK)
		return false;
	display_again(target->display, (size_t)count);
	return true;
}

static bool run_show(struct commands_target *target, const char *argument)
{
	int64_t count = 1;

	if (*argument &&
		number_parse(argument, 1, FOLD_KEPT_MAX, &count) != NUMBER_OK)
		return false;
	if (display_whole(target->display, (size_t)count) == 0)
		diagnostics_answer("no message was folded");
	return true;
}

static void answer_ignored(const struct ignore_list *list)
{
	struct buffer names = BUFFER_EMPTY;

	ignore_list_append(list, &names);
	if (list->count == 0)
		diagnostics_answer("nobody is ignored");
	else
		diagnostics_answer("ignored: %.*s; /unignore shows them again",
			(int)buffer_size(&names), buffer_bytes(&names));
	buffer_fini(&names);
}

static bool run_ignore(struct commands_target *target, const char *argument)
{
	const struct engine_driver *driver = target->session->driver;
	struct ignore_list *list = &target->display->ignored;

	if (!*argument) {
		answer_ignored(list);
		return true;
	}
	switch (ignore_list_add(
		list, driver ? driver->engine : NULL, argument)) {
	case IGNORE_HERE:
		diagnostics_answer("what %s says is not shown", argument);
		break;
	case IGNORE_ABSENT:
		diagnostics_answer("nobody here is called %s; what somebody of "
				   "that name says is not shown",
			argument);
		break;
	case IGNORE_ALREADY:
		diagnostics_answer("%s is ignored already", argument);
		break;
	case IGNORE_UNKNOWN:
		diagnostics_refusal(
			"/ignore %s: nobody here is called that; /who tells "
			"who is",
			argument);
		break;
	case IGNORE_FULL:
		diagnostics_refusal("/ignore %s: %d names are the most",
			argument, IGNORE_LIST_MAX);
		break;
	}
	return true;
}

static bool run_unignore(struct commands_target *target, const char *argument)
{
	if (!*argument)
		return false;
	if (ignore_list_remove(&target->display->ignored, argument))
		diagnostics_answer("what %s says is shown again", argument);
	else
		diagnostics_refusal("/unignore %s: not ignored; /ignore lists "
				    "who is",
			argument);
	return true;
}

static bool run_nick(struct commands_target *target, const char *argument)
{
	struct session *session = target->session;
	const char *why;

	if (!*argument)
		return false;
	why = nick_check(argument, strlen(argument));
	if (why) {
		diagnostics_refusal("/nick %s: %s", argument, why);
		return true;
	}
	snprintf(session->nick, sizeof(session->nick), "%s", argument);
	engine_set_nick(session->driver->engine, session->nick);
	diagnostics_answer("you are now called %s", session->nick);
	return true;
}

/* ---- where ---- */

static bool run_join(struct commands_target *target, const char *argument)
{
	const char *why;

	if (!*argument)
		return false;
	why = session_find(target->session, argument);
	if (why)
		diagnostics_refusal("/join %s: %s", argument, why);
	else
		target->wish = COMMANDS_MOVE;
	return true;
}

static bool run_leave(struct commands_target *target, const char *argument)
{
	(void)argument;
	target->wish = COMMANDS_LEAVE;
	return true;
}

static bool run_ttl(struct commands_target *target, const char *argument)
{
	int64_t ttl;

	if (number_parse(argument, 0, TTL_MAX, &ttl) != NUMBER_OK)
		return false;
	session_set_hop_limit(target->session, (int)ttl);
	return true;
}

static bool run_loop(struct commands_target *target, const char *argument)
{
	bool is_on = strcmp(argument, "on") == 0;

	if (!is_on && strcmp(argument, "off") != 0)
		return false;
	session_set_loopback(target->session, is_on);
	return true;
}

static bool run_options(struct commands_target *target, const char *argument)
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
	diagnostics_answer("of what comes in %g %% is %s", *rate, what);
	return true;
}

static bool run_drop(struct commands_target *target, const char *argument)
{
	return set_rate(
		argument, &target->receive_path->faults.rates.drop, "lost");
}

static bool run_duplicate(struct commands_target *target, const char *argument)
{
	return set_rate(argument, &target->receive_path->faults.rates.duplicate,
		"taken twice");
}

static bool run_reorder(struct commands_target *target, const char *argument)
{
	return set_rate(argument, &target->receive_path->faults.rates.reorder,
		"overtaken");
}

/* ---- the table ---- */

static bool run_help(struct commands_target *target, const char *argument);

static bool run_quit(struct commands_target *target, const char *argument)
{
	(void)argument;
	input_end(target->input);
	target->wish = COMMANDS_END;
	return true;
}

static const struct subcommand commands[] = {
	{"who", NULL, "who is here, how far, and what each one hears",
		LINE_AT_ONCE, run_who},
	{"nick", "NAME", "go by another name", LINE_IN_TURN, run_nick},
	{"me", "TEXT", "say what you do, as in * lee waves", LINE_ACTION, NULL},
	{"join", "GROUP[:PORT]|ROOM",
		"leave this group and join another; the port stays",
		LINE_IN_TURN, run_join},
	{"leave", NULL, "leave the group and stay", LINE_IN_TURN, run_leave},
	{"ttl", "N", "how far packets go: 0 host, 1 LAN, at most 255",
		LINE_AT_ONCE, run_ttl},
	{"loop", "on|off", "whether others on this host hear you", LINE_AT_ONCE,
		run_loop},
	{"options", NULL, "the options of the sockets", LINE_AT_ONCE,
		run_options},
	{"stats", NULL, "what came and went so far", LINE_AT_ONCE, run_stats},
	{"history", "[N]", "show the last N messages again", LINE_AT_ONCE,
		run_history},
	{"show", "[N]", "show the last N folded messages whole", LINE_AT_ONCE,
		run_show},
	{"ignore", "[NICK[#ID]]", "do not show what they say; list whom",
		LINE_AT_ONCE, run_ignore},
	{"unignore", "NICK[#ID]", "show it again", LINE_AT_ONCE, run_unignore},
	{"drop", "[P]", "lose P percent of what comes in", LINE_AT_ONCE,
		run_drop},
	{"duplicate", "[P]", "take P percent twice", LINE_AT_ONCE,
		run_duplicate},
	{"reorder", "[P]", "have P percent overtaken", LINE_AT_ONCE,
		run_reorder},
	{"help", NULL, "this list; // begins a message with /", LINE_AT_ONCE,
		run_help},
	{"quit", NULL, "leave, and end", LINE_AT_ONCE, run_quit},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static bool run_help(struct commands_target *target, const char *argument)
{
	(void)target;
	(void)argument;
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct subcommand *it = &commands[i];
		char label[HELP_LABEL_COLUMNS + 1];

		snprintf(label, sizeof(label), "/%s%s%s", it->name,
			it->argument ? " " : "",
			it->argument ? it->argument : "");
		diagnostics_answer_row(label, HELP_LABEL_COLUMNS, it->help);
	}
	return true;
}

const char *commands_name(size_t index)
{
	return index < COMMAND_COUNT ? commands[index].name : NULL;
}

/* Those that work without a group. */
static bool works_outside(const struct subcommand *command)
{
	return command->run == run_join || command->run == run_help ||
	       command->run == run_quit || command->run == run_history ||
	       command->run == run_show || command->run == run_ignore ||
	       command->run == run_unignore;
}

/* Names that commands have in other chats; and what is typed without a '/' to
 * leave other programs, or to be helped. */
struct alias {
	const char *name;
	const char *command;
};

static const struct alias aliases[] = {
	{"exit", "quit"},
	{"bye", "quit"},
	{"names", "who"},
	{"users", "who"},
	{"?", "help"},
};

static const struct alias unslashed[] = {
	{"quit", "quit"},
	{"exit", "quit"},
	{":q", "quit"},
	{"help", "help"},
	{"?", "help"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The command that a whole word is listed for; NULL when it is not. */
static const char *find_alias(
	const struct alias *list, size_t count, const char *word, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i].name) == size &&
			strncasecmp(list[i].name, word, size) == 0)
			return list[i].command;
	return NULL;
}

bool commands_lacks_slash(const char *line, size_t size)
{
	return find_alias(unslashed, COUNT(unslashed), line, size) != NULL;
}

/* The command of a name, or of the beginning of just one, in any case. */
static const struct subcommand *find(const char *name, size_t size)
{
	const struct subcommand *found = NULL;
	const char *meant = find_alias(aliases, COUNT(aliases), name, size);

	if (meant) {
		name = meant;
		size = strlen(meant);
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct subcommand *it = &commands[i];

		if (strncasecmp(it->name, name, size) != 0)
			continue;
		if (it->name[size] == '\0')
			return it;
		if (found)
			return NULL;
		found = it;
	}
	return found;
}

/* What the numbers of commands are within. */
static const struct {
	bool (*run)(struct commands_target *target, const char *argument);
	const char *range;
} ranges[] = {
	{run_ttl, "N must be a whole number from 0 to " TEXT_OF(TTL_MAX)},
	{run_history, "N must be a whole number from 1 to " TEXT_OF(
			      DISPLAY_KEPT_MAX)},
	{run_show,
		"N must be a whole number from 1 to " TEXT_OF(FOLD_KEPT_MAX)},
	{run_drop, RATE_RANGE},
	{run_duplicate, RATE_RANGE},
	{run_reorder, RATE_RANGE},
};

/* What is wrong with a number, to be followed by what to write; "" when the
 * argument is none. */
static const char *find_range(
	const struct subcommand *command, const char *argument)
{
	double number;

	if (number_parse_percent(argument, &number) == NUMBER_MALFORMED)
		return "";
	for (size_t i = 0; i < COUNT(ranges); i++)
		if (ranges[i].run == command->run)
			return ranges[i].range;
	return "";
}

static void refuse_argument(
	const struct subcommand *command, const char *argument)
{
	const char *range = find_range(command, argument);

	diagnostics_refusal("/%s%s%s: %s%swrite /%s %s (%s)", command->name,
		*argument ? " " : "", argument, range, *range ? "; " : "",
		command->name, command->argument, command->help);
}

static void run(struct commands_target *target,
	const struct subcommand *command, const char *argument)
{
	if (!target->session->is_open && !works_outside(command))
		diagnostics_refusal(
			"/%s: you are in no group; /join one", command->name);
	else if (!command->argument && *argument)
		diagnostics_refusal("/%s takes no argument", command->name);
	else if (!command->run || !command->run(target, argument))
		refuse_argument(command, argument);
}

/* Says that no command has this name, or which ones begin with it. */
static void refuse(const char *name, size_t size)
{
	struct buffer meant = BUFFER_EMPTY;

	for (size_t i = 0; size > 0 && i < COMMAND_COUNT; i++)
		if (strncasecmp(commands[i].name, name, size) == 0)
			buffer_append_format(&meant, "%s/%s",
				buffer_size(&meant) > 0 ? ", " : "",
				commands[i].name);
	if (buffer_size(&meant) > 0)
		diagnostics_refusal("/%.*s: which one? %.*s", (int)size, name,
			(int)buffer_size(&meant), buffer_bytes(&meant));
	else
		diagnostics_refusal("/%.*s: no such command; /help lists them",
			(int)size, name);
	buffer_fini(&meant);
}

/* What is typed for a command may be meant as one. */
static void ask(const char *word, size_t size)
{
	diagnostics_answer("\"%.*s\" is not sent: /%s is the command; the same "
			   "line again sends it",
		(int)size, word,
		find_alias(unslashed, COUNT(unslashed), word, size));
}

/* A line in its parts. */
struct parts {
	const char *name;
	size_t name_size;
	size_t argument; /* where it begins; at the end: there is none */
	size_t end;      /* without blanks behind it */
};

static struct parts split(const char *line, size_t size)
{
	struct parts parts = {.name = line};

	size = strnlen(line, size);
	while (size > 0 && utf8_is_blank(line[size - 1]))
		size--;
	parts.end = size;
	while (parts.name_size < size && !utf8_is_blank(line[parts.name_size]))
		parts.name_size++;
	parts.argument = parts.name_size;
	while (parts.argument < size && utf8_is_blank(line[parts.argument]))
		parts.argument++;
	return parts;
}

struct input_class commands_classify(const char *line, size_t size)
{
	struct parts parts = split(line, size);
	struct input_class class = {
		.kind = LINE_AT_ONCE,
		.begin = parts.argument,
		.end = parts.end,
	};

	if (parts.name_size > 0)
		class.command = find(parts.name, parts.name_size);
	if (!class.command) {
		/* What is wrong is told at once. */
		class.begin = 0;
		class.end = parts.name_size;
	} else if (class.command->kind != LINE_ACTION) {
		class.kind = class.command->kind;
	} else if (parts.argument < parts.end) {
		class.kind = LINE_ACTION;
		class.end = size;
	}
	return class;
}

void commands_run(struct commands_target *target, const struct input_line *line)
{
	char *argument;

	if (line->lacks_slash) {
		ask(line->line.text, line->line.size);
		return;
	}
	if (!line->command) {
		refuse(line->line.text, line->line.size);
		return;
	}
	argument = strndup(line->line.text, line->line.size);
	if (argument)
		run(target, line->command, argument);
	else
		diagnostics_failure("command", ENOMEM);
	free(argument);
}
