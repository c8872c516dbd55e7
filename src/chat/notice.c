/* SPDX-License-Identifier: ISC */
#include "mchat/chat/notice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/network/call.h"
#include "mchat/view/safe.h"

/* One line in one write, so that lines of several processes do not mix; what
 * it quotes came from anywhere, so it is made safe. */
__attribute__((format(printf, 1, 0))) static void say(
	const char *format, va_list arguments)
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

const char *notice_quoted(const char *value)
{
	return *value ? value : "''";
}

void notice_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void notice_answer(const char *format, ...)
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

void notice_failed_call(const struct call_log *log, const char *what, int error)
{
	if (log->failed[0] != '\0')
		notice_failure(log->failed, log->error);
	else
		notice_failure(what, error);
}
