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
#include "mchat/io/diagnostics.h"
#include "mchat/lab/lab_command.h"
#include "mchat/network/call.h"
#include "mchat/options.h"
#include "mchat/sockopt/sockopt_command.h"
#include "mchat/terminal/tty.h"
#include "mchat/view/color.h"

/*
 * Makes sure that 0, 1 and 2 are open, so that no socket becomes one of them.
 * Sets *out if stdout was closed.  Returns 0, or -1 when it cannot.
 */
static int open_standard_streams(bool *out)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null", O_RDWR) != fd)
			return -1;
		if (fd == STDOUT_FILENO)
			*out = true;
	}
	return 0;
}

/* What the first word makes mchat do instead of chatting. */
static const struct {
	const char *name;
	int (*run)(int argc, char *argv[]); /* gives the exit status */
} commands[] = {
	{"lab", lab_command_run},
	{"sockopt", sockopt_command_run},
};

/* Whether the first word is a command; then *out is its exit status. */
static bool run_command(int argc, char *argv[], int *out)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc > 1 && strcmp(argv[1], commands[i].name) == 0) {
			*out = commands[i].run(argc - 1, argv + 1);
			return true;
		}
	}
	return false;
}

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
	};

	if (options->chat.session.nick && options->chat.session.is_raw)
		diagnostics_warning(options->chat.verbosity,
			"--nick: raw datagrams carry no name; "
			"others see your address");
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
		status = stdout_was_closed && options.is_receive_only &&
					 options.chat.count == 0
				 ? 0
				 : run(&options);
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
