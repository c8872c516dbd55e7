/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/report.h"

#include "mchat/base/buffer.h"
#include "mchat/doctor/diagnosis.h"
#include "mchat/doctor/evidence.h"
#include "mchat/view/json.h"
#include "mchat/view/wrap.h"

/* What the further lines of a finding begin with. */
#define INDENT 2

/* What a finding says, in a line. */
static void append_sentence(const struct finding *finding, struct buffer *out)
{
	buffer_append_format(out, "%s: ", severity_name(finding->severity));
	if (*finding->interface)
		buffer_append_format(out, "%s: ", finding->interface);
	if (*finding->member)
		buffer_append_format(out, "%s: ", finding->member);
	buffer_append_string(out, finding->text);
	if (*finding->mend)
		buffer_append_format(out, "; mend: %s", finding->mend);
	buffer_append_format(out, " [%s]", cause_id(finding->cause));
}

static void append_line(const struct report_style *style,
	const struct buffer *line, struct buffer *out)
{
	wrap_append(out, buffer_bytes(line), buffer_size(line), style->columns,
		INDENT);
	buffer_append_char(out, '\n');
	out->failed = out->failed || line->failed;
}

static void append_text(const struct report_style *style,
	const struct finding *finding, struct buffer *out)
{
	struct buffer line = BUFFER_EMPTY;

	append_sentence(finding, &line);
	append_line(style, &line, out);
	buffer_fini(&line);
}

static void append_or_null(
	struct json *json, const char *key, const char *value)
{
	if (*value)
		json_string(json, key, value);
	else
		json_null(json, key);
}

static void append_json(const struct finding *finding, struct buffer *out)
{
	struct json json;

	json_begin(&json, out);
	json_string(&json, "event", "finding");
	json_string(&json, "cause", cause_id(finding->cause));
	json_string(&json, "severity", severity_name(finding->severity));
	append_or_null(&json, "interface", finding->interface);
	append_or_null(&json, "member", finding->member);
	json_string(&json, "text", finding->text);
	append_or_null(&json, "mend", finding->mend);
	json_end(&json);
}

/* ---- the verdict ---- */

static void append_verdict_json(const struct evidence *evidence,
	const struct finding_list *findings, struct buffer *out)
{
	const struct finding *worst = finding_worst(findings);
	enum cause cause = diagnosis_verdict(evidence, findings);
	struct json json;

	json_begin(&json, out);
	json_string(&json, "event", "verdict");
	json_string(&json, "cause", cause_id(cause));
	append_or_null(&json, "interface", worst ? worst->interface : "");
	append_or_null(&json, "member", worst ? worst->member : "");
	json_number(&json, "others", (int64_t)evidence->others);
	json_string(&json, "text", cause_meaning(cause));
	append_or_null(&json, "mend", worst ? worst->mend : "");
	json_end(&json);
}

static void append_verdict_text(const struct report_style *style,
	const struct evidence *evidence, const struct finding_list *findings,
	struct buffer *out)
{
	const struct finding *worst = finding_worst(findings);
	enum cause cause = diagnosis_verdict(evidence, findings);
	struct buffer line = BUFFER_EMPTY;

	buffer_append_format(&line, "verdict: %s: ", cause_id(cause));
	if (worst && *worst->interface)
		buffer_append_format(&line, "%s: ", worst->interface);
	buffer_append_string(&line, cause_meaning(cause));
	if (cause == CAUSE_OK)
		buffer_append_format(&line, "; %u other%s heard",
			evidence->others, evidence->others == 1 ? "" : "s");
	append_line(style, &line, out);
	buffer_fini(&line);
}

bool report_append(const struct report_style *style,
	const struct evidence *evidence, const struct finding_list *findings,
	struct buffer *out)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *it = &findings->items[i];

		if (style->format == VIEW_JSON)
			append_json(it, out);
		else if (style->is_verbose || it->severity != SEVERITY_NOTE ||
			 it->cause == CAUSE_ALONE ||
			 it->cause == CAUSE_NOT_VISIBLE)
			append_text(style, it, out);
	}
	if (style->format == VIEW_JSON)
		append_verdict_json(evidence, findings, out);
	else
		append_verdict_text(style, evidence, findings, out);
	return finding_worst(findings) != NULL;
}
