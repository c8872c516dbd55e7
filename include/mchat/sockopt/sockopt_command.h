/* SPDX-License-Identifier: ISC */
/* mchat sockopt: show and change socket options. */
#ifndef MCHAT_SOCKOPT_SOCKOPT_COMMAND_H
#define MCHAT_SOCKOPT_SOCKOPT_COMMAND_H

/*
 * Runs the command; argv[0] is its name.  Returns the exit status: 0 when all
 * was done, 1 when the kernel refused something, 2 for wrong usage.
 */
int sockopt_command_run(int argc, char *argv[]);

#endif
