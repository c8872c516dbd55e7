/* SPDX-License-Identifier: ISC */
#include "mchat/io/diagnostics.h"

#include <stdarg.h>
#include <string.h>

#include "mchat/network/call.h"
#include "mchat/view/say.h"

const char *diagnostics_quoted(const char *value)
{
	return say_quoted(value);
}

void diagnostics_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_verror(format, arguments);
	va_end(arguments);
}

void diagnostics_answer(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_verror(format, arguments);
	va_end(arguments);
}

void diagnostics_warning(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < VERBOSITY_NORMAL)
		return;
	va_start(arguments, format);
	say_verror(format, arguments);
	va_end(arguments);
}

void diagnostics_detail(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < VERBOSITY_VERBOSE)
		return;
	va_start(arguments, format);
	say_verror(format, arguments);
	va_end(arguments);
}

void diagnostics_failure(const char *what, int error)
{
	const char *advice = call_advice(what, error);

	diagnostics_error("%s: %s%s%s", what, strerror(error),
		advice ? "; " : "", advice ? advice : "");
}

void diagnostics_failed_call(
	const struct call_log *log, const char *what, int error)
{
	if (log->failed[0] != '\0')
		diagnostics_failure(log->failed, log->error);
	else
		diagnostics_failure(what, error);
}
