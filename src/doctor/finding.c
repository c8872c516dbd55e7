/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *severity_name(enum severity severity)
{
	switch (severity) {
	case SEVERITY_NOTE:
		return "note";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_FAULT:
		return "fault";
	}
	return "";
}

struct finding *finding_add(struct finding_list *list, enum cause cause,
	enum severity severity, const char *interface)
{
	struct finding *it;

	if (list->count == FINDINGS_MAX)
		list->count--;
	it = &list->items[list->count++];
	*it = (struct finding){.cause = cause, .severity = severity};
	if (interface)
		snprintf(it->interface, sizeof(it->interface), "%s", interface);
	return it;
}

void finding_say(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
	va_end(arguments);
}

void finding_say_more(struct finding *finding, const char *format, ...)
{
	size_t used = strlen(finding->text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->text + used, sizeof(finding->text) - used, format,
		arguments);
	va_end(arguments);
}

void finding_mend(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->mend, sizeof(finding->mend), format, arguments);
	va_end(arguments);
}

static bool is_worse(const struct finding *a, const struct finding *b)
{
	return a->severity > b->severity ||
	       (a->severity == b->severity && a->cause < b->cause);
}

const struct finding *finding_worst(const struct finding_list *list)
{
	const struct finding *worst = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct finding *it = &list->items[i];

		if (it->severity != SEVERITY_NOTE &&
			(!worst || is_worse(it, worst)))
			worst = it;
	}
	return worst;
}
