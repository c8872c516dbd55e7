/* SPDX-License-Identifier: ISC */
#include "mchat/chat/notice.h"

#include <stdarg.h>
#include <string.h>

#include "mchat/network/call.h"
#include "mchat/view/say.h"

const char *notice_quoted(const char *value)
{
	return say_quoted(value);
}

void notice_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_verror(format, arguments);
	va_end(arguments);
}

void notice_answer(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_verror(format, arguments);
	va_end(arguments);
}

void notice_warning(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < NOTICE_NORMAL)
		return;
	va_start(arguments, format);
	say_verror(format, arguments);
	va_end(arguments);
}

void notice_detail(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < NOTICE_VERBOSE)
		return;
	va_start(arguments, format);
	say_verror(format, arguments);
	va_end(arguments);
}

void notice_failure(const char *what, int error)
{
	const char *advice = call_advice(what, error);

	notice_error("%s: %s%s%s", what, strerror(error), advice ? "; " : "",
		advice ? advice : "");
}

void notice_failed_call(const struct call_log *log, const char *what, int error)
{
	if (log->failed[0] != '\0')
		notice_failure(log->failed, log->error);
	else
		notice_failure(what, error);
}
