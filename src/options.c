/* SPDX-License-Identifier: ISC */
#include "mchat/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/address.h"
#include "mchat/crypto/secret.h"
#include "mchat/help.h"
#include "mchat/io/diagnostics.h"
#include "mchat/key/key_option.h"
#include "mchat/option_table.h"
#include "mchat/protocol/room.h"

/* What -H is on a terminal, when it is not given. */
#define HISTORY_DEFAULT 20

/* ---- the options ---- */

/* What getopt_long wants, made from the table. */
struct getopt_tables {
	char letters[2 * OPTION_ROWS_MAX + 2];
	struct option names[OPTION_ROWS_MAX + 1];
};

/* As getopt_long calls it. */
static int takes_argument(const struct option_row *row)
{
	if (!row->argument)
		return no_argument;
	return *row->argument == '[' ? optional_argument : required_argument;
}

static void make_tables(struct getopt_tables *out)
{
	const struct option_row *row;
	char *letter = out->letters;
	size_t i;

	*letter++ = ':'; /* tell a missing value from an unknown option */
	for (i = 0; (row = option_row_at(i)); i++) {
		if (row->code < OPTION_LONG) {
			*letter++ = (char)row->code;
			if (row->argument)
				*letter++ = ':';
		}
		out->names[i] = (struct option){
			.name = row->name,
			.has_arg = takes_argument(row),
			.val = row->code,
		};
	}
	*letter = '\0';
	out->names[i] = (struct option){0};
}

/* Whether `word`, "--name" or "--name=value", begins several names. */
static bool is_ambiguous(const char *word)
{
	size_t size = strcspn(word + 2, "=");
	unsigned matches = 0;

	for (size_t i = 0; option_row_at(i); i++)
		matches += strncmp(option_row_at(i)->name, word + 2, size) == 0;
	return matches > 1;
}

/*
 * getopt_long stopped with `code` at `word`.  optopt is then 0 for a long
 * option that is unknown or ambiguous, and else the option's code, which for a
 * letter that nobody knows has no row.
 */
static enum options_result say_bad_option(int code, const char *word)
{
	const struct option_row *row = option_row_find(optopt);

	if (optopt == 0 && is_ambiguous(word))
		diagnostics_error(
			"option %s is ambiguous; mchat --help lists them",
			word);
	else if (optopt == 0)
		diagnostics_error(
			"unknown option %s; mchat --help lists them", word);
	else if (!row)
		diagnostics_error(
			"unknown option -%c; mchat --help lists them", optopt);
	else if (code == ':')
		diagnostics_error(
			"--%s needs a value: %s", row->name, row->argument);
	else
		diagnostics_error("--%s takes no value", row->name);
	return OPTIONS_USAGE;
}

static enum options_result printed(bool was_taken)
{
	return was_taken ? OPTIONS_DONE : OPTIONS_FAILED;
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
		const struct option_row *row = option_row_find(code);

		if (!row)
			return say_bad_option(code, argv[optind - 1]);
		if (code == 'h')
			return printed(help_print());
		if (code == 'V')
			return printed(help_print_version());
		if (!row->read(options, optarg))
			return OPTIONS_USAGE;
	}
	return OPTIONS_RUN;
}

/* ---- the group ---- */

/* Whether it is a word, as a room or a command is named, but no address. */
static bool is_word(const char *text)
{
	return *text && !strpbrk(text, ".:/-0123456789");
}

/* Which groups there are, for one who named none of them. */
static const char *example_of(enum address_group_result result)
{
	switch (result) {
	case ADDRESS_GROUP_NO_IPV6:
	case ADDRESS_GROUP_UNICAST_IPV6:
	case ADDRESS_GROUP_NO_SCOPE:
		return "for example " OPTIONS_GROUP_IPV6
		       ", or [" OPTIONS_GROUP_IPV6 "]:5000 with a port";
	case ADDRESS_GROUP_NO_ZONE:
		return "for example " OPTIONS_GROUP_IPV6 "%eth0";
	default:
		return "a group is 224.0.0.0 to 239.255.255.255, "
		       "for example " OPTIONS_GROUP;
	}
}

static bool say_bad_group(const char *text, enum address_group_result result)
{
	const char *why = address_group_error(result);

	if (is_word(text)) {
		diagnostics_error(
			"%s: %s; -r goes to the room of that name, and "
			"mchat --help lists the commands",
			diagnostics_quoted(text), why);
		return false;
	}
	diagnostics_error("%s: %s; %s", diagnostics_quoted(text), why,
		example_of(result));
	return false;
}

/* The zone of the group names its interface. */
static bool read_zone(struct options *options, const char *text)
{
	struct membership_config *membership =
		&options->chat.session.membership;

	address_group_zone(text, options->zone);
	if (!*options->zone)
		return true;
	for (size_t i = 0; i < membership->interface_count; i++) {
		if (strcmp(options->interfaces[i], options->zone) == 0)
			continue;
		diagnostics_error("%s: the group names the interface %s, and "
				  "-i another one: %s",
			diagnostics_quoted(text), options->zone,
			options->interfaces[i]);
		return false;
	}
	options->interfaces[0] = options->zone;
	membership->interface_count = 1;
	return true;
}

static bool read_group(struct options *options, char *words[], int count)
{
	struct address *group = &options->chat.session.membership.group.address;
	enum address_group_result result;
	const char *port = NULL;
	bool is_twice;

	if (count == 0)
		return true;
	if (count > 2) {
		diagnostics_error(
			"%s: too many arguments: GROUP and PORT at most",
			diagnostics_quoted(words[2]));
		return false;
	}
	result = address_parse_group(words[0], group, &port);
	if (result != ADDRESS_GROUP_OK)
		return say_bad_group(words[0], result);
	is_twice = (port != NULL) + (count == 2) + options->has_port > 1;
	if (count == 2)
		port = words[1];
	if (is_twice) {
		diagnostics_error("%s: the port is given twice",
			diagnostics_quoted(port));
		return false;
	}
	options->has_group = true;
	return (!port || option_read_port(options, "port", port)) &&
	       read_zone(options, words[0]);
}

/* ---- as a whole ---- */

static bool conflict(const char *a, const char *b, const char *why)
{
	diagnostics_error("%s and %s exclude each other: %s", a, b, why);
	return false;
}

/* Whether one of the sources is of the family. */
static bool has_source(
	const struct options *options, enum address_family family)
{
	size_t count = options->chat.session.membership.group.source_count;

	for (size_t i = 0; i < count; i++) {
		if (options->sources[i].family == family)
			return true;
	}
	return false;
}

/* Where nothing else says which families to use, the sources do. */
static void follow_sources(struct options *options)
{
	if (options->has_group || options->has_ipv4 || options->has_ipv6)
		return;
	options->has_ipv4 = has_source(options, ADDRESS_IPV4);
	options->has_ipv6 = has_source(options, ADDRESS_IPV6);
}

/* Whether each source is of a family that is used. */
static bool fits_sources(const struct options *options, bool is_ipv6)
{
	static const char why[] = "a source is of the group's family";
	bool has_group = options->has_group;

	if (has_source(options, ADDRESS_IPV4) &&
		!(has_group ? !is_ipv6 : options->has_ipv4))
		return conflict("-s of IPv4", "IPv6", why);
	if (has_source(options, ADDRESS_IPV6) &&
		!(has_group ? is_ipv6 : options->has_ipv6))
		return conflict("-s of IPv6", "IPv4", why);
	if (options->is_send_only && options->chat.session.is_raw &&
		options->chat.session.membership.group.source_count > 0)
		return conflict(
			"-s", "--raw -S", "one receives, one never does");
	return true;
}

/* Whether GROUP is of the family that was asked for. */
static bool fits_family(const struct options *options)
{
	bool is_ipv6 = options->chat.session.membership.group.address.family ==
		       ADDRESS_IPV6;

	if (options->has_group && options->has_ipv4 && is_ipv6)
		return conflict("-4", "an IPv6 group", "leave one of them out");
	if (options->has_group && options->has_ipv6 && !is_ipv6)
		return conflict("-6", "an IPv4 group", "leave one of them out");
	if (options->chat.session.is_raw && options->has_ipv4 &&
		options->has_ipv6)
		return conflict("--raw", "-4 with -6",
			"a datagram that comes twice would be shown twice");
	return fits_sources(options, is_ipv6);
}

static bool fits_together(const struct options *options)
{
	if (!fits_family(options))
		return false;
	if (options->is_receive_only && options->is_send_only)
		return conflict("-R", "-S", "nothing would be left to do");
	if (options->is_receive_only && options->chat.message_count > 0)
		return conflict("-R", "-m", "one sends, one never does");
	if (options->is_send_only && options->chat.count > 0)
		return conflict("-S", "-c", "one receives, one never does");
	if (options->chat.ends_with_nul && options->chat.format != VIEW_BARE) {
		diagnostics_error(
			"--null separates what -f bare prints; add -f bare");
		return false;
	}
	if (options->chat.session.is_raw && options->chat.session.peers)
		return conflict("--raw", "--peer",
			"a datagram without a number cannot be told from its "
			"copy");
	if (options->chat.session.is_raw && options->chat.wait > 0)
		return conflict("--raw", "-w", "nobody confirms a datagram");
	if (options->chat.session.is_raw && options->chat.session.history > 0)
		return conflict("--raw", "-H", "nobody keeps datagrams");
	return true;
}

/* ---- the key ---- */

/* Gets the key, if the group is to be private. */
static enum options_result read_key(struct options *options)
{
	struct session_config *session = &options->chat.session;
	const char *value = key_option_value(options->key_name);

	if (!value)
		return OPTIONS_RUN;
	if (session->is_raw && !options->key_name) {
		if (strcmp(value, "none") != 0)
			diagnostics_warning(
				options->chat.verbosity, "not private: --raw");
		return OPTIONS_RUN;
	}
	if (session->is_raw && strcmp(value, "none") != 0) {
		(void)conflict(
			"--raw", "-k", "textbook datagrams are not sealed");
		return OPTIONS_USAGE;
	}
	switch (key_option_read(
		value, options->chat.verbosity, &options->key)) {
	case KEY_OPTION_NONE:
		break;
	case KEY_OPTION_TAKEN:
		session->key = &options->key;
		session->key_name = value;
		break;
	case KEY_OPTION_USAGE:
		return OPTIONS_USAGE;
	case KEY_OPTION_FAILED:
		return OPTIONS_FAILED;
	}
	return OPTIONS_RUN;
}

/* ---- as a whole ---- */

static void set_defaults(struct options *out)
{
	*out = (struct options){
		.chat.session.membership.group =
			{
				.hop_limit = 1,
				.has_loopback = true,
			},
		.chat.format = VIEW_TEXT,
		.chat.color = COLOR_AUTO,
		.chat.verbosity = VERBOSITY_NORMAL,
	};
	(void)address_parse(
		OPTIONS_GROUP, &out->chat.session.membership.group.address);
	out->chat.session.membership.group.address.port = OPTIONS_PORT;
}

/* The group of a family, when none is named: that of the key and the room, or
 * mchat's own. */
static struct address default_group(
	const struct session_config *session, enum address_family family)
{
	const struct membership_config *membership = &session->membership;
	struct address group = {.port = membership->group.address.port};

	if (session->key || membership->room) {
		session_room_address(
			session->key, membership->room, family, &group);
		return group;
	}
	(void)address_parse(
		family == ADDRESS_IPV6 ? OPTIONS_GROUP_IPV6 : OPTIONS_GROUP,
		&group);
	group.port = membership->group.address.port;
	return group;
}

/* Which groups the chat is in, unless one was named; IPv6 without being asked
 * for where it is all that there is. */
static void find_groups(struct options *options)
{
	const struct session_config *session = &options->chat.session;
	struct membership_config *membership =
		&options->chat.session.membership;
	bool is_ipv6_alone = options->has_ipv6 && !options->has_ipv4;

	membership_set_room(membership, membership->room);
	if (options->has_group) {
		/* /join NAME, as anything else, stays with the family. */
		membership->second_use = MEMBERSHIP_SECOND_NEVER;
		return;
	}
	membership->second = default_group(session, ADDRESS_IPV6);
	membership->group.address = default_group(
		session, is_ipv6_alone ? ADDRESS_IPV6 : ADDRESS_IPV4);
	if (is_ipv6_alone || options->has_ipv4)
		membership->second_use = options->has_ipv4 && options->has_ipv6
						 ? MEMBERSHIP_SECOND_ALSO
						 : MEMBERSHIP_SECOND_NEVER;
	else
		membership->second_use = options->chat.session.is_raw
						 ? MEMBERSHIP_SECOND_INSTEAD
						 : MEMBERSHIP_SECOND_SPARE;
}

static void conclude(struct options *options)
{
	struct chat_config *chat = &options->chat;
	struct session_config *session = &chat->session;
	struct group_config *group = &session->membership.group;

	find_groups(options);
	group->sources = options->sources;
	/* What comes twice is told apart by its number; a bare datagram is not.
	 */
	if (session->membership.interface_count == 0 && !session->is_raw)
		options->interfaces[session->membership.interface_count++] =
			"all";
	session->membership.interfaces = options->interfaces;
	if (chat->is_plain)
		chat->color = COLOR_NEVER;
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
	session->verbosity = chat->verbosity;
	session->membership.has_peers = session->peers != NULL;
	if (group->source_count > 0 && !session->is_raw) {
		options->peers.sources = options->sources;
		options->peers.source_count = group->source_count;
		session->peers = &options->peers;
	}
	/* A burst that is lost whole would count as one line. */
	group->takes_bursts = !session->is_raw;
}

enum options_result options_parse(int argc, char *argv[], struct options *out)
{
	enum options_result result;

	set_defaults(out);
	out->messages = calloc((size_t)argc + 1, sizeof(*out->messages));
	if (!out->messages) {
		diagnostics_failure("command line", ENOMEM);
		return OPTIONS_FAILED;
	}
	result = read_options(argc, argv, out);
	if (result != OPTIONS_RUN)
		return result;
	if (!read_group(out, argv + optind, argc - optind))
		return OPTIONS_USAGE;
	follow_sources(out);
	if (!fits_together(out))
		return OPTIONS_USAGE;
	result = read_key(out);
	if (result != OPTIONS_RUN)
		return result;
	conclude(out);
	return OPTIONS_RUN;
}

void options_fini(struct options *options)
{
	free(options->messages);
	options->messages = NULL;
	secret_wipe(&options->key, sizeof(options->key));
}
