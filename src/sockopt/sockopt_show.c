/* SPDX-License-Identifier: ISC */
#include "mchat/sockopt/sockopt_show.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mchat/base/buffer.h"
#include "mchat/view/wrap.h"
#include "mchat/network/error.h"
#include "mchat/network/sockopt_parse.h"
#include "mchat/network/sysctl.h"
#include "mchat/sockopt/option_notes.h"
#include "mchat/view/json.h"
#include "mchat/view/safe.h"

/* Columns of a value in the table; what is longer is cut. */
#define VALUE_COLUMNS 14

/* Columns before the text, in depth. */
#define LABEL_COLUMNS 12

/* Room for a sysctl: a list of congestion controls is the longest. */
#define SYSCTL_SIZE 256

/* A terminal has a table when it has the columns of one, with the longest
 * summary. */
#define TABLE_COLUMNS 160

/* Below this, further rows begin where those of a list do. */
#define NARROW_COLUMNS 60

/* What a row has in place of columns is indented so, but for the name. */
#define INDENT 4

#define ROW "%-12s  %-25s %5s  %-16s %-*s %-*s %-6s  %s\n"

static void append_row(struct buffer *out, const char *const columns[8])
{
	buffer_append_format(out, ROW, columns[0], columns[1], columns[2],
		columns[3], VALUE_COLUMNS, columns[4], VALUE_COLUMNS,
		columns[5], columns[6], columns[7]);
}

static bool has_table(const struct sockopt_style *style)
{
	return style->columns == 0 || style->columns >= TABLE_COLUMNS;
}

void sockopt_show_head(const struct sockopt_style *style, struct buffer *out)
{
	static const char *const head[] = {"LEVEL", "NAME", "NO", "TYPE", "UDP",
		"TCP", "ACCESS", "WHAT IT DOES"};

	if (style->format == VIEW_TEXT && has_table(style))
		append_row(out, head);
}

static const char *access_of(const struct sockopt *option)
{
	return !option->can_get ? "set" : option->can_set ? "both" : "get";
}

/* A value, the name of the error that reading it gave, or "-". */
static const char *reading_text(const struct sockopt_reading *reading,
	const struct sockopt *option, char out[SOCKOPT_TEXT_SIZE])
{
	if (!reading->is_asked || !option->can_get)
		return "-";
	if (reading->error)
		return error_name(reading->error);
	return sockopt_value_format(&reading->value, out);
}

static void cut(const char *text, char out[VALUE_COLUMNS])
{
	size_t size = strlen(text);

	if (size < VALUE_COLUMNS)
		memcpy(out, text, size + 1);
	else
		snprintf(
			out, VALUE_COLUMNS, "%.*s...", VALUE_COLUMNS - 4, text);
}

/* ---- JSON ---- */

/* 64-bit values are strings, since many readers of JSON keep 53 bits of a
 * number. */
static void add_value(
	struct json *json, const char *key, const struct sockopt_value *value)
{
	char text[SOCKOPT_TEXT_SIZE];

	switch (value->type) {
	case SOCKOPT_FLAG:
	case SOCKOPT_INTEGER:
	case SOCKOPT_INDEX:
		json_number(json, key, value->number);
		break;
	default:
		sockopt_value_format(value, text);
		json_name(json, key, text, strlen(text));
		break;
	}
}

/* The name of a kind as a key: "udp". */
static const char *key_of(enum probe_kind kind)
{
	return kind == PROBE_UDP ? "udp" : "tcp";
}

static const char *error_key_of(enum probe_kind kind)
{
	return kind == PROBE_UDP ? "udp_error" : "tcp_error";
}

static void add_notes(struct json *json, enum sockopt_id id)
{
	const struct option_notes *notes = option_notes_find(id);

	if (notes && notes->remark)
		json_string(json, "remark", notes->remark);
	if (notes && notes->experiment)
		json_string(json, "experiment", notes->experiment);
}

static void append_object(enum sockopt_id id,
	const struct sockopt_reading readings[PROBE_KINDS], struct buffer *out)
{
	const struct sockopt *option = sockopt_info(id);
	struct json json;

	json_begin(&json, out);
	json_string(&json, "name", option->name);
	json_string(&json, "level", option->level_name);
	json_number(&json, "level_number", option->level);
	json_number(&json, "number", option->number);
	json_string(
		&json, "type", sockopt_type_name(option->type, option->level));
	json_bool(&json, "get", option->can_get);
	json_bool(&json, "set", option->can_set);
	for (int i = 0; i < PROBE_KINDS; i++) {
		const struct sockopt_reading *it = &readings[i];

		if (!it->is_asked || !option->can_get)
			continue;
		if (it->error)
			json_string(&json, error_key_of(it->kind),
				error_name(it->error));
		else
			add_value(&json, key_of(it->kind), &it->value);
	}
	json_string(&json, "summary", option->summary);
	add_notes(&json, id);
	json_end(&json);
}

static void append_change_object(enum sockopt_id id,
	const struct sockopt_change *change, struct buffer *out)
{
	struct json json;

	json_begin(&json, out);
	json_string(&json, "name", sockopt_info(id)->name);
	json_string(&json, "socket", key_of(change->kind));
	if (change->is_readable)
		add_value(&json, "before", &change->before);
	add_value(&json, "asked", &change->asked);
	if (change->is_readable)
		add_value(&json, "after", &change->after);
	if (change->error) {
		json_string(&json, "error", error_name(change->error));
		json_string(&json, "meaning",
			probe_error_meaning(
				sockopt_info(id), change->kind, change->error));
	}
	json_end(&json);
}

/* ---- text ---- */

/* The name of an interface may hold anything. */
static void append_safe(struct buffer *out, const char *text)
{
	safe_append_name(out, text, strlen(text));
}

/* Appends text that begins with `mark` and is made safe, as one paragraph. */
static void append_wrapped(struct buffer *out,
	const struct sockopt_style *style, unsigned indent, const char *mark,
	const char *text)
{
	struct buffer line = BUFFER_EMPTY;

	/* Longer lines are hard to read. */
	if (style->columns == 0 || style->columns > WRAP_PROSE_COLUMNS) {
		wrap_append_marked(out, mark, (int)indent, text);
		return;
	}
	buffer_append_format(&line, "%-*s", (int)indent, mark);
	safe_append_text(&line, text, strlen(text));
	/* The longest name of a sysctl must fit behind the indent. */
	if (style->columns < NARROW_COLUMNS)
		indent = INDENT;
	wrap_append(out, buffer_bytes(&line), buffer_size(&line),
		style->columns, indent);
	buffer_append_char(out, '\n');
	buffer_fini(&line);
}

/* The same with the first line at the margin. */
static void append_hanging(
	struct buffer *out, const struct sockopt_style *style, const char *text)
{
	struct buffer line = BUFFER_EMPTY;

	safe_append_text(&line, text, strlen(text));
	wrap_append(out, buffer_bytes(&line), buffer_size(&line),
		style->columns, INDENT);
	buffer_append_char(out, '\n');
	buffer_fini(&line);
}

static void append_labelled(struct buffer *out,
	const struct sockopt_style *style, const char *label, const char *text)
{
	char mark[LABEL_COLUMNS];

	snprintf(mark, sizeof(mark), "  %s", label);
	append_wrapped(out, style, LABEL_COLUMNS, mark, text);
}

static void append_notes(struct buffer *out, const struct sockopt_style *style,
	enum sockopt_id id)
{
	const struct option_notes *notes = option_notes_find(id);
	char line[SYSCTL_SIZE + SOCKOPT_TEXT_SIZE];
	char value[SYSCTL_SIZE];

	if (!notes)
		return;
	if (notes->remark)
		append_labelled(out, style, "remark", notes->remark);
	for (size_t i = 0; i < 2 && notes->sysctls[i]; i++) {
		if (!sysctl_read(notes->sysctls[i], value, sizeof(value)))
			continue;
		snprintf(line, sizeof(line), "%s = %s", notes->sysctls[i],
			value);
		append_labelled(out, style, "sysctl", line);
	}
	if (notes->experiment) {
		snprintf(line, sizeof(line), "mchat lab %s", notes->experiment);
		append_labelled(out, style, "see", line);
	}
}

/* "SO_TYPE  (SOL_SOCKET 3, int, get)  UDP 2  TCP 1", and the summary below. */
static void append_paragraphs(struct buffer *out,
	const struct sockopt_style *style, const struct sockopt *option,
	char texts[PROBE_KINDS][VALUE_COLUMNS])
{
	char line[256];

	snprintf(line, sizeof(line), "%s  (%s %d, %s, %s)  UDP %s  TCP %s",
		option->name, option->level_name, option->number,
		sockopt_type_name(option->type, option->level),
		access_of(option), texts[PROBE_UDP], texts[PROBE_TCP]);
	append_hanging(out, style, line);
	append_wrapped(out, style, INDENT, "", option->summary);
}

static void append_table_row(struct buffer *out, const struct sockopt *option,
	char texts[PROBE_KINDS][VALUE_COLUMNS])
{
	struct buffer line = BUFFER_EMPTY;
	char number[SOCKOPT_TEXT_SIZE];

	snprintf(number, sizeof(number), "%d", option->number);
	append_row(&line,
		(const char *const[]){option->level_name, option->name, number,
			sockopt_type_name(option->type, option->level),
			texts[PROBE_UDP], texts[PROBE_TCP], access_of(option),
			option->summary});
	safe_append_text(out, buffer_bytes(&line), buffer_size(&line) - 1);
	buffer_append_char(out, '\n');
	buffer_fini(&line);
}

void sockopt_show_row(const struct sockopt_style *style, enum sockopt_id id,
	const struct sockopt_reading readings[PROBE_KINDS], struct buffer *out)
{
	const struct sockopt *option = sockopt_info(id);
	char texts[PROBE_KINDS][VALUE_COLUMNS];

	if (style->format == VIEW_JSON) {
		append_object(id, readings, out);
		return;
	}
	for (int i = 0; i < PROBE_KINDS; i++) {
		char text[SOCKOPT_TEXT_SIZE];

		cut(reading_text(&readings[i], option, text), texts[i]);
	}
	if (has_table(style))
		append_table_row(out, option, texts);
	else
		append_paragraphs(out, style, option, texts);
}

void sockopt_show_depth(const struct sockopt_style *style, enum sockopt_id id,
	const struct sockopt_reading readings[PROBE_KINDS], struct buffer *out)
{
	const struct sockopt *option = sockopt_info(id);
	const char *form = sockopt_form(option);
	char line[SOCKOPT_TEXT_SIZE + 64];

	if (style->format == VIEW_JSON) {
		append_object(id, readings, out);
		return;
	}
	buffer_append_format(out, "%s\n", option->name);
	append_labelled(out, style, "does", option->summary);
	snprintf(line, sizeof(line), "level %s (%d), number %d, type %s",
		option->level_name, option->level, option->number,
		sockopt_type_name(option->type, option->level));
	append_labelled(out, style, "is", line);
	for (int i = 0; i < PROBE_KINDS && option->can_get; i++) {
		char text[SOCKOPT_TEXT_SIZE];

		if (!readings[i].is_asked)
			continue;
		snprintf(line, sizeof(line), "%s",
			reading_text(&readings[i], option, text));
		append_labelled(
			out, style, probe_kind_name(readings[i].kind), line);
	}
	if (option->can_set && form) {
		snprintf(line, sizeof(line), "mchat sockopt %s=%s",
			option->name, form);
		append_labelled(out, style, "set with", line);
	} else {
		append_labelled(out, style, "set with",
			option->can_set ? "a program only: it is a structure"
					: "nothing: it can be read only");
	}
	append_notes(out, style, id);
}

void sockopt_show_change(const struct sockopt_style *style, enum sockopt_id id,
	const struct sockopt_change *change, struct buffer *out)
{
	struct buffer line = BUFFER_EMPTY;
	char text[SOCKOPT_TEXT_SIZE];

	if (style->format == VIEW_JSON) {
		append_change_object(id, change, out);
		return;
	}
	buffer_append_format(&line, "%s on %s: ", sockopt_info(id)->name,
		probe_kind_name(change->kind));
	if (change->is_readable) {
		buffer_append_string(&line, "before ");
		append_safe(&line, sockopt_value_format(&change->before, text));
		buffer_append_string(&line, ", ");
	}
	buffer_append_string(&line, "asked ");
	append_safe(&line, sockopt_value_format(&change->asked, text));
	if (change->is_readable) {
		buffer_append_string(&line, ", after ");
		append_safe(&line, sockopt_value_format(&change->after, text));
	}
	if (change->error)
		buffer_append_format(
			&line, ", refused: %s", error_name(change->error));
	else if (!change->is_readable)
		buffer_append_string(&line, ", done");
	buffer_append_char(&line, '\0');
	append_hanging(out, style, buffer_bytes(&line));
	buffer_fini(&line);
}

void sockopt_show_notes(const struct sockopt_style *style, enum sockopt_id id,
	struct buffer *out)
{
	if (style->format == VIEW_TEXT)
		append_notes(out, style, id);
}
