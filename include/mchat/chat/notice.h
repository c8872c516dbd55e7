/* SPDX-License-Identifier: ISC */
/* What mchat says about itself, on stderr, as "mchat: what: why". */
#ifndef MCHAT_CHAT_NOTICE_H
#define MCHAT_CHAT_NOTICE_H

#include <stdbool.h>

struct call_log;

enum verbosity {
	NOTICE_QUIET,   /* errors */
	NOTICE_NORMAL,  /* and warnings */
	NOTICE_VERBOSE, /* and what goes well */
};

/* A value as an error shows it: an empty one as '' so that it is seen. */
const char *notice_quoted(const char *value);

/* The answer to a question, always said; format as printf. */
void notice_answer(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Errors are always said; format as printf, without prefix and newline. */
void notice_error(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Said unless quiet. */
void notice_warning(enum verbosity verbosity, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Said when verbose. */
void notice_detail(enum verbosity verbosity, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Says what failed, why (an errno), and the next step where one is known. */
void notice_failure(const char *what, int error);

/* The same for the failed call in `log`, or else for `what` and `error`. */
void notice_failed_call(
	const struct call_log *log, const char *what, int error);

#endif
