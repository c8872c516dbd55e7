/* SPDX-License-Identifier: ISC */
/*
 * The terminal's settings: changed for the chat and restored after it, however
 * it ends.
 *
 * While a line is edited the terminal passes on every key, Ctrl-C and Ctrl-Z
 * included (ISIG is off): the editor decides what they mean.  Output processing
 * stays on, so that a newline still begins a line.
 *
 * The caller catches these signals itself, and then calls
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
	bool is_changed;  /* IUTF8 was off, and tty_open turned it on */
	bool is_switched; /* to UTF-8, by tty_open */
	bool is_editing;  /* tty_edit, or tty_hide, is in force */
	bool tells_focus; /* it then has to, see tty_follow_focus */
};

/*
 * Where `fd` is a terminal with this process in its foreground, or one that
 * does not control it and so has no background, tells its line discipline that
 * the input is UTF-8 (IUTF8), so that one backspace erases a Hangul syllable
 * instead of a third of one, and switches a terminal that is known not to take
 * UTF-8 to that (charset.h).  Otherwise it does nothing.
 */
void tty_open(struct tty *tty, int fd);

/*
 * Has the terminal of tty_open pass on each key at once, without echo, and mark
 * where a paste begins and ends (bracketed paste, xterm's mode 2004); one that
 * does not take UTF-8 is switched to that (charset.h).  Calling
 * it again applies the same settings again.  Returns -1 with errno: ENOTTY when
 * it is not a terminal, EAGAIN when this process is not in its foreground.
 *
 * One terminal at a time.  From the first call on, a signal that ends the
 * process (all do but those that are ignored, or that somebody takes) restores
 * the settings before it does what it did before.
 */
int tty_edit(struct tty *tty);

/*
 * In place of tty_edit: has the terminal give whole lines, and not show what is
 * typed.  Ctrl-C still ends the process, and signals restore the settings as
 * there; Ctrl-Z does nothing.  What was typed before, or is left over in the
 * end, is discarded.
 */
int tty_hide(struct tty *tty);

/* Behind tty_open and before tty_edit: has the terminal then also tell when it
 * gets and loses the focus (xterm's mode 1004). */
void tty_follow_focus(struct tty *tty);

/* Whether the terminal is still set as tty_edit did; others may change it. */
bool tty_is_edited(const struct tty *tty);

/* Restores what tty_open and tty_edit changed; harmless to repeat. */
void tty_restore(struct tty *tty);

/*
 * Restores the settings, stops the whole job as Ctrl-Z does (SIGTSTP), and once
 * it is continued applies those of tty_edit again.  Hide the line before, and
 * show it after.
 */
void tty_suspend(struct tty *tty);

/* Whether some terminal controls us: when it hangs up, SIGHUP says so. */
bool tty_controls_us(void);

/* The columns of the terminal at `fd`; 0 when it is not a terminal, or does not
 * know. */
unsigned tty_window_columns(int fd);

/* The columns of the window; 80 where they are not known. */
unsigned tty_columns(const struct tty *tty);

#endif
