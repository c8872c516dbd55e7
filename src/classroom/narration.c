/* SPDX-License-Identifier: ISC */
#include "mchat/classroom/narration.h"

#include <stdio.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/network/call.h"
#include "mchat/view/safe.h"

/* The call and its result take this many columns, so that reasons align. */
#define CALL_COLUMNS 64

void narration_append_purpose(
	struct buffer *out, const struct call_record *record)
{
	if (record->before && record->after)
		buffer_append_format(
			out, "was %s, is %s: ", record->before, record->after);
	buffer_append_string(out, record->why);
}

void narration_print(void *context, const struct call_record *record)
{
	struct buffer text = BUFFER_EMPTY;
	struct buffer line = BUFFER_EMPTY;

	(void)context;
	if (record->error)
		buffer_append_format(&text, "%s = -1 %s", record->text,
			strerror(record->error));
	else
		buffer_append_format(
			&text, "%s = %d", record->text, record->result);
	while (buffer_size(&text) < CALL_COLUMNS)
		buffer_append_char(&text, ' ');
	buffer_append_string(&text, "  ");
	narration_append_purpose(&text, record);

	/* The name of an interface may hold anything. */
	buffer_append_string(&line, "explain: ");
	safe_append_text(&line, buffer_bytes(&text), buffer_size(&text));
	buffer_append_char(&line, '\n');
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
	buffer_fini(&text);
}
