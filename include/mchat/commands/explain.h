/* SPDX-License-Identifier: ISC */
/* --explain: each socket call as a line on stderr, for learners. */
#ifndef MCHAT_COMMANDS_EXPLAIN_H
#define MCHAT_COMMANDS_EXPLAIN_H

#include <stdbool.h>

struct call_record;

struct explain {
	bool has_color;
	unsigned columns; /* of the terminal; 0: stderr is not one */
};

/*
 * A call_log observer; `context` is a struct explain.  Prints the call, its
 * result, an option's value before and after, and what the call is for; in one
 * row, or in two or more where that is wider than the terminal.
 */
void explain_print(void *context, const struct call_record *record);

/*
 * Tells of the key of a private group: where it comes from, a file's name or
 * "ask", how many of its bits are random, and whether it gives the group's
 * address.
 */
void explain_print_key(const char *name, unsigned bits, bool gives_address);

#endif
