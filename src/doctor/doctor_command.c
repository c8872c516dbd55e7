/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/doctor_command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/address.h"
#include "mchat/base/buffer.h"
#include "mchat/base/number.h"
#include "mchat/commands/subcommand.h"
#include "mchat/crypto/secret.h"
#include "mchat/doctor/diagnosis.h"
#include "mchat/doctor/evidence.h"
#include "mchat/doctor/examination.h"
#include "mchat/doctor/report.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/sealer.h"
#include "mchat/key/key_option.h"
#include "mchat/network/interface.h"
#include "mchat/protocol/room.h"
#include "mchat/seal/key_schedule.h"
#include "mchat/seal/shared_key.h"
#include "mchat/terminal/tty.h"
#include "mchat/view/wrap.h"

/* Where a chat is when nothing is said; option_table.h has the same. */
#define GROUP_IPV4 "239.255.77.67"
#define GROUP_IPV6 "ff12::4d43"
#define PORT       62428

/* What it may take at most, unless -T says so. */
#define TIMEOUT_MS 10000

/* The longest -T: an hour. */
#define TIMEOUT_MAX_S 3600

static const struct option options[] = {
	{"interface", required_argument, NULL, 'i'},
	{"key", required_argument, NULL, 'k'},
	{"port", required_argument, NULL, 'p'},
	{"room", required_argument, NULL, 'r'},
	{"source", required_argument, NULL, 's'},
	{"timeout", required_argument, NULL, 'T'},
	{"format", required_argument, NULL, 'f'},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static const struct subcommand command = {
	"doctor", ":i:k:p:r:s:46T:f:vh", options};

/* As many as a chat may list over IPv4; more of them are probed for too long.
 */
#define SOURCES_MAX 10

struct request {
	struct address group;
	const char *room;     /* NULL: none */
	const char *key_name; /* of -k; NULL: not given */
	struct shared_key key;
	bool has_key;
	struct address sources[SOURCES_MAX];
	size_t source_count;
	char zone[ADDRESS_ZONE_SIZE]; /* of the group; an interface */
	enum address_family family;   /* NONE: as this host has it */
	bool has_port;
	const char *interfaces[EVIDENCE_INTERFACES_MAX]; /* of argv */
	size_t interface_count;
	struct duration timeout;
	struct report_style style;
};

static void print_help(void)
{
	fputs("mchat doctor: find out why multicast does not work here\n"
	      "\n"
	      "usage: mchat doctor [OPTION]... [GROUP[:PORT]]\n"
	      "\n"
	      "Looks at the interfaces, sends to the group and hears itself, "
	      "and holds that\nagainst what the kernel counts: so it finds "
	      "every filter of this host.  It asks\nevery member that it "
	      "reaches what arrives there.  It needs no privileges, takes\n"
	      "some seconds, and changes nothing.\n"
	      "\n"
	      "  -i, --interface NAME     look at this one, repeatable [those "
	      "that mchat uses]\n"
	      "  -k, --key FILE|ask|none  the private group of that key "
	      "[MCHAT_KEY]\n"
	      "  -p, --port N             UDP port [62428]\n"
	      "  -r, --room NAME          the group of that name\n"
	      "  -s, --source ADDR        probe this host, too; hear only "
	      "such, "
	      "repeatable\n"
	      "  -4, -6                   IPv4 or IPv6, when no GROUP is given "
	      "[what is there]\n"
	      "  -T, --timeout SECONDS    take no longer than this [10]\n"
	      "  -f, --format text|json   what stdout gets [text]\n"
	      "  -v, --verbose            say what is well, too\n"
	      "  -h, --help               show this\n"
	      "\n"
	      "Exit status: 0 nothing is wrong here, 1 trouble was found, 2 "
	      "wrong usage.\n"
	      "\n"
	      "  mchat doctor                 nothing comes in: why?\n"
	      "  mchat doctor -i eth0         is it that interface?\n"
	      "  mchat doctor -s 10.0.0.7     why do I not hear that host?\n"
	      "  mchat doctor -f json | jq -r .cause\n",
		stdout);
}

/* ---- reading the command line ---- */

static bool read_port(const char *value, struct request *request)
{
	int64_t port;

	if (number_parse(value, 1, UINT16_MAX, &port) != NUMBER_OK) {
		diagnostics_error("doctor: port %s: must be a whole number "
				  "from 1 to 65535",
			diagnostics_quoted(value));
		return false;
	}
	request->group.port = (uint16_t)port;
	request->has_port = true;
	return true;
}

static bool add_interface(const char *value, struct request *request)
{
	if (request->interface_count == EVIDENCE_INTERFACES_MAX) {
		diagnostics_error("doctor: --interface is given too often");
		return false;
	}
	if (strcmp(value, "all") != 0)
		request->interfaces[request->interface_count++] = value;
	return true;
}

static bool read_room(const char *value, struct request *request)
{
	const char *why = room_check(value, strlen(value));

	if (why)
		diagnostics_error("doctor: --room %s: %s",
			diagnostics_quoted(value), why);
	else
		request->room = value;
	return !why;
}

static bool add_source(const char *value, struct request *request)
{
	struct address source;

	if (!address_parse(value, &source) || !address_is_host(&source)) {
		diagnostics_error("doctor: --source %s: must be the address of "
				  "a host, as in 192.0.2.7 or fe80::7",
			diagnostics_quoted(value));
		return false;
	}
	if (request->source_count == SOURCES_MAX) {
		diagnostics_error("doctor: --source is given too often");
		return false;
	}
	request->sources[request->source_count++] = source;
	return true;
}

static bool read_timeout(const char *value, struct request *request)
{
	if (number_parse_seconds(value, TIMEOUT_MAX_S, &request->timeout) ==
		NUMBER_OK)
		return true;
	diagnostics_error("doctor: --timeout %s: must be seconds, from 0 to %d",
		diagnostics_quoted(value), TIMEOUT_MAX_S);
	return false;
}

static bool read_option(int code, struct request *request)
{
	switch (code) {
	case 'i':
		return add_interface(optarg, request);
	case 'k':
		request->key_name = optarg;
		return true;
	case 'p':
		return read_port(optarg, request);
	case 'r':
		return read_room(optarg, request);
	case 's':
		return add_source(optarg, request);
	case '4':
	case '6':
		request->family = code == '6' ? ADDRESS_IPV6 : ADDRESS_IPV4;
		return true;
	case 'T':
		return read_timeout(optarg, request);
	case 'f':
		return subcommand_read_format(
			&command, optarg, &request->style.format);
	case 'v':
		request->style.is_verbose = true;
		return true;
	default:
		return false;
	}
}

/* -1 to go on, or the exit status. */
static int read_options(int argc, char *argv[], struct request *request)
{
	int code;

	while ((code = subcommand_next_option(&command, argc, argv)) != -1) {
		if (code == 'h') {
			print_help();
			return SUBCOMMAND_DONE;
		}
		if (!read_option(code, request))
			return SUBCOMMAND_USAGE;
	}
	return -1;
}

/* The zone of the group names its interface. */
static bool read_zone(const char *word, struct request *request)
{
	address_group_zone(word, request->zone);
	return !*request->zone || add_interface(request->zone, request);
}

static int read_group(int count, char *words[], struct request *request)
{
	enum address_group_result result;
	const char *port = NULL;

	if (count == 0)
		return -1;
	if (count > 1) {
		diagnostics_error("doctor: %s: too many arguments: "
				  "GROUP[:PORT] at most",
			diagnostics_quoted(words[1]));
		return SUBCOMMAND_USAGE;
	}
	if (request->room) {
		diagnostics_error("doctor: %s: a room is a group itself, so "
				  "--room takes none",
			diagnostics_quoted(words[0]));
		return SUBCOMMAND_USAGE;
	}
	result = address_parse_group(words[0], &request->group, &port);
	if (result != ADDRESS_GROUP_OK) {
		diagnostics_error("doctor: %s: %s; a group is 224.0.0.0 to "
				  "239.255.255.255, for example " GROUP_IPV4,
			diagnostics_quoted(words[0]),
			address_group_error(result));
		return SUBCOMMAND_USAGE;
	}
	if (port && request->has_port) {
		diagnostics_error("doctor: %s: the port is given twice",
			diagnostics_quoted(port));
		return SUBCOMMAND_USAGE;
	}
	return (!port || read_port(port, request)) &&
			       read_zone(words[0], request)
		       ? -1
		       : SUBCOMMAND_USAGE;
}

/* -1 to go on, or the exit status. */
static int read_key(struct request *request)
{
	const char *value = key_option_value(request->key_name);

	if (!value)
		return -1;
	switch (key_option_read(value, VERBOSITY_NORMAL, &request->key)) {
	case KEY_OPTION_NONE:
		return -1;
	case KEY_OPTION_TAKEN:
		request->has_key = true;
		return -1;
	case KEY_OPTION_USAGE:
		return SUBCOMMAND_USAGE;
	default:
		return SUBCOMMAND_FAILED;
	}
}

/* ---- doing it ---- */

/* Whether an interface that leads somewhere has an address of this family. */
static bool has_family(enum address_family family)
{
	struct interface_list list;
	bool has = false;

	if (interface_list(family, &list) < 0)
		return false;
	for (size_t i = 0; i < list.count; i++) {
		if (interface_is_default(&list.items[i]))
			has = true;
	}
	interface_list_fini(&list);
	return has;
}

/* That which was asked for; that of who is named; where IPv6 alone is there,
 * that. */
static enum address_family choose_family(const struct request *request)
{
	if (request->family != ADDRESS_NONE)
		return request->family;
	if (request->source_count > 0)
		return request->sources[0].family;
	return !has_family(ADDRESS_IPV4) && has_family(ADDRESS_IPV6)
		       ? ADDRESS_IPV6
		       : ADDRESS_IPV4;
}

/* The group of the key and the room, or the default one, of a family; and what
 * the key gives there. */
static void choose_group(struct request *request, struct key_schedule *schedule)
{
	const char *room = request->room;
	enum address_family family = choose_family(request);
	uint16_t port = request->group.port;

	if (request->has_key)
		key_schedule_make(
			&request->key, room, room ? strlen(room) : 0, schedule);
	if (request->group.family != ADDRESS_NONE)
		return;
	if (request->has_key)
		key_schedule_address(schedule, family, &request->group);
	else if (room)
		room_address(room, strlen(room), family, &request->group);
	else
		(void)address_parse(
			family == ADDRESS_IPV6 ? GROUP_IPV6 : GROUP_IPV4,
			&request->group);
	request->group.port = port;
}

static int run(const struct request *request, struct sealer *sealer)
{
	const struct examination examination = {
		.group = request->group,
		.interfaces = request->interfaces,
		.interface_count = request->interface_count,
		.sources = request->sources,
		.source_count = request->source_count,
		.sealer = sealer,
		.deadline = instant_after(clock_now(), request->timeout),
	};
	struct buffer out = BUFFER_EMPTY;
	struct finding_list findings;
	struct evidence evidence;
	int status = SUBCOMMAND_DONE;

	switch (examination_run(&examination, &evidence)) {
	case EXAMINATION_USAGE:
		return SUBCOMMAND_USAGE;
	case EXAMINATION_FAILED:
		return SUBCOMMAND_FAILED;
	case EXAMINATION_DONE:
		break;
	}
	diagnosis_make(&evidence, &findings);
	if (report_append(&request->style, &evidence, &findings, &out))
		status = SUBCOMMAND_FAILED;
	fwrite(buffer_bytes(&out), 1, buffer_size(&out), stdout);
	if (out.failed) {
		diagnostics_error("%s", strerror(ENOMEM));
		status = SUBCOMMAND_FAILED;
	}
	buffer_fini(&out);
	return status;
}

/* The same with what a private group needs. */
static int run_sealed(struct request *request)
{
	struct seal_history history = {0};
	struct key_schedule schedule = {0};
	struct sealer sealer = {0};
	int status = SUBCOMMAND_FAILED;

	choose_group(request, &schedule);
	if (request->has_key && sealer_open(&sealer, &schedule, NULL, &history,
					clock_now()) < 0)
		diagnostics_failure("private group", errno);
	else
		status = run(request, &sealer);
	sealer_close(&sealer);
	secret_wipe(&schedule, sizeof(schedule));
	return status;
}

int doctor_command_run(int argc, char *argv[])
{
	struct request request = {
		.group.port = PORT,
		.timeout = duration_ms(TIMEOUT_MS),
		.style = {.format = VIEW_TEXT,
			.columns = wrap_columns(
				tty_window_columns(STDOUT_FILENO))},
	};
	int status = read_options(argc, argv, &request);

	if (status < 0)
		status = read_group(argc - optind, argv + optind, &request);
	if (status < 0)
		status = read_key(&request);
	if (status < 0)
		status = run_sealed(&request);
	secret_wipe(&request.key, sizeof(request.key));
	return subcommand_finish(status);
}
