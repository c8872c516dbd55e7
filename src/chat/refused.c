/* SPDX-License-Identifier: ISC */
#include "mchat/chat/refused.h"

#include <stdio.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/notice.h"

void refused_add(struct refused *refused, const char *name,
	const struct call_log *log, int error)
{
	if (error == refused->error && refused->count < GROUP_INTERFACES_MAX) {
		snprintf(refused->names[refused->count++], INTERFACE_NAME_SIZE,
			"%s", name);
		return;
	}
	refused_tell(refused);
	notice_failed_call(log, "join", error);
	refused->error = error;
}

void refused_tell(struct refused *refused)
{
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; i < refused->count; i++)
		buffer_append_format(
			&names, "%s%s", i > 0 ? ", " : "", refused->names[i]);
	buffer_append_char(&names, '\0');
	if (refused->count > 0)
		notice_error("nor on %zu more: %s", refused->count,
			buffer_bytes(&names));
	buffer_fini(&names);
	*refused = (struct refused){0};
}
