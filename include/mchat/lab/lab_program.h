/* SPDX-License-Identifier: ISC */
/*
 * The programs of `mchat lab EXPERIMENT --code`: each does what the experiment
 * does, without mchat.  They stand in src/lab/code, and scripts/embed makes the
 * table of them when mchat is built.
 */
#ifndef MCHAT_LAB_LAB_PROGRAM_H
#define MCHAT_LAB_LAB_PROGRAM_H

#include <stdbool.h>

#include "mchat/view/view.h"

struct lab_program {
	const char *experiment; /* NULL in the last row */
	const char *text;       /* of the whole file */
};

extern const struct lab_program lab_programs[];

/*
 * Prints the program of an experiment on stdout, as it is or as a JSON object.
 * Returns whether there is one.
 */
bool lab_program_print(const char *experiment, enum view_format format);

#endif
