/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/join_errors.h"

#include <stdio.h>

#include "mchat/base/buffer.h"
#include "mchat/io/diagnostics.h"

void join_errors_add(struct join_errors *errors, const char *name,
	const struct call_log *log, int error)
{
	if (error == errors->error && errors->count < GROUP_INTERFACES_MAX) {
		snprintf(errors->names[errors->count++], INTERFACE_NAME_SIZE,
			"%s", name);
		return;
	}
	join_errors_tell(errors);
	diagnostics_failed_call(log, "join", error);
	errors->error = error;
}

void join_errors_tell(struct join_errors *errors)
{
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; i < errors->count; i++)
		buffer_append_format(
			&names, "%s%s", i > 0 ? ", " : "", errors->names[i]);
	buffer_append_char(&names, '\0');
	if (errors->count > 0)
		diagnostics_error("also failed on %zu more: %s", errors->count,
			buffer_bytes(&names));
	buffer_fini(&names);
	*errors = (struct join_errors){0};
}
