/* SPDX-License-Identifier: ISC */
#include "mchat/view/view.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"
#include "mchat/view/calendar.h"
#include "mchat/view/event_json.h"
#include "mchat/view/event_payload.h"
#include "mchat/view/event_time.h"
#include "mchat/view/safe.h"
#include "mchat/view/text.h"

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

void view_init(struct view *view, enum view_format format, bool on_terminal,
	enum color_when when, struct wall_time now)
{
	*view = (struct view){
		.format = format,
		.on_terminal = on_terminal,
		.has_color = format == VIEW_TEXT &&
			     color_is_wanted(when, on_terminal),
		.day = calendar_day(now),
	};
}

/* Whether an event appears among the messages, as text on a terminal.
 * Statistics do not: they answer a question. */
static bool is_among_messages(
	const struct view *view, const struct event *event)
{
	return view->on_terminal && view->format == VIEW_TEXT &&
	       event->kind != EVENT_STATS;
}

enum view_stream view_stream(const struct view *view, const struct event *event)
{
	/* Programs get every event on stdout; without a terminal, people get
	 * only messages there. */
	return view->format == VIEW_JSON || event_payload_exists(event) ||
			       is_among_messages(view, event)
		       ? VIEW_STDOUT
		       : VIEW_STDERR;
}

static void append_among_messages(
	struct view *view, const struct event *event, struct buffer *out)
{
	struct text_style style = {
		.time = TEXT_CLOCK,
		.has_color = view->has_color,
		.columns = view->columns,
		.nick = view->nick,
	};
	struct wall_time time = event_time_shown(event);
	int64_t day = calendar_day(time);

	if (day != view->day)
		text_append_day(&style, time, out);
	view->day = day;
	text_append(&style, event, out);
}

/* Appends `words` and `end`; within them `end` becomes `escape`, so that each
 * message is one record, whatever is in it. */
static void append_record(struct event_payload words, char end,
	const char *escape, struct buffer *out)
{
	const char *at = words.bytes;
	size_t left = words.size;

	while (left > 0) {
		const char *found = memchr(at, end, left);
		size_t size = found ? (size_t)(found - at) : left;

		buffer_append(out, at, size);
		if (!found)
			break;
		buffer_append_string(out, escape);
		at += size + 1;
		left -= size + 1;
	}
	buffer_append_char(out, end);
}

char view_end(const struct view *view)
{
	return view->ends_with_nul && !view->on_terminal ? '\0' : '\n';
}

static void append_bare(
	const struct view *view, const struct event *event, struct buffer *out)
{
	struct event_payload words = event_payload_of(event);

	char end = view_end(view);

	if (view->on_terminal) {
		safe_append_text(out, words.bytes, words.size);
		buffer_append_char(out, end);
	} else {
		append_record(words, end, end == '\0' ? "\\0" : "\\n", out);
	}
}

/* Apart, so that a plain line in a pipe pays for none of it. */
__attribute__((noinline)) static void append_any(
	struct view *view, const struct event *event, struct buffer *out)
{
	struct text_style style = {
		.time = view->format == VIEW_LOG ? TEXT_STAMP : TEXT_NO_TIME,
		.has_color = view->has_color,
		.columns = view->columns,
	};

	if (view->format == VIEW_JSON)
		event_json_append(event, out);
	else if (view->format == VIEW_BARE && event_payload_exists(event))
		append_bare(view, event, out);
	else if (is_among_messages(view, event))
		append_among_messages(view, event, out);
	else
		text_append(&style, event, out);
}

void view_event(
	struct view *view, const struct event *event, struct buffer *out)
{
	bool is_piped = view->format == VIEW_TEXT && !view->on_terminal &&
			!view->has_color;

	if (!is_piped || !text_append_plain(event, out))
		append_any(view, event, out);
}

void view_aside(
	const struct view *view, const struct buffer *words, struct buffer *out)
{
	struct text_style style = {
		.time = TEXT_CLOCK,
		.has_color = view->has_color,
		.columns = view->columns,
	};

	text_append_aside(&style, words, out);
}
