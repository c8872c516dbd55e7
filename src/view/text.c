/* SPDX-License-Identifier: ISC */
#include "mchat/view/text.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "mchat/base/address.h"
#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"
#include "mchat/view/calendar.h"
#include "mchat/view/color.h"
#include "mchat/view/event_payload.h"
#include "mchat/view/event_time.h"
#include "mchat/view/mention.h"
#include "mchat/view/name.h"
#include "mchat/view/safe.h"
#include "mchat/view/stats_table.h"
#include "mchat/view/wrap.h"

#define DASH         "\xe2\x80\x94" /* U+2014 */
#define DASH_COLUMNS 2              /* with the space behind it */
#define NAME         "mchat: "

/* ---- what somebody said ---- */

/* Appends the author of a message in the author's colour. */
static void append_author(const struct text_style *style,
	const struct event *event, struct buffer *out)
{
	if (style->has_color)
		color_begin(out,
			color_of_nick(
				event->member.nick, event->member.nick_size),
			event->message.is_own);
	name_append(out, &event->member);
	if (style->has_color)
		color_end(out);
}

/* Appends who speaks, and what separates that from the text. */
static void append_speaker(const struct text_style *style,
	const struct event *event, struct buffer *out)
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
		append_author(style, event, out);
		buffer_append_char(out, ' ');
		break;
	default:
		append_author(style, event, out);
		buffer_append(out, event->message.is_own ? "> " : ": ", 2);
		break;
	}
}

/* Appends the time, and what kind of message it is that was said then. */
static void append_time(const struct text_style *style,
	const struct event *event, bool is_mention, struct buffer *out)
{
	bool is_history =
		event->kind != EVENT_PLAIN && event->message.is_history;

	if (style->time == TEXT_NO_TIME)
		return;
	if (is_history && style->has_color)
		color_dim(out);
	if (style->time == TEXT_CLOCK)
		calendar_append_clock(out, event_time_shown(event));
	else
		calendar_append_stamp(out, event_time_shown(event));
	if (is_history && style->has_color)
		color_end(out);
	buffer_append_string(out, is_history ? " ~" : " ");
	if (is_mention && !style->has_color)
		buffer_append_char(out, '!');
}

/* Appends what was said, with the nick highlighted wherever it is from `at` on.
 */
static void append_mentions(const struct text_style *style,
	const struct event_payload *words, size_t at, struct buffer *out)
{
	size_t size = strlen(style->nick);
	size_t done = 0;

	while (at < words->size) {
		safe_append_text(out, words->bytes + done, at - done);
		color_highlight(out);
		safe_append_text(out, words->bytes + at, size);
		color_end(out);
		done = at + size;
		at = mention_find(words, done, style->nick, size);
	}
	safe_append_text(out, words->bytes + done, words->size - done);
}

/* Where others say our nick first, if that is to be shown; else words->size. */
static size_t find_mention(const struct text_style *style,
	const struct event *event, const struct event_payload *words)
{
	bool is_own = event->kind != EVENT_PLAIN && event->message.is_own;

	if (is_own || !style->nick || !*style->nick)
		return words->size;
	return mention_find(words, 0, style->nick, strlen(style->nick));
}

static void append_said(const struct text_style *style,
	const struct event *event, struct buffer *out)
{
	struct event_payload words = event_payload_of(event);
	/* A last CR belongs to the line end of another system: not shown. */
	bool has_cr = words.size > 0 && words.bytes[words.size - 1] == '\r';
	size_t mention;

	words.size -= has_cr;
	mention = find_mention(style, event, &words);
	append_time(style, event, mention < words.size, out);
	append_speaker(style, event, out);
	if (mention < words.size && style->has_color)
		append_mentions(style, &words, mention, out);
	else
		safe_append_text(out, words.bytes, words.size);
}

/* ---- what happened ---- */

/* Appends that messages may have been lost. */
static void append_doubt(const struct event *event, struct buffer *out)
{
	buffer_append_string(out, "what ");
	name_append(out, &event->member);
	buffer_append_string(out, event->lost.is_before
					  ? " said before this may be lost: "
					  : " said last may be lost: ");
	safe_append_text(out, event->lost.why, strlen(event->lost.why));
}

static void append_loss(const struct text_style *style,
	const struct event *event, struct buffer *out)
{
	const struct event_lost *lost = &event->lost;
	bool is_one = lost->count == 1;

	buffer_append_format(out, "%ju message%s ", (uintmax_t)lost->count,
		is_one ? "" : "s");
	if (event->member.id != 0) {
		buffer_append(out, "from ", 5);
		name_append(out, &event->member);
		buffer_append_char(out, ' ');
	}
	if (style->time != TEXT_NO_TIME)
		buffer_append_string(out, is_one ? "was " : "were ");
	buffer_append(out, "lost: ", 6);
	safe_append_text(out, lost->why, strlen(lost->why));
}

static void append_leave(struct buffer *out, const struct event_leave *leave)
{
	buffer_append_string(out, " left");
	if (!leave->is_timeout)
		return;
	buffer_append_string(out, " (timed out");
	if (leave->lacks > 0)
		buffer_append_format(out, "; it has not confirmed %ju packet%s",
			(uintmax_t)leave->lacks, leave->lacks == 1 ? "" : "s");
	buffer_append_char(out, ')');
}

/* "sent 5, received 3": the keys of JSON, with a space for each '_'. */
static void append_stats(struct buffer *out, const struct event_stats *stats)
{
	for (size_t i = 0; i < stats->count; i++) {
		const struct event_stat *it = &stats->items[i];

		buffer_append_string(out, i > 0 ? ", " : "");
		stats_table_append_name(out, it->name);
		buffer_append_format(out, " %ju", (uintmax_t)it->value);
	}
}

/* Says why somebody is not heard, or does not hear us. */
static void append_full(struct buffer *out, const struct event_full *full)
{
	if (full->is_refused)
		buffer_append_format(out,
			"the others know %zu members and let in no more: they "
			"do not see what is said here until some have left",
			full->members);
	else
		buffer_append_format(out,
			"%zu members are known, and no more are let in: what "
			"others say is not shown until some have left",
			full->members);
}

/* Names the likely cause, for the network says nothing. */
static void append_path_mtu(
	struct buffer *out, const struct event_member *member)
{
	buffer_append_string(out, "large packets do not reach ");
	name_append(out, member);
	buffer_append_string(out,
		", small ones do: something on the way has a smaller MTU; "
		"sending small ones from now on");
}

static void append_peer(struct buffer *out, const struct event_peer *peer)
{
	static const char *const words[] = {
		[EVENT_PEER_REACHED] = " is heard",
		[EVENT_PEER_UNREACHED] = " is not heard",
		[EVENT_PEER_LOST] = " is silent",
		[EVENT_PEER_UNKNOWN] = ": its name leads nowhere",
		[EVENT_PEER_SELF] = ": that is this member itself",
	};

	buffer_append_string(out, "peer ");
	safe_append_text(out, peer->name, strlen(peer->name));
	buffer_append_string(out, words[peer->state]);
}

static void append_outside(struct buffer *out, const struct event *event)
{
	const struct event_outside *it = &event->outside;
	char host[ADDRESS_TEXT_SIZE];

	address_format_host(&it->address, host);
	switch (it->kind) {
	case EVENT_OUTSIDE_OTHER_KEY:
		buffer_append_format(out,
			"others here (%s) have another key or room; what they "
			"say is not for us",
			host);
		break;
	case EVENT_OUTSIDE_PLAIN:
		buffer_append_format(out,
			"somebody here (%s) speaks without a key; that is not "
			"shown",
			host);
		break;
	case EVENT_OUTSIDE_FORGED:
		buffer_append_format(out,
			"%" PRIu64 " packet%s from %s, or in its name, %s "
			"forged or damaged, and ignored",
			it->count, it->count == 1 ? "" : "s", host,
			it->count == 1 ? "was" : "were");
		break;
	case EVENT_OUTSIDE_TIME:
		buffer_append_string(out, "the clock of ");
		name_append(out, &event->member);
		buffer_append_format(out, " (%s) is ", host);
		event_time_append_offset(out, -1000 * it->ahead_s);
		buffer_append_string(out, " ours");
		break;
	}
}

static void append_happening(const struct text_style *style,
	const struct event *event, struct buffer *out)
{
	switch (event->kind) {
	case EVENT_LOST:
		if (event->lost.count > 0)
			append_loss(style, event, out);
		else
			append_doubt(event, out);
		break;
	case EVENT_LEAVE:
		name_append(out, &event->member);
		append_leave(out, &event->leave);
		break;
	case EVENT_NICK:
		name_append(out, &(struct event_member){
					 .id = event->member.id,
					 .nick = event->nick.old_nick,
					 .nick_size = event->nick.old_nick_size,
					 .is_nick_shared =
						 event->nick.is_old_nick_shared,
				 });
		buffer_append_string(out, " is now called ");
		name_append(out, &event->member);
		break;
	case EVENT_STATS:
		append_stats(out, &event->stats);
		break;
	case EVENT_FULL:
		append_full(out, &event->full);
		break;
	case EVENT_PEER:
		append_peer(out, &event->peer);
		break;
	case EVENT_PRIVATE:
		buffer_append_format(
			out, "private, key %s", event->private.key);
		break;
	case EVENT_OUTSIDE:
		append_outside(out, event);
		break;
	case EVENT_PATH_MTU:
		append_path_mtu(out, &event->member);
		break;
	default:
		name_append(out, &event->member);
		buffer_append_string(out, " joined");
		break;
	}
}

/* Who comes and goes matters less than what is said or lost. */
static bool is_minor(const struct event *event)
{
	return event->kind == EVENT_JOIN || event->kind == EVENT_LEAVE ||
	       event->kind == EVENT_NICK;
}

/* Appends a line without its end, wrapped where it goes to a terminal; dimmed
 * as a whole, so that no sequence is within. */
static void append_line(const struct text_style *style,
	const struct buffer *line, bool is_dim, struct buffer *out)
{
	unsigned indent = style->time == TEXT_NO_TIME ? (unsigned)strlen(NAME)
						      : DASH_COLUMNS;

	if (is_dim)
		color_dim(out);
	wrap_append(out, buffer_bytes(line), buffer_size(line), style->columns,
		indent);
	if (is_dim)
		color_end(out);
}

static void append_notice(const struct text_style *style,
	const struct event *event, struct buffer *out)
{
	struct buffer line = BUFFER_EMPTY;

	if (style->time == TEXT_STAMP) {
		calendar_append_stamp(&line, event->time);
		buffer_append_char(&line, ' ');
	}
	buffer_append_string(
		&line, style->time == TEXT_NO_TIME ? NAME : DASH " ");
	append_happening(style, event, &line);
	if (style->time != TEXT_NO_TIME)
		buffer_append_string(&line, " " DASH);
	append_line(style, &line, style->has_color && is_minor(event), out);
	buffer_fini(&line);
}

bool text_append_plain(const struct event *event, struct buffer *out)
{
	const struct event_member *member = &event->member;
	const struct event_message *said = &event->message;
	size_t size = member->nick_size + said->size + 3;
	char *room;

	if (event->kind != EVENT_MESSAGE || said->is_own ||
		member->is_nick_shared || !member->is_nick_plain ||
		!safe_is_printable(said->text, said->size))
		return false;
	room = buffer_reserve(out, size);
	if (!room)
		return true;
	memcpy(room, member->nick, member->nick_size);
	room += member->nick_size;
	room[0] = ':';
	room[1] = ' ';
	memcpy(room + 2, said->text, said->size);
	room[2 + said->size] = '\n';
	buffer_commit(out, size);
	return true;
}

void text_append(const struct text_style *style, const struct event *event,
	struct buffer *out)
{
	if (event_payload_exists(event))
		append_said(style, event, out);
	else
		append_notice(style, event, out);
	buffer_append_char(out, '\n');
}

void text_append_aside(const struct text_style *style,
	const struct buffer *words, struct buffer *out)
{
	struct buffer line = BUFFER_EMPTY;

	buffer_append_string(&line, DASH " ");
	buffer_append(&line, buffer_bytes(words), buffer_size(words));
	buffer_append_string(&line, " " DASH);
	append_line(style, &line, style->has_color, out);
	buffer_append_char(out, '\n');
	buffer_fini(&line);
}

void text_append_day(const struct text_style *style, struct wall_time time,
	struct buffer *out)
{
	struct buffer words = BUFFER_EMPTY;

	calendar_append_day(&words, time);
	text_append_aside(style, &words, out);
	buffer_fini(&words);
}
