/* SPDX-License-Identifier: ISC */
/* One function a kind of event and format; nothing here keeps state. */
#include "mchat/view/view.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "mchat/base/address.h"
#include "mchat/base/buffer.h"
#include "mchat/base/time.h"
#include "mchat/protocol/event.h"
#include "mchat/view/json.h"
#include "mchat/view/safe.h"

bool view_format_find(const char *name, enum view_format *out)
{
	static const char *const names[] = {
		[VIEW_TEXT] = "text",
		[VIEW_BARE] = "bare",
		[VIEW_JSON] = "json",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			*out = (enum view_format)i;
			return true;
		}
	}
	return false;
}

/* Appends "HH:MM ", local time; "--:-- " when the system cannot tell. */
static void append_clock(struct buffer *out, struct wall_time time)
{
	char text[] = "--:-- ";
	time_t seconds = (time_t)(time.ms / 1000 - (time.ms % 1000 < 0));
	struct tm local;

	if (localtime_r(&seconds, &local)) {
		text[0] = (char)('0' + local.tm_hour / 10);
		text[1] = (char)('0' + local.tm_hour % 10);
		text[3] = (char)('0' + local.tm_min / 10);
		text[4] = (char)('0' + local.tm_min % 10);
	}
	buffer_append(out, text, sizeof(text) - 1);
}

static void plain_as_json(const struct event *event, struct buffer *out)
{
	const struct event_plain *plain = &event->plain;
	char host[ADDRESS_TEXT_SIZE];
	struct json json;

	json_begin(&json, out);
	json_string(&json, "event", "plain");
	json_string(&json, "address", address_format_host(&plain->from, host));
	json_number(&json, "port", plain->from.port);
	if (plain->interface)
		json_string(&json, "interface", plain->interface);
	if (plain->hop_limit >= 0)
		json_number(&json, "ttl", plain->hop_limit);
	json_time(&json, "time", event->time);
	json_text(&json, "text", plain->text, plain->size);
	json_end(&json);
}

static void plain_as_bare(const struct view *view,
	const struct event_plain *plain, struct buffer *out)
{
	if (view->on_terminal)
		safe_append_text(out, plain->text, plain->size);
	else
		buffer_append(out, plain->text, plain->size);
	buffer_append_char(out, '\n');
}

static void plain_as_text(
	const struct view *view, const struct event *event, struct buffer *out)
{
	const struct event_plain *plain = &event->plain;
	char from[ADDRESS_TEXT_SIZE];
	/* For people, the CR of another system's line end is none. */
	bool has_cr = plain->size > 0 && plain->text[plain->size - 1] == '\r';

	if (view->on_terminal)
		append_clock(out, event->time);
	buffer_append_char(out, '[');
	buffer_append_string(out, address_format(&plain->from, from));
	buffer_append(out, "] ", 2);
	safe_append_text(out, plain->text, plain->size - has_cr);
	buffer_append_char(out, '\n');
}

static void append_plain(
	const struct view *view, const struct event *event, struct buffer *out)
{
	switch (view->format) {
	case VIEW_TEXT:
		plain_as_text(view, event, out);
		break;
	case VIEW_BARE:
		plain_as_bare(view, &event->plain, out);
		break;
	case VIEW_JSON:
		plain_as_json(event, out);
		break;
	}
}

static void lost_as_json(const struct event *event, struct buffer *out)
{
	const struct event_lost *lost = &event->lost;
	struct json json;

	json_begin(&json, out);
	json_string(&json, "event", "lost");
	json_number(&json, "count",
		lost->count > INT64_MAX ? INT64_MAX : (int64_t)lost->count);
	json_string(&json, "why", lost->why);
	json_time(&json, "time", event->time);
	json_end(&json);
}

static void append_lost(
	const struct view *view, const struct event *event, struct buffer *out)
{
	const struct event_lost *lost = &event->lost;

	if (view->format == VIEW_JSON) {
		lost_as_json(event, out);
		return;
	}
	buffer_append_format(out,
		"mchat: %ju message%s lost: ", (uintmax_t)lost->count,
		lost->count == 1 ? "" : "s");
	safe_append_text(out, lost->why, strlen(lost->why));
	buffer_append_char(out, '\n');
}

enum view_stream view_stream(const struct view *view, const struct event *event)
{
	/* For programs every event; for people, messages. */
	return view->format == VIEW_JSON || event->kind == EVENT_PLAIN
		       ? VIEW_STDOUT
		       : VIEW_STDERR;
}

void view_event(
	const struct view *view, const struct event *event, struct buffer *out)
{
	switch (event->kind) {
	case EVENT_PLAIN:
		append_plain(view, event, out);
		break;
	case EVENT_LOST:
		append_lost(view, event, out);
		break;
	}
}
