/* SPDX-License-Identifier: ISC */
#include "mchat/lab/lab.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/view/wrap.h"
#include "mchat/io/diagnostics.h"
#include "mchat/lab/lab_guide.h"
#include "mchat/lab/lab_packets.h"
#include "mchat/network/error.h"
#include "mchat/view/json.h"
#include "mchat/view/safe.h"

/* "-9223372036854775808". */
#define NUMBER_SIZE 21

/* Each line is flushed at once, so that one can see where time passes. */
static void print(const struct buffer *line)
{
	fwrite(buffer_bytes(line), 1, buffer_size(line), stdout);
	fflush(stdout);
}

static void print_text(const char *mark, int indent, const char *text)
{
	struct buffer out = BUFFER_EMPTY;

	wrap_append_marked(&out, mark, indent, text);
	print(&out);
	buffer_fini(&out);
}

static void begin_object(struct json *json, const char *event,
	const struct lab *lab, struct buffer *out)
{
	json_begin(json, out);
	json_string(json, "event", event);
	json_string(json, "experiment", lab->experiment);
}

static void end_object(struct json *json, struct buffer *out)
{
	json_end(json);
	print(out);
	buffer_fini(out);
}

/* ---- calls ---- */

static void print_call(const struct call_record *record)
{
	struct buffer text = BUFFER_EMPTY;

	if (record->error)
		buffer_append_format(&text, "%s = -1 %s", record->text,
			error_name(record->error));
	else
		buffer_append_format(
			&text, "%s = %d", record->text, record->result);
	buffer_append_char(&text, '\0');
	print_text("", 4, buffer_bytes(&text));
	buffer_clear(&text);
	if (record->before && record->after)
		buffer_append_format(&text, "was %s, is %s: ", record->before,
			record->after);
	buffer_append_string(&text, record->why);
	buffer_append_char(&text, '\0');
	print_text("", 8, buffer_bytes(&text));
	buffer_fini(&text);
}

static void print_call_object(
	const struct lab *lab, const struct call_record *record)
{
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	begin_object(&json, "call", lab, &out);
	json_name(&json, "call", record->text, strlen(record->text));
	json_number(&json, "result", record->result);
	if (record->error)
		json_string(&json, "error", error_name(record->error));
	if (record->before && record->after) {
		json_name(&json, "before", record->before,
			strlen(record->before));
		json_name(&json, "after", record->after, strlen(record->after));
	}
	json_string(&json, "why", record->why);
	end_object(&json, &out);
}

static void observe_call(void *context, const struct call_record *record)
{
	const struct lab *lab = context;

	if (lab->format == VIEW_JSON)
		print_call_object(lab, record);
	else
		print_call(record);
}

long lab_tell(struct lab *lab, const char *text, long result, const char *why)
{
	call_report(&lab->log, &(struct call_record){
				       .text = text,
				       .result = (int)result,
				       .error = result < 0 ? errno : 0,
				       .why = why,
			       });
	return result;
}

/* ---- the story ---- */

void lab_step(struct lab *lab, const char *format, ...)
{
	struct buffer text = BUFFER_EMPTY;
	struct buffer out = BUFFER_EMPTY;
	struct json json;
	va_list arguments;
	char mark[16];

	if (lab->has_failed)
		return;
	va_start(arguments, format);
	buffer_append_vformat(&text, format, arguments);
	va_end(arguments);
	buffer_append_char(&text, '\0');
	if (lab->packets)
		lab_packets_show(lab->packets);
	lab_guide_step(lab->guide);
	lab->steps++;
	if (lab->format == VIEW_JSON) {
		begin_object(&json, "step", lab, &out);
		json_string(&json, "text", buffer_bytes(&text));
		end_object(&json, &out);
	} else {
		snprintf(mark, sizeof(mark), "%u.", lab->steps);
		print_text(mark, 4, buffer_bytes(&text));
	}
	buffer_fini(&text);
}

void lab_draw(struct lab *lab, const char *lines)
{
	if (lab->has_failed || lab->format == VIEW_JSON)
		return;
	while (*lines) {
		size_t size = strcspn(lines, "\n") + 1;

		printf("    %.*s", (int)size, lines);
		lines += size;
	}
}

/* Begins the observation `key`; its value is to follow. */
static void begin_observed(
	struct lab *lab, const char *key, struct json *json, struct buffer *out)
{
	if (lab->format == VIEW_JSON) {
		begin_object(json, "observed", lab, out);
		json_string(json, "key", key);
	} else {
		buffer_append_format(out, "    observed: %s=", key);
	}
}

static void end_observed(
	const struct lab *lab, struct json *json, struct buffer *out)
{
	if (lab->format == VIEW_JSON) {
		end_object(json, out);
		return;
	}
	buffer_append_char(out, '\n');
	print(out);
	buffer_fini(out);
}

void lab_observe(struct lab *lab, const char *key, int64_t value)
{
	struct buffer out = BUFFER_EMPTY;
	struct json json;
	char text[NUMBER_SIZE];

	if (lab->has_failed)
		return;
	begin_observed(lab, key, &json, &out);
	if (lab->format == VIEW_JSON)
		json_number(&json, "value", value);
	else
		buffer_append_format(&out, "%lld", (long long)value);
	end_observed(lab, &json, &out);
	snprintf(text, sizeof(text), "%lld", (long long)value);
	lab_guide_observed(lab->guide, key, text);
}

void lab_observe_text(struct lab *lab, const char *key, const char *value)
{
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	if (lab->has_failed)
		return;
	begin_observed(lab, key, &json, &out);
	if (lab->format == VIEW_JSON)
		json_name(&json, "value", value, strlen(value));
	else
		safe_append_name(&out, value, strlen(value));
	end_observed(lab, &json, &out);
	lab_guide_observed(lab->guide, key, value);
}

void lab_expect(struct lab *lab, bool was_seen, const char *what)
{
	if (lab->has_failed || was_seen)
		return;
	lab->is_unexpected = true;
	diagnostics_error(
		"lab %s: this was not seen: %s", lab->experiment, what);
}

void lab_fail(struct lab *lab, const char *what, int error)
{
	if (lab->has_failed)
		return;
	lab->has_failed = true;
	diagnostics_error("lab %s: %s: %s, %s", lab->experiment, what,
		error_name(error), error_meaning_in(what, error));
}

void lab_allow(unsigned seconds)
{
	if (alarm(0) > 0)
		alarm(seconds);
}

bool lab_has_failed(const struct lab *lab)
{
	return lab->has_failed;
}

/* ---- as a whole ---- */

static void print_title(
	const struct lab *lab, const struct experiment *experiment)
{
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	if (lab->format == VIEW_JSON) {
		begin_object(&json, "experiment", lab, &out);
		json_string(&json, "title", experiment->title);
		end_object(&json, &out);
		return;
	}
	buffer_append_format(
		&out, "%s: %s\n\n", experiment->name, experiment->title);
	print(&out);
	buffer_fini(&out);
}

static void print_conclusion(const struct lab *lab,
	const struct experiment *experiment, bool is_shown)
{
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	if (lab->format == VIEW_JSON) {
		begin_object(&json, "result", lab, &out);
		json_bool(&json, "shown", is_shown);
		json_string(&json, "text", experiment->shows);
		end_object(&json, &out);
		return;
	}
	fputc('\n', stdout);
	print_text(is_shown ? "shown:" : "not shown:", is_shown ? 7 : 11,
		experiment->shows);
}

static void begin_packets(struct lab *lab, struct lab_packets *packets)
{
	int error = lab_packets_begin(packets, lab->experiment, lab->format);

	if (error)
		lab_packets_say_none(lab->format, error);
	else
		lab->packets = packets;
}

bool lab_run(const struct experiment *experiment, enum view_format format,
	struct lab_guide *guide, const char *group)
{
	struct lab lab = {
		.log = {.observe = observe_call, .context = &lab},
		.format = format,
		.experiment = experiment->name,
		.guide = guide,
		.group = group,
	};
	struct lab_packets packets;
	bool is_shown;

	print_title(&lab, experiment);
	lab_guide_begin(guide, experiment->name);
	if (guide->sees_packets)
		begin_packets(&lab, &packets);
	experiment->run(&lab);
	if (lab.packets)
		lab_packets_show(lab.packets);
	if (lab.packets)
		lab_packets_end(lab.packets);
	for (size_t i = 0; i < lab.fd_count; i++)
		close(lab.fds[i]);
	is_shown = !lab.has_failed && !lab.is_unexpected;
	print_conclusion(&lab, experiment, is_shown);
	return is_shown;
}
