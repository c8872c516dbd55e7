/* SPDX-License-Identifier: ISC */
/*
 * A notification of the desktop that the terminal is asked to show, by one of
 * two sequences: ESC ] 9 ; TEXT BEL (iTerm2 and many others), and
 * ESC ] 777 ; notify ; TITLE ; BODY BEL (rxvt-unicode, VTE, foot, Konsole).  A
 * terminal that knows neither ignores both.
 */
#ifndef MCHAT_TERMINAL_NOTIFICATION_H
#define MCHAT_TERMINAL_NOTIFICATION_H

#include <stddef.h>

struct buffer;

/* Bytes of the text at most: a notification shows two or three rows of it, and
 * terminals bound their sequences. */
#define NOTIFICATION_TEXT_MAX 240

/*
 * Appends the sequence that this terminal, by what the environment says of it,
 * is most likely to know.  The text may be any bytes: what is no valid UTF-8,
 * or a control character, which could end the sequence, becomes a question
 * mark, and what is too long is cut between characters.
 */
void notification_append(struct buffer *out, const char *text, size_t size);

#endif
