/* SPDX-License-Identifier: ISC */
#include "mchat/chat/delivery_report.h"

#include "mchat/io/diagnostics.h"

/* What is to be done about it. */
static const char *const steps[] = {
	[DELIVERY_REPORT_SILENT] =
		"look whether it still runs, and what its stderr says",
	[DELIVERY_REPORT_LEFT] = "its stderr may say why it left",
	[DELIVERY_REPORT_DEAF] = "mchat --trace there shows what comes in",
	[DELIVERY_REPORT_SMALL] =
		"look for a smaller MTU on the way, where they are dropped",
	[DELIVERY_REPORT_BEHIND] =
		"a larger -T waits longer, and --trace shows what is lost",
	[DELIVERY_REPORT_HURRIED] =
		"the wait for it was cut short; left alone, it ends after -T",
	[DELIVERY_REPORT_SKIPPED] = "its stderr says how many it lost",
};

static void append_why(struct delivery_report *report,
	const struct delivery_report_entry *entry)
{
	struct buffer *out = &report->text;
	struct duration silence = instant_until(entry->heard_at, report->now);

	switch (entry->why) {
	case DELIVERY_REPORT_SILENT:
		buffer_append_format(out, "silent for %jd s",
			(intmax_t)(silence.ns / NS_PER_S));
		break;
	case DELIVERY_REPORT_LEFT:
		buffer_append_string(out, "has left");
		break;
	case DELIVERY_REPORT_DEAF:
		buffer_append_string(out, "never heard us");
		break;
	case DELIVERY_REPORT_SMALL:
		buffer_append_string(out, "does not get large packets");
		break;
	case DELIVERY_REPORT_BEHIND:
	case DELIVERY_REPORT_HURRIED:
		buffer_append_format(out, "heard %jd.%jd s ago",
			(intmax_t)(silence.ns / NS_PER_S),
			(intmax_t)(silence.ns % NS_PER_S / (NS_PER_S / 10)));
		break;
	case DELIVERY_REPORT_SKIPPED:
		buffer_append_string(out, "gave up waiting");
		break;
	}
}

static void append_lines(struct buffer *out,
	const struct delivery_report_entry *entry, uint64_t said)
{
	uint64_t from = entry->lacks_from;

	if (entry->why == DELIVERY_REPORT_SKIPPED)
		buffer_append_format(
			out, ", lost lines from %ju on", (uintmax_t)from);
	else if (from == said)
		buffer_append_format(out, ", lacks line %ju", (uintmax_t)said);
	else
		buffer_append_format(out, ", lacks lines %ju to %ju",
			(uintmax_t)from, (uintmax_t)said);
}

/* As "kim (heard 0.2 s ago, lacks lines 3 to 5)". */
void delivery_report_add(struct delivery_report *report,
	const struct delivery_report_entry *entry)
{
	struct buffer *out = &report->text;

	if (report->names.count == 0)
		report->first = entry->why;
	report->names.max = DELIVERY_REPORT_MAX;
	if (!name_list_add(&report->names, &entry->name, out))
		return;
	buffer_append(out, " (", 2);
	append_why(report, entry);
	append_lines(out, entry, report->said);
	buffer_append_char(out, ')');
}

void delivery_report_say(struct delivery_report *report, const char *before)
{
	struct buffer *text = &report->text;

	if (report->names.named > 0)
		name_list_end(&report->names, text);
	else
		buffer_append_format(text, "%zu who left", report->names.count);
	buffer_append_char(text, '\0');
	if (report->names.count > 0)
		diagnostics_error("%snot confirmed by %s; %s", before,
			buffer_bytes(text), steps[report->first]);
	buffer_fini(text);
}
