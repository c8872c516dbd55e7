/* SPDX-License-Identifier: ISC */
#include "mchat/view/say.h"

#include <stdio.h>

#include "mchat/base/buffer.h"
#include "mchat/view/safe.h"

void say_verror(const char *format, va_list arguments)
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

void say_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_verror(format, arguments);
	va_end(arguments);
}

const char *say_quoted(const char *value)
{
	return *value ? value : "''";
}
