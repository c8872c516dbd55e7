/* SPDX-License-Identifier: ISC */
/* mchat lab: the experiments, listed or run live. */
#ifndef MCHAT_LAB_LAB_COMMAND_H
#define MCHAT_LAB_LAB_COMMAND_H

/*
 * Runs the command; argv[0] is its name.  Returns the exit status: 0 when what
 * each experiment is to show was observed, 1 when not, 2 for wrong usage.
 */
int lab_command_run(int argc, char *argv[]);

#endif
