/* SPDX-License-Identifier: ISC */
/* Text in lines that fit a terminal. */
#ifndef MCHAT_COMMANDS_WRAP_H
#define MCHAT_COMMANDS_WRAP_H

struct buffer;

/*
 * Appends `text` and a newline, broken at spaces into lines of 78 columns that
 * begin with `indent` spaces; in the first one `mark`, at most as wide, stands
 * in their place.  The text, which may quote anything, is made safe to print.
 */
void wrap_append(
	struct buffer *out, const char *mark, int indent, const char *text);

#endif
