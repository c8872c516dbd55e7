/* SPDX-License-Identifier: ISC */
/*
 * Runs a command and counts how often it woke up: writes the number of its
 * voluntary context switches to FILE.  Unlike strace this slows nothing down.
 *
 *   wakes FILE COMMAND [ARGUMENT]...
 *
 * The exit status is the command's, 1 when it could not be run or a signal
 * ended it.
 */
#define _GNU_SOURCE /* wait4 */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	struct rusage usage;
	int status;
	FILE *out;
	pid_t child;

	if (argc < 3)
		return 2;
	child = fork();
	if (child < 0)
		return 1;
	if (child == 0) {
		/* Whoever kills us means the command. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (wait4(child, &status, 0, &usage) != child)
		return 1;
	out = fopen(argv[1], "w");
	if (!out || fprintf(out, "%ld\n", usage.ru_nvcsw) < 0 ||
		fclose(out) != 0)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
