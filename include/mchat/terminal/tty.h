/* SPDX-License-Identifier: ISC */
/* The terminal's own settings: changed for the chat, put back after it. */
#ifndef MCHAT_TERMINAL_TTY_H
#define MCHAT_TERMINAL_TTY_H

#include <stdbool.h>

struct tty {
	int fd;
	bool is_changed; /* the setting is not as it was found */
};

/*
 * Where `fd` is a terminal with us in its foreground, has it take UTF-8 for
 * what it is (IUTF8), so that one backspace erases one Hangul syllable instead
 * of a third of it.  Else it does nothing.
 */
void tty_open(struct tty *tty, int fd);

/* Puts back what tty_open changed; harmless to repeat. */
void tty_restore(struct tty *tty);

#endif
