/* SPDX-License-Identifier: ISC */
/* An event is words or a notice, for people or an object; no state is kept. */
#include "mchat/view/view.h"

#include <inttypes.h>
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

static const struct {
	const char *name; /* in JSON */
	bool is_said;     /* somebody's words; else a notice */
} kinds[] = {
	[EVENT_PLAIN] = {"plain", true},
	[EVENT_LOST] = {"lost", false},
	[EVENT_MESSAGE] = {"message", true},
	[EVENT_ACTION] = {"action", true},
	[EVENT_JOIN] = {"join", false},
	[EVENT_LEAVE] = {"leave", false},
	[EVENT_NICK] = {"nick", false},
	[EVENT_STATS] = {"stats", false},
};

static bool is_said(const struct event *event)
{
	return kinds[event->kind].is_said;
}

/* What was said: bytes that are not terminated. */
struct words {
	const char *bytes;
	size_t size;
};

/* The words of an event that has some. */
static struct words words_of(const struct event *event)
{
	return event->kind == EVENT_PLAIN
		       ? (struct words){event->plain.text, event->plain.size}
		       : (struct words){
				 event->message.text, event->message.size};
}

/* ---- JSON ---- */

static void add_count(struct json *json, const char *key, uint64_t value)
{
	json_number(json, key, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

static void add_member(struct json *json, const struct event *event)
{
	const struct event_member *member = &event->member;

	if (event->kind == EVENT_PLAIN || event->kind == EVENT_STATS ||
		(event->kind == EVENT_LOST && member->nick_size == 0))
		return;
	json_name(json, "nick", member->nick, member->nick_size);
	json_id(json, "id", member->id);
}

static void add_origin(struct json *json, const struct event_plain *plain)
{
	char host[ADDRESS_TEXT_SIZE];

	json_string(json, "address", address_format_host(&plain->from, host));
	json_number(json, "port", plain->from.port);
	if (plain->interface)
		json_string(json, "interface", plain->interface);
	if (plain->hop_limit >= 0)
		json_number(json, "ttl", plain->hop_limit);
}

/* What a kind of event has of its own, but for words. */
static void add_details(struct json *json, const struct event *event)
{
	switch (event->kind) {
	case EVENT_PLAIN:
		add_origin(json, &event->plain);
		break;
	case EVENT_LOST:
		add_count(json, "count", event->lost.count);
		json_string(json, "why", event->lost.why);
		break;
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		add_count(json, "seq", event->message.number);
		break;
	case EVENT_JOIN:
		break;
	case EVENT_LEAVE:
		json_string(json, "reason",
			event->leave.is_timeout ? "timeout" : "bye");
		break;
	case EVENT_NICK:
		json_name(json, "old", event->nick.old_nick,
			event->nick.old_nick_size);
		break;
	case EVENT_STATS:
		for (size_t i = 0; i < event->stats.count; i++)
			add_count(json, event->stats.items[i].name,
				event->stats.items[i].value);
		break;
	}
}

static void add_words(struct json *json, const struct event *event)
{
	struct words words = words_of(event);

	json_text(json, "text", words.bytes, words.size);
	if (event->kind != EVENT_PLAIN && event->message.is_history)
		json_bool(json, "history", true);
}

static void append_object(const struct event *event, struct buffer *out)
{
	struct json json;

	json_begin(&json, out);
	json_string(&json, "event", kinds[event->kind].name);
	add_member(&json, event);
	add_details(&json, event);
	json_time(&json, "time", event->time);
	if (is_said(event))
		add_words(&json, event);
	json_end(&json);
}

/* ---- Lines for people ---- */

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

/* Nobody goes without a name: whose nick is empty is called by the id. */
static void append_nick(
	struct buffer *out, uint64_t id, const char *nick, size_t size)
{
	if (size > 0)
		safe_append_name(out, nick, size);
	else
		buffer_append_format(out, "%016" PRIx64, id);
}

static void append_member(struct buffer *out, const struct event *event)
{
	append_nick(out, event->member.id, event->member.nick,
		event->member.nick_size);
	/* Two that go by one name are told apart by their ids. */
	if (event->member.is_nick_shared)
		buffer_append_format(
			out, "#%04x", (unsigned)(event->member.id >> 48));
}

/* Appends who speaks, and what parts that from the words. */
static void append_speaker(struct buffer *out, const struct event *event)
{
	char from[ADDRESS_TEXT_SIZE];

	switch (event->kind) {
	case EVENT_PLAIN:
		buffer_append_char(out, '[');
		buffer_append_string(
			out, address_format(&event->plain.from, from));
		buffer_append(out, "] ", 2);
		break;
	case EVENT_ACTION:
		buffer_append(out, "* ", 2);
		append_member(out, event);
		buffer_append_char(out, ' ');
		break;
	default:
		append_member(out, event);
		buffer_append(out, ": ", 2);
		break;
	}
}

static void append_said(
	const struct view *view, const struct event *event, struct buffer *out)
{
	struct words words = words_of(event);
	/* For people, the CR of another system's line end is none. */
	bool has_cr = words.size > 0 && words.bytes[words.size - 1] == '\r';

	if (view->on_terminal)
		append_clock(out, event->time);
	append_speaker(out, event);
	safe_append_text(out, words.bytes, words.size - has_cr);
	buffer_append_char(out, '\n');
}

static void append_bare(
	const struct view *view, const struct event *event, struct buffer *out)
{
	struct words words = words_of(event);

	if (view->on_terminal)
		safe_append_text(out, words.bytes, words.size);
	else
		buffer_append(out, words.bytes, words.size);
	buffer_append_char(out, '\n');
}

static void append_loss(struct buffer *out, const struct event *event)
{
	const struct event_lost *lost = &event->lost;

	buffer_append_format(out, "%ju message%s ", (uintmax_t)lost->count,
		lost->count == 1 ? "" : "s");
	if (event->member.nick_size > 0) {
		buffer_append(out, "from ", 5);
		append_member(out, event);
		buffer_append_char(out, ' ');
	}
	buffer_append(out, "lost: ", 6);
	safe_append_text(out, lost->why, strlen(lost->why));
}

static void append_leave(struct buffer *out, const struct event_leave *leave)
{
	buffer_append_string(out, " left");
	if (!leave->is_timeout)
		return;
	buffer_append_string(out, " (no word for a while");
	if (leave->lacks > 0)
		buffer_append_format(out, "; it has not confirmed %ju packet%s",
			(uintmax_t)leave->lacks, leave->lacks == 1 ? "" : "s");
	buffer_append_char(out, ')');
}

/* "sent 5, received 3": the names of JSON, with blanks. */
static void append_stats(struct buffer *out, const struct event_stats *stats)
{
	for (size_t i = 0; i < stats->count; i++) {
		const struct event_stat *it = &stats->items[i];

		buffer_append_string(out, i > 0 ? ", " : "");
		for (const char *c = it->name; *c; c++)
			buffer_append_char(out, *c == '_' ? ' ' : *c);
		buffer_append_format(out, " %ju", (uintmax_t)it->value);
	}
}

/* What nobody said, but happened. */
static void append_notice(const struct event *event, struct buffer *out)
{
	buffer_append(out, "mchat: ", 7);
	switch (event->kind) {
	case EVENT_LOST:
		append_loss(out, event);
		break;
	case EVENT_LEAVE:
		append_member(out, event);
		append_leave(out, &event->leave);
		break;
	case EVENT_NICK:
		append_nick(out, event->member.id, event->nick.old_nick,
			event->nick.old_nick_size);
		buffer_append_string(out, " is now called ");
		append_member(out, event);
		break;
	case EVENT_STATS:
		append_stats(out, &event->stats);
		break;
	default:
		append_member(out, event);
		buffer_append_string(out, " joined");
		break;
	}
	buffer_append_char(out, '\n');
}

enum view_stream view_stream(const struct view *view, const struct event *event)
{
	/* For programs every event; for people, messages. */
	return view->format == VIEW_JSON || is_said(event) ? VIEW_STDOUT
							   : VIEW_STDERR;
}

void view_event(
	const struct view *view, const struct event *event, struct buffer *out)
{
	if (view->format == VIEW_JSON)
		append_object(event, out);
	else if (!is_said(event))
		append_notice(event, out);
	else if (view->format == VIEW_BARE)
		append_bare(view, event, out);
	else
		append_said(view, event, out);
}
