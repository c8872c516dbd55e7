/* SPDX-License-Identifier: ISC */
#include "mchat/help.h"

#include <errno.h>
#include <stdio.h>

#include "mchat/io/diagnostics.h"
#include "mchat/option_table.h"
#include "mchat/version.h"

static void print_row(const struct option_row *row)
{
	char left[64];
	char letter[5] = "    ";

	if (row->code < OPTION_LONG)
		snprintf(letter, sizeof(letter), "-%c, ", row->code);
	snprintf(left, sizeof(left), "%s--%s%s%s", letter, row->name,
		row->argument && *row->argument != '[' ? " " : "",
		row->argument ? row->argument : "");
	printf("  %-34s %s\n", left, row->help);
}

/* Whether stdout took everything. */
static bool printed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	if (errno != EPIPE)
		diagnostics_failure("stdout", errno);
	return false;
}

bool help_print(void)
{
	fputs("mchat: group chat on the local network, with no server\n"
	      "\n"
	      "usage: mchat [OPTION]... [GROUP[:PORT] | GROUP PORT]\n"
	      "       mchat doctor | key | sockopt | lab, which have a --help "
	      "of their own\n"
	      "       mchat help [COMMAND] | version\n"
	      "\n"
	      "Joins a multicast group [" OPTIONS_GROUP "], sends each line "
	      "of stdin\nto it and prints what the others send.\n"
	      "\n",
		stdout);
	for (size_t i = 0; option_row_at(i); i++)
		print_row(option_row_at(i));
	fputs("\n"
	      "Exit status: 0 done, and confirmed by every member; 1 it was "
	      "not; 2 wrong usage.\n"
	      "\n"
	      "  mchat                            chat\n"
	      "  make 2>&1 | mchat                show everyone what happens\n"
	      "  mchat -m 'backup done' -w 3      send it, to three at least\n"
	      "  mchat -R -f json | jq .          every event, an object a "
	      "line\n"
	      "  mchat --explain 239.1.2.3 5000   see how multicast is done\n"
	      "  mchat -k class.key               only for who has the key\n"
	      "  mchat doctor                     nothing comes in: why?\n"
	      "\n"
	      "In the chat /help lists the commands; man mchat says more of "
	      "everything.\n",
		stdout);
	return printed();
}

bool help_print_version(void)
{
	puts("mchat " MCHAT_VERSION);
	return printed();
}
