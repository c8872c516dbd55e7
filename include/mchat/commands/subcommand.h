/* SPDX-License-Identifier: ISC */
/* What the subcommands share: reading their options, and their exit status. */
#ifndef MCHAT_COMMANDS_SUBCOMMAND_H
#define MCHAT_COMMANDS_SUBCOMMAND_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "mchat/view/view.h"

/* Exit statuses. */
enum {
	SUBCOMMAND_DONE = 0,
	SUBCOMMAND_FAILED = 1, /* stderr says what could not be done */
	SUBCOMMAND_USAGE = 2,
};

struct subcommand {
	const char *name;             /* "sockopt", for messages */
	const char *letters;          /* as getopt wants them, ':' first */
	const struct option *options; /* long; all that take a value have one */
};

/*
 * The next option of the command line as getopt_long gives it, -1 after the
 * last, or '?', after saying so, for one that is wrong.
 */
int subcommand_next_option(
	const struct subcommand *subcommand, int argc, char *argv[]);

/* Reads "text" or "json"; false, after saying so, for anything else. */
bool subcommand_read_format(const struct subcommand *subcommand,
	const char *value, enum view_format *out);

/*
 * Says that there is no `kind` named `word`, and which of the `count` names
 * that name(0), name(1), ... return are similar.
 */
void subcommand_say_unknown(const char *kind, const char *word, size_t count,
	const char *(*name)(size_t index));

/* `status`, or SUBCOMMAND_FAILED when stdout did not take everything. */
int subcommand_finish(int status);

#endif
