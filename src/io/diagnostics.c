/* SPDX-License-Identifier: ISC */
#include "mchat/io/diagnostics.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/network/call.h"
#include "mchat/view/safe.h"

const char *diagnostics_quoted(const char *value)
{
	return *value ? value : "''";
}

/* Prints the line in one write, so that lines of several processes do not mix;
 * what it quotes came from anywhere, so it is made safe. */
static void print(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

static void print(const char *format, va_list arguments)
{
	struct buffer line = BUFFER_EMPTY;
	struct buffer text = BUFFER_EMPTY;

	buffer_append_vformat(&text, format, arguments);
	buffer_append_string(&line, "mchat: ");
	safe_append_text(&line, buffer_bytes(&text), buffer_size(&text));
	buffer_append_char(&line, '\n');
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
	buffer_fini(&text);
}

void diagnostics_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void diagnostics_answer(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void diagnostics_warning(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < VERBOSITY_NORMAL)
		return;
	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void diagnostics_detail(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < VERBOSITY_VERBOSE)
		return;
	va_start(arguments, format);
	print(format, arguments);
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
