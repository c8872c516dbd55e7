/* SPDX-License-Identifier: ISC */
#include "mchat/chat/notice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mchat/network/call.h"

/* One line in one write, so that lines of several processes do not mix. */
__attribute__((format(printf, 1, 0))) static void say(
	const char *format, va_list arguments)
{
	char line[1024];
	int prefix = snprintf(line, sizeof(line), "mchat: ");
	int size = vsnprintf(line + prefix, sizeof(line) - (size_t)prefix - 1,
		format, arguments);

	if (size < 0)
		return;
	fprintf(stderr, "%s\n", line);
}

void notice_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void notice_warning(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < NOTICE_NORMAL)
		return;
	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void notice_detail(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < NOTICE_VERBOSE)
		return;
	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void notice_failure(const char *what, int error)
{
	const char *advice = call_advice(what, error);

	notice_error("%s: %s%s%s", what, strerror(error), advice ? "; " : "",
		advice ? advice : "");
}

void notice_failed_call(const struct call_log *log)
{
	notice_failure(log->failed, log->error);
}
