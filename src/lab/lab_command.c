/* SPDX-License-Identifier: ISC */
#include "mchat/lab/lab_command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/address.h"
#include "mchat/base/buffer.h"
#include "mchat/commands/subcommand.h"
#include "mchat/view/wrap.h"
#include "mchat/io/diagnostics.h"
#include "mchat/lab/chapter.h"
#include "mchat/lab/experiments.h"
#include "mchat/lab/lab.h"
#include "mchat/lab/lab_guide.h"
#include "mchat/lab/lab_packets.h"
#include "mchat/lab/lab_program.h"
#include "mchat/view/json.h"

/* No experiment takes longer, unless a firewall drops what loopback carries. */
#define EXPERIMENT_SECONDS 20

static const struct experiment experiments[] = {
	{"rcvbuf", "the receive buffer: asked, granted, and overflowing",
		"the kernel grants what it sees fit; a full buffer loses "
		"datagrams without an error, and makes TCP wait.",
		experiment_rcvbuf},
	{"lowat", "SO_RCVLOWAT: when a socket counts as readable",
		"select wakes when there is as much as was asked for.",
		experiment_lowat},
	{"ttl", "IP_TTL: read, set, read again",
		"an option is read back as it was set, and the kernel refuses "
		"what makes no sense.",
		experiment_ttl},
	{"broadcast", "SO_BROADCAST: to everyone, if it is meant",
		"a broadcast is refused with EACCES until the socket says that "
		"it is meant.",
		experiment_broadcast},
	{"dontroute", "SO_DONTROUTE: neighbours only",
		"with SO_DONTROUTE only neighbours are reached, never by a "
		"gateway.",
		experiment_dontroute},
	{"keepalive", "SO_KEEPALIVE: a dead peer is found",
		"probes find a peer that died in silence, and the connection "
		"ends with ETIMEDOUT.",
		experiment_keepalive},
	{"linger", "SO_LINGER: what close does with what is left",
		"close returns at once, or waits, or throws away and resets, "
		"as SO_LINGER says.",
		experiment_linger},
	{"shutdown", "shutdown: to have said all, and still to listen",
		"a half-closed connection delivers everything, then the end, "
		"and goes on the other way.",
		experiment_shutdown},
	{"reuseaddr", "SO_REUSEADDR: a server that starts again",
		"a port in TIME-WAIT can be bound with SO_REUSEADDR, and "
		"without it cannot.",
		experiment_reuseaddr},
	{"inherit", "which options an accepted socket has from its listener",
		"an accepted socket inherits nearly every option of the "
		"listening one, and none of its state.",
		experiment_inherit},
	{"nodelay", "TCP_NODELAY: small writes",
		"Nagle's algorithm and delayed acknowledgements wait for each "
		"other, and TCP_NODELAY ends that.",
		experiment_nodelay},
	{"maxseg", "TCP_MAXSEG: the largest segment",
		"a segment is no larger than either end announced, nor than "
		"the path takes.",
		experiment_maxseg},
	{"oob", "MSG_OOB, SO_OOBINLINE and SIGURG: urgent data",
		"one urgent byte travels in the stream; the receiver takes it "
		"out, or with SO_OOBINLINE leaves it.",
		experiment_oob},
	{"peek", "MSG_PEEK and MSG_DONTWAIT: look first",
		"MSG_PEEK tells what is queued and leaves it there.",
		experiment_peek},
	{"waitall", "MSG_WAITALL: whole records of a stream",
		"MSG_WAITALL waits until all that was asked for is there.",
		experiment_waitall},
	{"dontwait", "MSG_DONTWAIT and SO_RCVTIMEO: not for ever",
		"MSG_DONTWAIT makes one call return at once, SO_RCVTIMEO "
		"bounds them all.",
		experiment_dontwait},
	{"join", "IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP: in and out",
		"a group is heard from joining to leaving, and not otherwise "
		"when IP_MULTICAST_ALL is off.",
		experiment_join},
	{"reuse-udp", "SO_REUSEADDR: several members on one host",
		"several sockets share a group's port when all of them say so, "
		"and each gets a copy.",
		experiment_reuse_udp},
	{"loop", "IP_MULTICAST_LOOP: heard on this host or not",
		"the sender decides whether its own host hears it, but the "
		"loopback interface cannot be silenced.",
		experiment_loop},
	{"ttl-multicast", "IP_MULTICAST_TTL: how far",
		"multicast has a TTL of its own, 1 by default, and each "
		"datagram carries it.",
		experiment_ttl_multicast},
	{"interface", "IP_MULTICAST_IF: by which interface",
		"the sender chooses the interface that its multicast leaves "
		"by.",
		experiment_interface},
	{"mac", "from a group to an Ethernet address",
		"32 groups share each Ethernet address, because 5 of their 28 "
		"bits are lost.",
		experiment_mac},
	{"scope", "which groups go how far",
		"224.0.0.0 to 239.255.255.255 are groups, and the range says "
		"how far one is meant to go.",
		experiment_scope},
};

#define EXPERIMENTS (sizeof(experiments) / sizeof(experiments[0]))

/* Options without a short form. */
enum {
	OPTION_CODE = 256,
	OPTION_STEP,
	OPTION_QUIZ,
	OPTION_PACKETS,
};

static const struct option options[] = {
	{"code", no_argument, NULL, OPTION_CODE},
	{"step", no_argument, NULL, OPTION_STEP},
	{"quiz", no_argument, NULL, OPTION_QUIZ},
	{"packets", no_argument, NULL, OPTION_PACKETS},
	{"format", required_argument, NULL, 'f'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static const struct subcommand command = {"lab", ":f:h", options};

/* What the words of the command line ask for. */
struct request {
	enum view_format format;
	bool wants_code;
	struct lab_guide guide;
	unsigned run;         /* experiments so far */
	unsigned shown;       /* of these */
	struct buffer missed; /* owned: the names of the others */
};

static const char *name_at(size_t index)
{
	return chapter_row(index)->experiment;
}

static const struct experiment *find(const char *name)
{
	for (size_t i = 0; i < EXPERIMENTS; i++) {
		if (strcmp(experiments[i].name, name) == 0)
			return &experiments[i];
	}
	return NULL;
}

static void print_list(void)
{
	const struct chapter_row *row;

	for (size_t i = 0; (row = chapter_row(i)) != NULL; i++) {
		const struct experiment *it = find(row->experiment);

		printf("%-14s %s  %s\n", row->experiment, row->number,
			it ? it->title : "");
	}
}

static void print_help(void)
{
	fputs("mchat lab: experiments with sockets, run live\n"
	      "\n"
	      "usage: mchat lab [OPTION]... [EXPERIMENT... | all]\n"
	      "\n"
	      "Without an EXPERIMENT, lists them.  Each runs on real sockets "
	      "of this host and\ntells what it does, each call with its "
	      "values, and what was observed.\nAn EXPERIMENT may also be the "
	      "number of a section (5.2), or an option or a flag\n"
	      "that it shows (SO_LINGER).\n"
	      "\n"
	      "      --code               print a C program that does the "
	      "same\n"
	      "      --step               wait for Enter between steps\n"
	      "      --quiz               ask what will be observed\n"
	      "      --packets            show what is sent, too\n"
	      "  -f, --format text|json   what stdout gets [text]\n"
	      "  -h, --help               show this\n"
	      "\n"
	      "Exit status: 0 observed, 1 not observed, 2 wrong usage.\n"
	      "\n"
	      "  mchat lab linger\n"
	      "  mchat lab all | grep shown\n"
	      "  mchat lab nodelay | grep observed\n"
	      "  mchat lab mac 224.1.2.3\n"
	      "  mchat lab --code SO_LINGER >linger.c && cc linger.c\n",
		stdout);
}

/* Nothing but write and _exit is safe here. */
static void give_up(int signal_number)
{
	static const char words[] =
		"mchat: lab: nothing comes through on this host's loopback\n";

	(void)signal_number;
	if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)
		_exit(SUBCOMMAND_FAILED);
	_exit(SUBCOMMAND_FAILED);
}

static void run_one(
	struct request *request, const char *name, const char *group)
{
	const struct experiment *experiment = find(name);
	bool is_shown;

	if (!experiment)
		return;
	if (request->run++ > 0 && request->format == VIEW_TEXT)
		putchar('\n');
	alarm(EXPERIMENT_SECONDS);
	is_shown = lab_run(experiment, request->format, &request->guide, group);
	alarm(0);
	request->shown += is_shown;
	if (!is_shown)
		buffer_append_format(&request->missed, "%s%s",
			buffer_size(&request->missed) > 0 ? ", " : "", name);
}

/* Of several experiments; where there is one, the story's end says as much. */
static void print_summary(struct request *request)
{
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	if (request->format == VIEW_JSON) {
		json_begin(&json, &out);
		json_string(&json, "event", "summary");
		json_number(&json, "experiments", request->run);
		json_number(&json, "shown", request->shown);
		json_end(&json);
	} else {
		buffer_append_format(&out,
			"\nsummary: %u of %u experiments were shown\n",
			request->shown, request->run);
	}
	if (buffer_size(&request->missed) > 0 && request->format == VIEW_TEXT) {
		buffer_append_char(&request->missed, '\0');
		wrap_append_marked(
			&out, "not shown:", 11, buffer_bytes(&request->missed));
	}
	fwrite(buffer_bytes(&out), 1, buffer_size(&out), stdout);
	buffer_fini(&out);
}

static bool is_known(const char *word)
{
	const struct chapter_row *row;

	for (size_t i = 0; (row = chapter_row(i)) != NULL; i++) {
		if (chapter_means(row, word))
			return true;
	}
	subcommand_say_unknown("experiment", word, EXPERIMENTS, name_at);
	return false;
}

/* The IPv4 address that may stand behind "mac", or NULL. */
static const char *group_behind(const char *word, const char *next)
{
	struct address group;

	return strcmp(word, "mac") == 0 && next &&
			       address_parse(next, &group) &&
			       group.family == ADDRESS_IPV4
		       ? next
		       : NULL;
}

static bool is_group(const char *host)
{
	struct address group;

	/* 224.0.0.0/4 (RFC 1112, 4). */
	if (address_parse(host, &group) && group.bytes[0] >> 4 == 0xe)
		return true;
	diagnostics_error("mac %s: no group: these are from 224.0.0.0 to "
			  "239.255.255.255",
		host);
	return false;
}

/* Runs what the word means, or prints its programs. */
static void run_word(
	struct request *request, const char *word, const char *group)
{
	const struct chapter_row *row;

	for (size_t i = 0; (row = chapter_row(i)) != NULL; i++) {
		if (!chapter_means(row, word))
			continue;
		if (request->wants_code)
			lab_program_print(row->experiment, request->format);
		else
			run_one(request, row->experiment, group);
	}
}

/* Where no packets can be seen, that is said once, for all experiments. */
static void prepare_packets(struct request *request)
{
	int error = lab_packets_enter();

	if (!error)
		return;
	request->guide.sees_packets = false;
	lab_packets_say_none(request->format, error);
}

static int run(int count, char *words[], struct request *request)
{
	bool has_section = false;
	int status = SUBCOMMAND_DONE;

	for (int i = 0; i < count; i++) {
		const char *group = group_behind(words[i], words[i + 1]);

		if (!is_known(words[i]) || (group && !is_group(group)))
			return SUBCOMMAND_USAGE;
		has_section = has_section || chapter_is_section(words[i]);
		i += group != NULL;
	}
	signal(SIGALRM, give_up);
	if (request->guide.sees_packets)
		prepare_packets(request);
	for (int i = 0; i < count; i++) {
		const char *group = group_behind(words[i], words[i + 1]);

		run_word(request, words[i], group);
		i += group != NULL;
	}
	if (has_section && !request->wants_code)
		print_summary(request);
	lab_guide_conclude(&request->guide);
	if (request->shown < request->run)
		status = SUBCOMMAND_FAILED;
	buffer_fini(&request->missed);
	return status;
}

/* Whether the options go together; says so when they do not. */
static bool is_sound(const struct request *request, bool has_names)
{
	const struct lab_guide *guide = &request->guide;
	const char *watched = guide->is_quiz        ? "--quiz"
			      : guide->is_stepwise  ? "--step"
			      : guide->sees_packets ? "--packets"
						    : NULL;
	const char *option = request->wants_code ? "--code" : watched;

	if (option && !has_names)
		diagnostics_error("lab %s: say which experiment; mchat lab "
				  "lists them",
			option);
	else if (request->wants_code && watched)
		diagnostics_error("lab --code prints a program and runs "
				  "nothing: not with %s",
			watched);
	else if (guide->is_quiz && request->format == VIEW_JSON)
		diagnostics_error("lab --quiz asks people: not with --format "
				  "json");
	else
		return true;
	return false;
}

/* -1 to go on, or the exit status. */
static int read_options(int argc, char *argv[], struct request *request)
{
	int code;

	while ((code = subcommand_next_option(&command, argc, argv)) != -1) {
		switch (code) {
		case OPTION_CODE:
			request->wants_code = true;
			break;
		case OPTION_STEP:
			request->guide.is_stepwise = true;
			break;
		case OPTION_QUIZ:
			request->guide.is_quiz = true;
			break;
		case OPTION_PACKETS:
			request->guide.sees_packets = true;
			break;
		case 'f':
			if (!subcommand_read_format(
				    &command, optarg, &request->format))
				return SUBCOMMAND_USAGE;
			break;
		case 'h':
			print_help();
			return SUBCOMMAND_DONE;
		default:
			return SUBCOMMAND_USAGE;
		}
	}
	return is_sound(request, optind < argc) ? -1 : SUBCOMMAND_USAGE;
}

int lab_command_run(int argc, char *argv[])
{
	struct request request = {
		.format = VIEW_TEXT,
		.missed = BUFFER_EMPTY,
	};
	int status = read_options(argc, argv, &request);

	if (status == SUBCOMMAND_USAGE)
		return status;
	if (status < 0 && optind == argc) {
		print_list();
		status = SUBCOMMAND_DONE;
	} else if (status < 0) {
		status = run(argc - optind, argv + optind, &request);
	}
	return subcommand_finish(status);
}
