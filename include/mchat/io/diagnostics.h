/* SPDX-License-Identifier: ISC */
/*
 * What mchat says about itself, on stderr, as "mchat: what: why".  At a
 * terminal lines are wrapped between words (view/wrap.h), as wide as it is just
 * then; elsewhere each stays one line.
 */
#ifndef MCHAT_IO_DIAGNOSTICS_H
#define MCHAT_IO_DIAGNOSTICS_H

#include <stdbool.h>
#include <stdio.h>

/* What each line begins with. */
#define DIAGNOSTICS_PREFIX "mchat: "

struct call_log;

enum verbosity {
	VERBOSITY_QUIET,   /* errors */
	VERBOSITY_NORMAL,  /* also warnings */
	VERBOSITY_VERBOSE, /* also what goes well */
};

/* A value as an error message shows it: an empty one as '', to be seen. */
const char *diagnostics_quoted(const char *value);

/*
 * The stream of the terminal that commands are typed at: stderr, but where that
 * goes elsewhere stdout; NULL where both do.  Without such a terminal, stderr.
 */
FILE *diagnostics_terminal(void);

/* The answer to what was typed, always said: at the terminal where it was
 * typed, wherever stderr goes; format as printf. */
void diagnostics_answer(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/*
 * An answer in two columns: a label, padded to `width`, and a text, whose
 * further lines stay in its column; in a narrow window the text goes below.
 * Both must be safe to print.
 */
void diagnostics_answer_row(
	const char *label, unsigned width, const char *text);

/* The columns that an answer may have just now; 0: any number, since it goes to
 * no terminal. */
unsigned diagnostics_terminal_columns(void);

/* What was typed is refused: an answer, and an error. */
void diagnostics_refusal(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Errors are always said; format as printf, without prefix and newline. */
void diagnostics_error(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* The same below a line that was cut, which it ends first. */
void diagnostics_error_below(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Said unless quiet. */
void diagnostics_warning(enum verbosity verbosity, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Said when verbose. */
void diagnostics_detail(enum verbosity verbosity, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Says what failed, why (an errno), and the next step where one is known. */
void diagnostics_failure(const char *what, int error);

/* The same for the call that failed according to `log`; for `what` and `error`
 * when none did. */
void diagnostics_failed_call(
	const struct call_log *log, const char *what, int error);

#endif
