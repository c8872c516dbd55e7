/* SPDX-License-Identifier: ISC */
/*
 * One line on stderr, "mchat: what: why", in one write, so that lines of
 * several processes do not mix.  What it quotes came from anywhere, so it is
 * made safe.  Formats are printf's, without prefix and newline.
 */
#ifndef MCHAT_VIEW_SAY_H
#define MCHAT_VIEW_SAY_H

#include <stdarg.h>

void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

void say_verror(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

/* A value as an error shows it: an empty one as '' so that it is seen. */
const char *say_quoted(const char *value);

#endif
