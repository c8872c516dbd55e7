/* SPDX-License-Identifier: ISC */
/* Asking for a secret on the terminal that controls us, wherever the standard
 * streams go. */
#ifndef MCHAT_KEY_KEY_PROMPT_H
#define MCHAT_KEY_KEY_PROMPT_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Asks, and reads a line that the terminal does not show.  Its size without the
 * newline, at most `size`: the rest of a longer one is dropped; or -1 with
 * errno: ENXIO without such a terminal, EPIPE at the end of its input (Ctrl-D).
 */
ssize_t key_prompt_read(const char *question, char *out, size_t size);

/* Reads the first line of standard input; likewise, -1 with EPIPE when there is
 * none. */
ssize_t key_prompt_read_stdin(char *out, size_t size);

#endif
