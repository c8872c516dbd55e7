/* SPDX-License-Identifier: ISC */
/*
 * A text editor of the user's choice for the line being typed: $VISUAL, else
 * $EDITOR, else vi, on a temporary file.  No shell reads the command: blanks
 * separate its words, and the file is the last.
 */
#ifndef MCHAT_TERMINAL_EXTERNAL_EDITOR_H
#define MCHAT_TERMINAL_EXTERNAL_EDITOR_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The longest path of the temporary file; one in a deeper TMPDIR is made in
 * /tmp. */
#define EXTERNAL_EDITOR_PATH_SIZE 256

struct external_editor {
	pid_t pid;                            /* 0: none runs */
	char path[EXTERNAL_EDITOR_PATH_SIZE]; /* its file */
	struct sigaction quit;                /* of SIGQUIT, as it was before */
};

enum external_editor_result {
	EXTERNAL_EDITOR_RUNS,
	EXTERNAL_EDITOR_DONE,
	EXTERNAL_EDITOR_NOT_RUN,  /* the command cannot be executed */
	EXTERNAL_EDITOR_FAILED,   /* it ended otherwise than with 0 */
	EXTERNAL_EDITOR_TOO_LONG, /* the text is longer than the room for it */
	EXTERNAL_EDITOR_LOST,     /* the file could not be read: errno */
};

/*
 * Starts the editor at the terminal of standard input and output, which must be
 * as the shell left it, on a file of mode 0600 with the text and a newline.
 * Returns -1 with errno.  While it runs SIGQUIT is ignored, for a key of that
 * terminal would end us, too.
 */
int external_editor_start(
	struct external_editor *external, const char *text, size_t size);

static inline bool external_editor_is_running(
	const struct external_editor *external)
{
	return external->pid != 0;
}

/*
 * Looks, without waiting, whether the editor has ended.  EXTERNAL_EDITOR_DONE
 * gives the text, without newlines at its end, in `text`, which has room for
 * `room` bytes, and its size in *size.  In all cases but EXTERNAL_EDITOR_RUNS
 * the file is gone.
 */
enum external_editor_result external_editor_poll(
	struct external_editor *external, char *text, size_t room,
	size_t *size);

/* Ends one that runs, and removes the file. */
void external_editor_stop(struct external_editor *external);

/* The command that is started, for messages. */
const char *external_editor_command(void);

#endif
