/* SPDX-License-Identifier: ISC */
#include "mchat/classroom/narration.h"

#include <stdio.h>
#include <string.h>

#include "mchat/network/call.h"

/* The call and its result take this many columns, so that reasons align. */
#define CALL_COLUMNS 64

void narration_print(void *context, const struct call_record *record)
{
	char call[CALL_TEXT_SIZE + 64];
	char values[2 * CALL_TEXT_SIZE] = "";

	(void)context;
	if (record->error)
		snprintf(call, sizeof(call), "%s = -1 %s", record->text,
			strerror(record->error));
	else
		snprintf(call, sizeof(call), "%s = %d", record->text,
			record->result);
	if (record->before && record->after)
		snprintf(values, sizeof(values),
			"was %s, is %s: ", record->before, record->after);
	fprintf(stderr, "explain: %-*s  %s%s\n", CALL_COLUMNS, call, values,
		record->why);
}
