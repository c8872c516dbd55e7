/* SPDX-License-Identifier: ISC */
/* The command line: from words to a checked configuration. */
#ifndef MCHAT_OPTIONS_H
#define MCHAT_OPTIONS_H

#include "mchat/option_table.h"

enum options_result {
	OPTIONS_RUN,    /* chat with what *out says */
	OPTIONS_DONE,   /* help or version was printed: exit 0 */
	OPTIONS_USAGE,  /* a line on stderr says what is wrong: exit 2 */
	OPTIONS_FAILED, /* no memory, or stdout failed: exit 1 */
};

/*
 * Reads the command line into *out, which options_fini gives back whatever the
 * result.  argv may be reordered, as by getopt_long.
 */
enum options_result options_parse(int argc, char *argv[], struct options *out);

void options_fini(struct options *options);

#endif
