/* SPDX-License-Identifier: ISC */
#include "mchat/lab/lab_program.h"

#include <stdio.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/view/json.h"

static const char *find_text(const char *experiment)
{
	for (const struct lab_program *it = lab_programs; it->experiment;
		it++) {
		if (strcmp(it->experiment, experiment) == 0)
			return it->text;
	}
	return NULL;
}

bool lab_program_print(const char *experiment, enum view_format format)
{
	const char *text = find_text(experiment);
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	if (!text)
		return false;
	if (format == VIEW_TEXT) {
		fputs(text, stdout);
		return true;
	}
	json_begin(&json, &out);
	json_string(&json, "event", "code");
	json_string(&json, "experiment", experiment);
	json_string(&json, "text", text);
	json_end(&json);
	fwrite(buffer_bytes(&out), 1, buffer_size(&out), stdout);
	buffer_fini(&out);
	return true;
}
