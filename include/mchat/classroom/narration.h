/* SPDX-License-Identifier: ISC */
/* --explain: each socket call as a line on stderr, for people who learn. */
#ifndef MCHAT_CLASSROOM_NARRATION_H
#define MCHAT_CLASSROOM_NARRATION_H

#include <stdbool.h>

struct call_record;

struct narration {
	bool has_color;
	unsigned columns; /* of the terminal; 0: it is none */
};

/*
 * A call_log observer; `context` is a struct narration.  Prints the call, its
 * result, an option's value before and after, and what the call is for; in one
 * row, or in two or more where that is wider than the terminal.
 */
void narration_print(void *context, const struct call_record *record);

#endif
