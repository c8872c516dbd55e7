/* SPDX-License-Identifier: ISC */
/* mchat doctor: why multicast does not work here. */
#ifndef MCHAT_DOCTOR_DOCTOR_COMMAND_H
#define MCHAT_DOCTOR_DOCTOR_COMMAND_H

/* Runs it with the words behind "mchat"; gives the exit status: 0 when nothing
 * is wrong, 1 when something is or it could not look, 2 for wrong usage. */
int doctor_command_run(int argc, char *argv[]);

#endif
