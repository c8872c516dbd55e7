/* SPDX-License-Identifier: ISC */
/* mchat: parse, dispatch, exit status. */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "mchat/chat/chat.h"
#include "mchat/commands/explain.h"
#include "mchat/commands/subcommand.h"
#include "mchat/doctor/doctor_command.h"
#include "mchat/help.h"
#include "mchat/io/diagnostics.h"
#include "mchat/key/key_command.h"
#include "mchat/lab/lab_command.h"
#include "mchat/network/call.h"
#include "mchat/options.h"
#include "mchat/seal/shared_key.h"
#include "mchat/sockopt/sockopt_command.h"
#include "mchat/terminal/tty.h"
#include "mchat/view/color.h"

/*
 * Makes sure that 0, 1 and 2 are open, so that no socket becomes one of them.
 * Sets *out if stdout was closed: it cannot be written to then, so that nobody
 * takes what was printed for read.  Returns 0, or -1 when it cannot.
 */
static int open_standard_streams(bool *out)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int mode = fd == STDOUT_FILENO ? O_RDONLY : O_RDWR;

		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null", mode) != fd)
			return -1;
		if (fd == STDOUT_FILENO)
			*out = true;
	}
	return 0;
}

/* A chat without a stdout still sends: what comes in goes nowhere. */
static bool discard_stdout(void)
{
	return close(STDOUT_FILENO) == 0 &&
	       open("/dev/null", O_WRONLY) == STDOUT_FILENO;
}

static int run_help(int argc, char *argv[]);
static int run_version(int argc, char *argv[]);

/* What the first word makes mchat do instead of chatting. */
static const struct command {
	const char *name;
	int (*run)(int argc, char *argv[]); /* gives the exit status */
} commands[] = {
	{"doctor", doctor_command_run},
	{"help", run_help},
	{"key", key_command_run},
	{"lab", lab_command_run},
	{"sockopt", sockopt_command_run},
	{"version", run_version},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const char *command_name(size_t index)
{
	return commands[index].name;
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(name, commands[i].name) == 0)
			return &commands[i];
	}
	return NULL;
}

/* "help", or "help COMMAND" for "COMMAND --help". */
static int run_help(int argc, char *argv[])
{
	const struct command *command;
	char option[] = "--help";
	char *words[] = {argv[1], option, NULL};

	if (argc > 2) {
		diagnostics_error("help takes one command at most; "
				  "mchat --help lists them");
		return SUBCOMMAND_USAGE;
	}
	if (argc == 1 || argv[1][0] == '-')
		return help_print() ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
	command = find_command(argv[1]);
	if (!command) {
		subcommand_say_unknown(
			"command", argv[1], COMMANDS, command_name);
		return SUBCOMMAND_USAGE;
	}
	return command->run(2, words);
}

static int run_version(int argc, char *argv[])
{
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return run_help(1, argv);
	if (argc > 1) {
		diagnostics_error("version takes nothing; "
				  "mchat --help lists the commands");
		return SUBCOMMAND_USAGE;
	}
	return help_print_version() ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
}

/* Whether the first word is a command; then *out is its exit status. */
static bool run_command(int argc, char *argv[], int *out)
{
	const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;

	if (command)
		*out = command->run(argc - 1, argv + 1);
	return command != NULL;
}

/* Sends and receives that --explain -v tells: enough to see how it goes, and
 * not so many that the rest is out of sight. */
#define EXPLAINED_TRANSFERS 20

static int run(const struct options *options)
{
	struct explain explain = {
		.columns = tty_window_columns(STDERR_FILENO),
		.has_color = color_is_wanted(
			options->chat.color, isatty(STDERR_FILENO)),
	};
	struct call_log log = {
		.observe = options->explains ? explain_print : NULL,
		.context = &explain,
		.transfers = options->chat.verbosity >= VERBOSITY_VERBOSE
				     ? EXPLAINED_TRANSFERS
				     : 0,
	};

	if (options->chat.session.nick && options->chat.session.is_raw)
		diagnostics_warning(options->chat.verbosity,
			"--nick: raw datagrams carry no name; "
			"others see your address");
	if (options->chat.session.key && options->explains)
		explain_print_key(options->chat.session.key_name,
			shared_key_bits(&options->key), !options->has_group);
	return chat_run(&options->chat, &log);
}

int main(int argc, char *argv[])
{
	struct options options;
	bool stdout_was_closed = false;
	int status = 1;

	/* When a reader is gone, or a file may not grow (ulimit -f), write is
	 * to fail rather than a signal to end us. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (open_standard_streams(&stdout_was_closed) < 0)
		return 1;
	if (run_command(argc, argv, &status))
		return status;
	switch (options_parse(argc, argv, &options)) {
	case OPTIONS_RUN:
		/* Nothing to do if we only print, and have nowhere to. */
		if (stdout_was_closed && options.is_receive_only &&
			options.chat.count == 0)
			status = 0;
		else if (!stdout_was_closed || discard_stdout())
			status = run(&options);
		break;
	case OPTIONS_DONE:
		status = 0;
		break;
	case OPTIONS_USAGE:
		status = 2;
		break;
	case OPTIONS_FAILED:
		break;
	}
	options_fini(&options);
	return status;
}
