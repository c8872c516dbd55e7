/* SPDX-License-Identifier: ISC */
#include "mchat/lab/lab_command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/commands/subcommand.h"
#include "mchat/io/diagnostics.h"
#include "mchat/lab/experiments.h"
#include "mchat/lab/lab.h"

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

static const struct option options[] = {
	{"format", required_argument, NULL, 'f'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static const struct subcommand command = {"lab", ":f:h", options};

static const char *name_at(size_t index)
{
	return experiments[index].name;
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
	for (size_t i = 0; i < EXPERIMENTS; i++)
		printf("%-14s %s\n", experiments[i].name, experiments[i].title);
}

static void print_help(void)
{
	fputs("mchat lab: experiments with sockets, run live\n"
	      "\n"
	      "usage: mchat lab [OPTION]... [EXPERIMENT... | all]\n"
	      "\n"
	      "Without an EXPERIMENT, lists them.  Each runs on real sockets "
	      "of this host and\ntells what it does, each call with its "
	      "values, and what was observed.\n"
	      "\n"
	      "  -f, --format text|json   what stdout gets [text]\n"
	      "  -h, --help               show this\n"
	      "\n"
	      "Exit status: 0 observed, 1 not observed, 2 wrong usage.\n"
	      "\n"
	      "  mchat lab linger\n"
	      "  mchat lab all | grep shown\n"
	      "  mchat lab nodelay | grep observed\n",
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

/* Whether experiment i + 1 of `count` was shown. */
static bool run_one(const struct experiment *experiment, size_t i, size_t count,
	enum view_format format)
{
	bool was_shown;

	alarm(EXPERIMENT_SECONDS);
	was_shown = lab_run(experiment, format);
	alarm(0);
	if (i + 1 < count && format == VIEW_TEXT)
		putchar('\n');
	return was_shown;
}

static int run_all(enum view_format format)
{
	int status = SUBCOMMAND_DONE;

	for (size_t i = 0; i < EXPERIMENTS; i++) {
		if (!run_one(&experiments[i], i, EXPERIMENTS, format))
			status = SUBCOMMAND_FAILED;
	}
	return status;
}

static int run(size_t count, char *names[], enum view_format format)
{
	int status = SUBCOMMAND_DONE;

	for (size_t i = 0; i < count; i++) {
		if (!find(names[i])) {
			subcommand_say_unknown(
				"experiment", names[i], EXPERIMENTS, name_at);
			return SUBCOMMAND_USAGE;
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!run_one(find(names[i]), i, count, format))
			status = SUBCOMMAND_FAILED;
	}
	return status;
}

int lab_command_run(int argc, char *argv[])
{
	enum view_format format = VIEW_TEXT;
	int code;

	while ((code = subcommand_next_option(&command, argc, argv)) != -1) {
		switch (code) {
		case 'f':
			if (!subcommand_read_format(&command, optarg, &format))
				return SUBCOMMAND_USAGE;
			break;
		case 'h':
			print_help();
			return subcommand_finish(SUBCOMMAND_DONE);
		default:
			return SUBCOMMAND_USAGE;
		}
	}
	if (optind == argc) {
		print_list();
		return subcommand_finish(SUBCOMMAND_DONE);
	}
	signal(SIGALRM, give_up);
	if (optind + 1 == argc && strcmp(argv[optind], "all") == 0)
		return subcommand_finish(run_all(format));
	return subcommand_finish(
		run((size_t)(argc - optind), argv + optind, format));
}
