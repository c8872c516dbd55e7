/* SPDX-License-Identifier: ISC */
#include "mchat/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/address.h"
#include "mchat/base/number.h"
#include "mchat/chat/nick.h"
#include "mchat/chat/notice.h"
#include "mchat/protocol/room.h"
#include "mchat/version.h"

/* The longest -T: a year. */
#define TIMEOUT_MAX_S INT64_C(31536000)

/* The largest -c; JSON readers keep integers exact up to here. */
#define COUNT_MAX (INT64_C(1) << 53)

/* The largest -w: members that are known at most. */
#define WAIT_MAX 2048

/* The largest -H: more than any author keeps. */
#define HISTORY_MAX 10000

/* What -H is on a terminal, when it is not given. */
#define HISTORY_DEFAULT 20

/* SO_RCVBUF and SO_SNDBUF are ints, which Linux doubles. */
#define BUFFER_MAX (INT32_MAX / 2)

/* Options without a short form have a number past all characters. */
enum {
	OPTION_RAW = 256,
	OPTION_COLOR,
	OPTION_BELL,
	OPTION_RCVBUF,
	OPTION_SNDBUF,
	OPTION_TRACE,
	OPTION_STATS,
	OPTION_DROP,
	OPTION_DUPLICATE,
	OPTION_REORDER,
	OPTION_SEED,
};

/* One option: what getopt_long, the help and the reading need of it. */
struct option_row {
	int code; /* the short form, or OPTION_... */
	const char *name;
	const char *argument; /* as the help shows it; NULL: takes none */
	const char *help;
	/* Reads the value; false when it is wrong, which was then said. */
	bool (*read)(struct options *options, const char *value);
};

/* Says what is wrong with an option's value; false, for the reader. */
static bool wrong(const char *name, const char *value, const char *why)
{
	notice_error("%s %s: %s", name, notice_quoted(value), why);
	return false;
}

static bool read_number(const char *name, const char *value, int64_t low,
	int64_t high, int64_t *out)
{
	switch (number_parse(value, low, high, out)) {
	case NUMBER_OK:
		return true;
	case NUMBER_MALFORMED:
		return wrong(name, value, "not a number");
	case NUMBER_TOO_SMALL:
	case NUMBER_TOO_LARGE:
		break;
	}
	notice_error("%s %s: must be from %lld to %lld", name, value,
		(long long)low, (long long)high);
	return false;
}

static bool read_port_as(
	struct options *options, const char *name, const char *value)
{
	int64_t port;

	if (!read_number(name, value, 1, UINT16_MAX, &port))
		return false;
	options->chat.session.place.group.address.port = (uint16_t)port;
	return true;
}

static bool read_port(struct options *options, const char *value)
{
	options->has_port = true;
	return read_port_as(options, "--port", value);
}

static bool read_interface(struct options *options, const char *value)
{
	if (options->chat.session.place.interface_count == GROUP_INTERFACES_MAX)
		return wrong("--interface", value, "too many interfaces");
	options->interfaces[options->chat.session.place.interface_count++] =
		value;
	return true;
}

static bool read_ttl(struct options *options, const char *value)
{
	int64_t ttl;

	if (!read_number("--ttl", value, 0, 255, &ttl))
		return false;
	options->chat.session.place.group.hop_limit = (int)ttl;
	return true;
}

static bool read_loopback(struct options *options, const char *value)
{
	bool is_on = strcmp(value, "on") == 0;

	if (!is_on && strcmp(value, "off") != 0)
		return wrong("--loopback", value, "must be on or off");
	options->chat.session.place.group.has_loopback = is_on;
	return true;
}

static bool read_nick(struct options *options, const char *value)
{
	const char *why = nick_check(value, strlen(value));

	if (why)
		return wrong("--nick", value, why);
	options->chat.session.nick = value;
	return true;
}

static bool read_room(struct options *options, const char *value)
{
	const char *why = room_check(value, strlen(value));

	if (why)
		return wrong("--room", value, why);
	options->chat.session.place.room = value;
	return true;
}

static bool read_message(struct options *options, const char *value)
{
	options->messages[options->chat.message_count++] = value;
	return true;
}

static bool read_receive_only(struct options *options, const char *value)
{
	(void)value;
	options->is_receive_only = true;
	return true;
}

static bool read_send_only(struct options *options, const char *value)
{
	(void)value;
	options->is_send_only = true;
	return true;
}

static bool read_timeout(struct options *options, const char *value)
{
	if (number_parse_seconds(
		    value, TIMEOUT_MAX_S, &options->chat.timeout) != NUMBER_OK)
		return wrong("--timeout", value,
			"must be seconds from 0 to 31536000, as in 0.5");
	options->chat.has_timeout = true;
	return true;
}

static bool read_count(struct options *options, const char *value)
{
	int64_t count;

	if (!read_number("--count", value, 1, COUNT_MAX, &count))
		return false;
	options->chat.count = (uint64_t)count;
	return true;
}

static bool read_format(struct options *options, const char *value)
{
	return view_format_find(value, &options->chat.format) ||
	       wrong("--format", value, "must be text, bare or json");
}

static bool read_color(struct options *options, const char *value)
{
	return color_when_find(value, &options->chat.color) ||
	       wrong("--color", value, "must be auto, always or never");
}

static bool read_bell(struct options *options, const char *value)
{
	(void)value;
	options->chat.has_bell = true;
	return true;
}

static bool read_log(struct options *options, const char *value)
{
	options->chat.log = value;
	return true;
}

static bool read_raw(struct options *options, const char *value)
{
	(void)value;
	options->chat.session.is_raw = true;
	return true;
}

static bool read_wait(struct options *options, const char *value)
{
	int64_t count;

	if (!read_number("--wait", value, 0, WAIT_MAX, &count))
		return false;
	options->chat.wait = (size_t)count;
	return true;
}

static bool read_history(struct options *options, const char *value)
{
	int64_t count;

	if (!read_number("--history", value, 0, HISTORY_MAX, &count))
		return false;
	options->chat.session.history = (unsigned)count;
	options->has_history = true;
	return true;
}

static bool read_trace(struct options *options, const char *value)
{
	(void)value;
	options->chat.session.traces = true;
	return true;
}

static bool read_stats(struct options *options, const char *value)
{
	(void)value;
	options->chat.has_stats = true;
	return true;
}

static bool read_percent(const char *name, const char *value, double *out)
{
	if (number_parse_percent(value, out) == NUMBER_OK)
		return true;
	return wrong(name, value, "must be percent from 0 to 100, as in 2.5");
}

static bool read_drop(struct options *options, const char *value)
{
	return read_percent("--drop", value, &options->chat.faults.drop);
}

static bool read_duplicate(struct options *options, const char *value)
{
	return read_percent(
		"--duplicate", value, &options->chat.faults.duplicate);
}

static bool read_reorder(struct options *options, const char *value)
{
	return read_percent("--reorder", value, &options->chat.faults.reorder);
}

static bool read_seed(struct options *options, const char *value)
{
	int64_t seed;

	if (!read_number("--seed", value, 0, INT64_MAX, &seed))
		return false;
	options->chat.seed = (uint64_t)seed;
	return true;
}

static bool read_explain(struct options *options, const char *value)
{
	(void)value;
	options->explains = true;
	return true;
}

static bool read_buffer(const char *name, const char *value, int *out)
{
	int64_t size;

	if (!read_number(name, value, 1, BUFFER_MAX, &size))
		return false;
	*out = (int)size;
	return true;
}

static bool read_rcvbuf(struct options *options, const char *value)
{
	return read_buffer("--rcvbuf", value,
		&options->chat.session.place.group.receive_buffer);
}

static bool read_sndbuf(struct options *options, const char *value)
{
	return read_buffer("--sndbuf", value,
		&options->chat.session.place.group.send_buffer);
}

static bool read_quiet(struct options *options, const char *value)
{
	(void)value;
	options->chat.verbosity = NOTICE_QUIET;
	return true;
}

static bool read_verbose(struct options *options, const char *value)
{
	(void)value;
	options->chat.verbosity = NOTICE_VERBOSE;
	return true;
}

static const struct option_row rows[] = {
	{'p', "port", "N", "UDP port [62428]", read_port},
	{'r', "room", "NAME", "the group of that name, and no other there",
		read_room},
	{'i', "interface", "NAME|ADDR|INDEX",
		"repeatable [all; with --raw the routed one]", read_interface},
	{'t', "ttl", "N", "how far: 0 host, 1 LAN, at most 255 [1]", read_ttl},
	{'l', "loopback", "on|off", "other members on this host hear me [on]",
		read_loopback},
	{'n', "nick", "NAME", "my name, 32 bytes [the login name]", read_nick},
	{'m', "message", "TEXT", "send TEXT and exit, repeatable",
		read_message},
	{'R', "receive-only", NULL, "do not read stdin", read_receive_only},
	{'S', "send-only", NULL, "print nothing", read_send_only},
	{'w', "wait", "N", "send when N are here; N must confirm [0]",
		read_wait},
	{'T', "timeout", "SECONDS", "bound on waiting [10; none for -c]",
		read_timeout},
	{'c', "count", "N", "exit after N messages, 1 if -T ends first",
		read_count},
	{'H', "history", "N", "show N earlier of each author [tty: 20]",
		read_history},
	{'f', "format", "text|bare|json", "what stdout gets [text]",
		read_format},
	{'o', "log", "FILE", "append the transcript to FILE", read_log},
	{OPTION_COLOR, "color", "auto|always|never", "colours in text [auto]",
		read_color},
	{OPTION_BELL, "bell", NULL, "ring when somebody says my nick",
		read_bell},
	{OPTION_RAW, "raw", NULL, "textbook datagrams: no names, no repair",
		read_raw},
	{'e', "explain", NULL, "narrate every socket call on stderr",
		read_explain},
	{OPTION_TRACE, "trace", NULL, "a line on stderr for each packet",
		read_trace},
	{OPTION_STATS, "stats", NULL, "say at the end what came and went",
		read_stats},
	{OPTION_DROP, "drop", "P", "lose P percent of what comes in",
		read_drop},
	{OPTION_DUPLICATE, "duplicate", "P", "take P percent twice",
		read_duplicate},
	{OPTION_REORDER, "reorder", "P", "have P percent overtaken",
		read_reorder},
	{OPTION_SEED, "seed", "N", "of these three; the same again [0]",
		read_seed},
	{OPTION_RCVBUF, "rcvbuf", "BYTES", "receive buffer to ask for",
		read_rcvbuf},
	{OPTION_SNDBUF, "sndbuf", "BYTES", "send buffer to ask for",
		read_sndbuf},
	{'q', "quiet", NULL, "no warnings", read_quiet},
	{'v', "verbose", NULL, "say also what goes well", read_verbose},
	{'h', "help", NULL, "show this", NULL},
	{'V', "version", NULL, "show the version", NULL},
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* ---- help ---- */

static void print_row(const struct option_row *row)
{
	char left[64];
	char letter[5] = "    ";

	if (row->code < OPTION_RAW)
		snprintf(letter, sizeof(letter), "-%c, ", row->code);
	snprintf(left, sizeof(left), "%s--%s%s%s", letter, row->name,
		row->argument ? " " : "", row->argument ? row->argument : "");
	printf("  %-34s %s\n", left, row->help);
}

/* Whether stdout took everything. */
static enum options_result printed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return OPTIONS_DONE;
	if (errno != EPIPE)
		notice_failure("stdout", errno);
	return OPTIONS_FAILED;
}

static enum options_result print_help(void)
{
	fputs("mchat: group chat on the local network, with no server\n"
	      "\n"
	      "usage: mchat [OPTION]... [GROUP[:PORT] | GROUP PORT]\n"
	      "       mchat sockopt | lab, which have a --help of their own\n"
	      "\n"
	      "Joins a multicast group [" OPTIONS_GROUP "], sends each line "
	      "of stdin\nto it and prints what the others send.\n"
	      "\n",
		stdout);
	for (size_t i = 0; i < ROW_COUNT; i++)
		print_row(&rows[i]);
	fputs("\n"
	      "Exit status: 0 done, and confirmed by every member; 1 it was "
	      "not; 2 wrong usage.\n"
	      "\n"
	      "  mchat                            chat\n"
	      "  make 2>&1 | mchat                show everyone what happens\n"
	      "  mchat -m 'backup done' -w 3      send it, to three at least\n"
	      "  mchat -R -f json | jq .          every event, an object a "
	      "line\n"
	      "  mchat --explain 239.1.2.3 5000   see how multicast is done\n",
		stdout);
	return printed();
}

static enum options_result print_version(void)
{
	puts("mchat " MCHAT_VERSION);
	return printed();
}

/* ---- reading ---- */

static const struct option_row *find_row(int code)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].code == code)
			return &rows[i];
	}
	return NULL;
}

/* What getopt_long wants, made from the table. */
struct getopt_tables {
	char letters[2 * ROW_COUNT + 2];
	struct option names[ROW_COUNT + 1];
};

static void make_tables(struct getopt_tables *out)
{
	char *letter = out->letters;

	*letter++ = ':'; /* tell a missing value from an unknown option */
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].code < OPTION_RAW) {
			*letter++ = (char)rows[i].code;
			if (rows[i].argument)
				*letter++ = ':';
		}
		out->names[i] = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].argument ? required_argument
						    : no_argument,
			.val = rows[i].code,
		};
	}
	*letter = '\0';
	out->names[ROW_COUNT] = (struct option){0};
}

/* Whether `word`, "--name" or "--name=value", begins several names. */
static bool is_ambiguous(const char *word)
{
	size_t size = strcspn(word + 2, "=");
	unsigned matches = 0;

	for (size_t i = 0; i < ROW_COUNT; i++)
		matches += strncmp(rows[i].name, word + 2, size) == 0;
	return matches > 1;
}

/*
 * getopt_long stopped with `code` at `word`.  optopt is then 0 for a long
 * option that is unknown or ambiguous, and else the option's code, which for a
 * letter that nobody knows has no row.
 */
static enum options_result say_bad_option(int code, const char *word)
{
	const struct option_row *row = find_row(optopt);

	if (optopt == 0 && is_ambiguous(word))
		notice_error("option %s is ambiguous; mchat --help lists them",
			word);
	else if (optopt == 0)
		notice_error(
			"unknown option %s; mchat --help lists them", word);
	else if (!row)
		notice_error(
			"unknown option -%c; mchat --help lists them", optopt);
	else if (code == ':')
		notice_error(
			"--%s needs a value: %s", row->name, row->argument);
	else
		notice_error("--%s takes no value", row->name);
	return OPTIONS_USAGE;
}

static enum options_result read_options(
	int argc, char *argv[], struct options *options)
{
	struct getopt_tables tables;
	int code;

	make_tables(&tables);
	opterr = 0;
	while ((code = getopt_long(argc, argv, tables.letters, tables.names,
			NULL)) != -1) {
		const struct option_row *row = find_row(code);

		if (!row)
			return say_bad_option(code, argv[optind - 1]);
		if (code == 'h')
			return print_help();
		if (code == 'V')
			return print_version();
		if (!row->read(options, optarg))
			return OPTIONS_USAGE;
	}
	return OPTIONS_RUN;
}

/* ---- the group ---- */

static bool say_bad_group(const char *text, const char *why)
{
	notice_error("%s: %s; a group is 224.0.0.0 to 239.255.255.255, "
		     "for example " OPTIONS_GROUP,
		notice_quoted(text), why);
	return false;
}

/* Reads "GROUP" of `size` bytes out of `text`. */
static bool read_group_address(
	struct options *options, const char *text, size_t size)
{
	struct address *group = &options->chat.session.place.group.address;
	char host[ADDRESS_TEXT_SIZE];
	struct address address;

	if (size >= sizeof(host))
		return say_bad_group(text, "not an IPv4 address");
	memcpy(host, text, size);
	host[size] = '\0';
	if (address_parse(host, &address) && address.family == ADDRESS_IPV6)
		return say_bad_group(text, "IPv6 is not supported yet");
	if (!address_parse(host, &address))
		return say_bad_group(text, "not an IPv4 address");
	if (!address_is_multicast(&address))
		return say_bad_group(text, "not a multicast group");
	address.port = group->port;
	*group = address;
	return true;
}

/*
 * Splits "GROUP", "GROUP:PORT" or "GROUP PORT" into the size of GROUP and the
 * port, NULL when there is none; false when there are two.
 */
static bool split_group(
	char *words[], int count, size_t *size, const char **port)
{
	const char *colon = strchr(words[0], ':');
	/* More than one colon is an IPv6 address. */
	bool has_port = colon && !strchr(colon + 1, ':');

	*size = has_port ? (size_t)(colon - words[0]) : strlen(words[0]);
	*port = count == 2 ? words[1] : has_port ? colon + 1 : NULL;
	return !(has_port && count == 2);
}

static bool read_group(struct options *options, char *words[], int count)
{
	const char *port;
	size_t size;

	if (count == 0)
		return true;
	if (count > 2) {
		notice_error("%s: too many arguments: GROUP and PORT at most",
			notice_quoted(words[2]));
		return false;
	}
	if (!split_group(words, count, &size, &port) ||
		(port && options->has_port)) {
		notice_error(
			"%s: the port is given twice", notice_quoted(port));
		return false;
	}
	options->has_group = true;
	return read_group_address(options, words[0], size) &&
	       (!port || read_port_as(options, "port", port));
}

/* ---- as a whole ---- */

static bool conflict(const char *a, const char *b, const char *why)
{
	notice_error("%s and %s exclude each other: %s", a, b, why);
	return false;
}

static bool fits_together(const struct options *options)
{
	if (options->is_receive_only && options->is_send_only)
		return conflict("-R", "-S", "nothing would be left to do");
	if (options->is_receive_only && options->chat.message_count > 0)
		return conflict("-R", "-m", "one sends, one never does");
	if (options->is_send_only && options->chat.count > 0)
		return conflict("-S", "-c", "one receives, one never does");
	if (options->chat.session.is_raw && options->chat.wait > 0)
		return conflict("--raw", "-w", "nobody confirms a datagram");
	if (options->chat.session.is_raw && options->chat.session.history > 0)
		return conflict("--raw", "-H", "nobody keeps datagrams");
	return true;
}

static void set_defaults(struct options *out)
{
	*out = (struct options){
		.chat.session.place.group =
			{
				.hop_limit = 1,
				.has_loopback = true,
			},
		.chat.format = VIEW_TEXT,
		.chat.color = COLOR_AUTO,
		.chat.verbosity = NOTICE_NORMAL,
	};
	(void)address_parse(
		OPTIONS_GROUP, &out->chat.session.place.group.address);
	out->chat.session.place.group.address.port = OPTIONS_PORT;
}

/* The name gives the address, unless that was given, too. */
static void find_room(struct options *options)
{
	struct place_config *place = &options->chat.session.place;

	place_set_room(place, place->room);
	if (place->room && !options->has_group)
		room_address(place->room, strlen(place->room),
			&place->group.address);
}

static void conclude(struct options *options)
{
	struct chat_config *chat = &options->chat;
	struct session_config *session = &chat->session;
	struct group_config *group = &session->place.group;

	find_room(options);
	/* What comes twice is told apart by its number; a bare datagram is not.
	 */
	if (session->place.interface_count == 0 && !session->is_raw)
		options->interfaces[session->place.interface_count++] = "all";
	session->place.interfaces = options->interfaces;
	chat->messages = options->messages;
	chat->reads_input =
		!options->is_receive_only && chat->message_count == 0;
	chat->talks = !options->is_receive_only;
	/* One who only sends a message has no use for what others say. */
	chat->shows = !options->is_send_only &&
		      (chat->reads_input || chat->count > 0 ||
			      options->is_receive_only);
	if (!options->has_history && !session->is_raw && chat->shows &&
		isatty(STDOUT_FILENO))
		session->history = HISTORY_DEFAULT;
	/* A member listens to who confirms, and reports what it has heard. */
	group->sends = chat->talks || !session->is_raw;
	group->receives = chat->shows || !session->is_raw;
	/* A burst that is lost whole would count as one line. */
	group->takes_bursts = !session->is_raw;
}

enum options_result options_parse(int argc, char *argv[], struct options *out)
{
	enum options_result result;

	set_defaults(out);
	out->messages = calloc((size_t)argc + 1, sizeof(*out->messages));
	if (!out->messages) {
		notice_failure("command line", ENOMEM);
		return OPTIONS_FAILED;
	}
	result = read_options(argc, argv, out);
	if (result != OPTIONS_RUN)
		return result;
	if (!read_group(out, argv + optind, argc - optind) ||
		!fits_together(out))
		return OPTIONS_USAGE;
	conclude(out);
	return OPTIONS_RUN;
}

void options_fini(struct options *options)
{
	free(options->messages);
	options->messages = NULL;
}
