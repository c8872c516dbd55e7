/* SPDX-License-Identifier: ISC */
#include "mchat/option_table.h"

#include <stdio.h>
#include <string.h>

#include "mchat/base/number.h"
#include "mchat/chat/nick.h"
#include "mchat/io/diagnostics.h"
#include "mchat/protocol/room.h"

/* The longest -T: a year. */
#define TIMEOUT_MAX_S INT64_C(31536000)

/* The largest -c; JSON readers keep integers exact up to here. */
#define COUNT_MAX (INT64_C(1) << 53)

/* The largest -w: members that are known at most. */
#define WAIT_MAX 2048

/* The largest -H: more than any author keeps. */
#define HISTORY_MAX 10000

/* SO_RCVBUF and SO_SNDBUF are ints, which Linux doubles. */
#define BUFFER_MAX (INT32_MAX / 2)

/* Options without a short form have a number past all characters. */
enum {
	OPTION_RAW = OPTION_LONG,
	OPTION_PEER,
	OPTION_NULL,
	OPTION_COLOR,
	OPTION_BELL,
	OPTION_NOTIFY,
	OPTION_PLAIN,
	OPTION_RCVBUF,
	OPTION_SNDBUF,
	OPTION_TRACE,
	OPTION_STATS,
	OPTION_DROP,
	OPTION_DUPLICATE,
	OPTION_REORDER,
	OPTION_SEED,
};

/* Says what is wrong with an option's value; false, for the reader. */
static bool wrong(const char *name, const char *value, const char *why)
{
	diagnostics_error("%s %s: %s", name, diagnostics_quoted(value), why);
	return false;
}

static bool read_number(const char *name, const char *value, int64_t low,
	int64_t high, int64_t *out)
{
	if (number_parse(value, low, high, out) == NUMBER_OK)
		return true;
	diagnostics_error("%s %s: must be a whole number from %lld to %lld",
		name, diagnostics_quoted(value), (long long)low,
		(long long)high);
	return false;
}

bool option_read_port(
	struct options *options, const char *name, const char *value)
{
	int64_t port;

	if (!read_number(name, value, 1, UINT16_MAX, &port))
		return false;
	options->chat.session.membership.group.address.port = (uint16_t)port;
	return true;
}

static bool read_port(struct options *options, const char *value)
{
	options->has_port = true;
	return option_read_port(options, "--port", value);
}

static bool read_interface(struct options *options, const char *value)
{
	if (options->chat.session.membership.interface_count ==
		GROUP_INTERFACES_MAX)
		return wrong("--interface", value, "too many interfaces");
	options->interfaces[options->chat.session.membership
				    .interface_count++] = value;
	return true;
}

static bool read_peer(struct options *options, const char *value)
{
	struct peers_config *peers = &options->peers;
	const char *why;

	options->chat.session.peers = peers;
	if (strcmp(value, PEER_ANY) == 0) {
		peers->takes_any = true;
		return true;
	}
	if (peers->count == PEER_MAX)
		return wrong("--peer", value, "at most 32 can be named");
	why = peer_name_parse(value, &peers->names[peers->count]);
	if (why)
		return wrong("--peer", value, why);
	peers->count++;
	return true;
}

static bool read_ttl(struct options *options, const char *value)
{
	int64_t ttl;

	if (!read_number("--ttl", value, 0, 255, &ttl))
		return false;
	options->chat.session.membership.group.hop_limit = (int)ttl;
	return true;
}

static bool read_loopback(struct options *options, const char *value)
{
	bool is_on = strcmp(value, "on") == 0;

	if (!is_on && strcmp(value, "off") != 0)
		return wrong("--loopback", value, "must be on or off");
	options->chat.session.membership.group.has_loopback = is_on;
	return true;
}

static bool read_ipv4(struct options *options, const char *value)
{
	(void)value;
	options->has_ipv4 = true;
	return true;
}

static bool read_ipv6(struct options *options, const char *value)
{
	(void)value;
	options->has_ipv6 = true;
	return true;
}

static bool read_source(struct options *options, const char *value)
{
	struct group_config *group = &options->chat.session.membership.group;
	struct address source;
	size_t count = 0;

	if (!address_parse(value, &source) || !address_is_host(&source))
		return wrong("--source", value,
			"must be the address of a host, as in 192.0.2.7 or "
			"fe80::7");
	for (size_t i = 0; i < group->source_count; i++) {
		if (address_same_host(&options->sources[i], &source))
			return true;
		count += options->sources[i].family == source.family;
	}
	if (count == group_sources_max(source.family))
		return wrong("--source", value,
			source.family == ADDRESS_IPV6
				? "a group has 64 sources at most"
				: "a group has 10 sources at most");
	options->sources[group->source_count++] = source;
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
	options->chat.session.membership.room = value;
	return true;
}

static bool read_key(struct options *options, const char *value)
{
	options->key_name = value;
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

static bool read_null(struct options *options, const char *value)
{
	(void)value;
	options->chat.ends_with_nul = true;
	return true;
}

static bool read_bell(struct options *options, const char *value)
{
	(void)value;
	options->chat.has_bell = true;
	return true;
}

static bool read_notify(struct options *options, const char *value)
{
	return notify_how_find(value ? value : "bell", &options->chat.notify) ||
	       wrong("--notify", value, "must be bell or osc");
}

static bool read_plain(struct options *options, const char *value)
{
	(void)value;
	options->chat.is_plain = true;
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

	if (number_parse(value, 1, BUFFER_MAX, &size) != NUMBER_OK)
		return wrong(name, value,
			"must be bytes from 1 to 1073741823, as in 65536");
	*out = (int)size;
	return true;
}

static bool read_rcvbuf(struct options *options, const char *value)
{
	return read_buffer("--rcvbuf", value,
		&options->chat.session.membership.group.receive_buffer);
}

static bool read_sndbuf(struct options *options, const char *value)
{
	return read_buffer("--sndbuf", value,
		&options->chat.session.membership.group.send_buffer);
}

static bool read_quiet(struct options *options, const char *value)
{
	(void)value;
	options->chat.verbosity = VERBOSITY_QUIET;
	return true;
}

static bool read_verbose(struct options *options, const char *value)
{
	(void)value;
	options->chat.verbosity = VERBOSITY_VERBOSE;
	return true;
}

static const struct option_row rows[] = {
	{'p', "port", "N", "UDP port [62428]", read_port},
	{'r', "room", "NAME", "the group of that name, apart from others",
		read_room},
	{'k', "key", "FILE|ask|none", "a private group, by its key [MCHAT_KEY]",
		read_key},
	{'i', "interface", "NAME|ADDR|INDEX",
		"repeatable [all; with --raw the routed one]", read_interface},
	{'4', "ipv4", NULL, "the IPv4 group [unless IPv6 alone is here]",
		read_ipv4},
	{'6', "ipv6", NULL, "the IPv6 group; with -4: both", read_ipv6},
	{'s', "source", "ADDR", "hear only this host, repeatable", read_source},
	{OPTION_PEER, "peer", "HOST[:PORT]|any", "also by unicast, repeatable",
		read_peer},
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
	{'H', "history", "N", "show last N messages per author [tty: 20]",
		read_history},
	{'f', "format", "text|bare|json", "what stdout gets [text]",
		read_format},
	{OPTION_NULL, "null", NULL, "with -f bare: NUL behind each message",
		read_null},
	{'o', "log", "FILE", "append the transcript to FILE", read_log},
	{OPTION_COLOR, "color", "auto|always|never", "colours in text [auto]",
		read_color},
	{OPTION_BELL, "bell", NULL, "ring when somebody says my nick",
		read_bell},
	{OPTION_NOTIFY, "notify", "[=bell|osc]",
		"tell of that when I look elsewhere [bell]", read_notify},
	{OPTION_PLAIN, "plain", NULL, "line by line, for screen readers",
		read_plain},
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
	{OPTION_SEED, "seed", "N", "seed of these three, to repeat faults [0]",
		read_seed},
	{OPTION_RCVBUF, "rcvbuf", "BYTES", "receive buffer to ask for",
		read_rcvbuf},
	{OPTION_SNDBUF, "sndbuf", "BYTES", "send buffer to ask for",
		read_sndbuf},
	{'q', "quiet", NULL, "errors only: no warnings, no joins", read_quiet},
	{'v', "verbose", NULL, "say also what goes well", read_verbose},
	{'h', "help", NULL, "show this", NULL},
	{'V', "version", NULL, "show the version", NULL},
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))
_Static_assert(ROW_COUNT <= OPTION_ROWS_MAX, "OPTION_ROWS_MAX is too small");

const struct option_row *option_row_at(size_t index)
{
	return index < ROW_COUNT ? &rows[index] : NULL;
}

const struct option_row *option_row_find(int code)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].code == code)
			return &rows[i];
	}
	return NULL;
}
