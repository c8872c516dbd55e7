/* SPDX-License-Identifier: ISC */
/*
 * The terminal's own settings: changed for the chat, put back after it,
 * whichever way it ends.
 *
 * While a line is edited the terminal sends every key as it is, Ctrl-C and
 * Ctrl-Z, too (ISIG is off): the editor decides what they mean.  Output is
 * as ever, so that a newline still begins a line.
 *
 * Of the signals the caller takes note itself, and then calls
 *
 *   SIGWINCH           tty_columns, for editor_resize
 *   SIGCONT            tty_edit again: a shell may have put its own settings
 *                      back while we were stopped
 *   SIGTSTP            tty_suspend, as for EDITOR_SUSPEND
 *   SIGTERM, SIGHUP    tty_restore, and ends
 */
#ifndef MCHAT_TERMINAL_TTY_H
#define MCHAT_TERMINAL_TTY_H

#include <stdbool.h>

struct tty {
	int fd;
	bool is_changed; /* the setting is not as it was found */
	bool is_editing; /* the settings are those of an editor */
};

/*
 * Where `fd` is a terminal with us in its foreground, has it take UTF-8 for
 * what it is (IUTF8), so that one backspace erases one Hangul syllable instead
 * of a third of it.  Else it does nothing.
 */
void tty_open(struct tty *tty, int fd);

/*
 * Has the terminal of tty_open send each key at once, without echo, and say
 * where a paste begins and ends (bracketed paste, xterm's mode 2004).  To
 * repeat it sets the same again.  -1 with errno where it is none, ENOTTY, or
 * where we are not in its foreground, EAGAIN.
 *
 * One terminal at a time.  From the first call on, a signal that tells of a
 * fault or asks for a core (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT)
 * puts the settings back before it does what it did before.
 */
int tty_edit(struct tty *tty);

/* Puts back what tty_open and tty_edit changed; harmless to repeat. */
void tty_restore(struct tty *tty);

/*
 * Puts the settings back, stops all of the job as Ctrl-Z does (SIGTSTP), and
 * once it goes on sets what tty_edit set.  The line should be hidden before,
 * and shown after.
 */
void tty_suspend(struct tty *tty);

/* The columns of the window that `fd` is; 0: it is none, or they are not known.
 */
unsigned tty_window_columns(int fd);

/* The columns of the window; 80 where they are not known. */
unsigned tty_columns(const struct tty *tty);

/*
 * Whether the terminal is known, by the environment, to reflow: to go on in the
 * next row with what a narrower window has no room for.  Many do, but not
 * xterm, the console of Linux and screen(1); none says so when asked.
 */
bool tty_reflows(void);

#endif
