/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/notification.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"

/* The text is never first: to ConEmu and Windows Terminal a digit and ';' there
 * is a command. */
#define OSC_9   "\033]9;mchat: "
#define OSC_777 "\033]777;notify;mchat;"
#define OSC_END "\a"

/* Others that take OSC 777 take OSC 9, too. */
static bool takes_777(void)
{
	const char *term = getenv("TERM");

	return getenv("VTE_VERSION") || getenv("KONSOLE_VERSION") ||
	       (term && (strncmp(term, "rxvt", strlen("rxvt")) == 0 ||
				strncmp(term, "foot", strlen("foot")) == 0));
}

static bool is_control(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

/* To OSC 777 a ';' ends a part. */
static void append_text(
	struct buffer *out, const char *text, size_t size, bool keeps_semicolon)
{
	for (size_t at = 0; at < size;) {
		uint32_t code_point;
		size_t length = utf8_decode(text + at, size - at, &code_point);

		if (code_point == UTF8_INVALID || is_control(code_point))
			buffer_append_char(out, '?');
		else if (code_point == ';' && !keeps_semicolon)
			buffer_append_char(out, ',');
		else
			buffer_append(out, text + at, length);
		at += length;
	}
}

void notification_append(struct buffer *out, const char *text, size_t size)
{
	bool is_777 = takes_777();

	buffer_append_string(out, is_777 ? OSC_777 : OSC_9);
	append_text(out, text, utf8_prefix(text, size, NOTIFICATION_TEXT_MAX),
		!is_777);
	buffer_append_string(out, OSC_END);
}
