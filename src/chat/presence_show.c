/* SPDX-License-Identifier: ISC */
#include "mchat/chat/presence_show.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/alone.h"
#include "mchat/chat/chat_internal.h"
#include "mchat/chat/nick.h"
#include "mchat/io/clock.h"
#include "mchat/protocol/engine.h"
#include "mchat/view/name.h"
#include "mchat/view/name_list.h"
#include "mchat/view/safe.h"

/* Names that the line of who is here has at most: some rows of a terminal. */
#define NAMES_MAX 50

/* Where people read the whole story, and are spared the less of it. */
static bool is_wanted(const struct chat *chat)
{
	const struct view *view = &chat->display.view;

	return chat->session.driver && view->on_terminal &&
	       view->format == VIEW_TEXT && !chat->display.is_off &&
	       chat->config->verbosity == VERBOSITY_NORMAL;
}

void presence_show_begin(struct chat *chat, struct instant now)
{
	presence_notices_init(&chat->presence_notices);
	if (!is_wanted(chat))
		return;
	presence_notices_begin(&chat->presence_notices, now);
	counters_read(chat->session.config.membership.group.address.family,
		&chat->counters);
}

/* ---- our own name ---- */

static bool is_nick(const struct chat *chat, const char *nick, size_t size)
{
	return strlen(chat->session.nick) == size &&
	       memcmp(chat->session.nick, nick, size) == 0;
}

/* Whether somebody else goes by our nick. */
static bool is_nick_shared(const struct chat *chat)
{
	return nick_is_taken(chat->session.driver->engine, chat->session.nick);
}

/* Appends who we are, and by which nick we would be the only one. */
static void append_self(const struct chat *chat, struct buffer *out)
{
	const struct engine *engine = chat->session.driver->engine;
	char free_nick[NICK_SIZE];
	struct event_member self = {
		.id = engine_id(engine),
		.nick = chat->session.nick,
		.nick_size = strlen(chat->session.nick),
		.is_nick_shared = is_nick_shared(chat),
	};

	buffer_append_string(out, "you are ");
	name_append(out, &self);
	if (!self.is_nick_shared ||
		!nick_find_free(engine, chat->session.nick, free_nick))
		return;
	buffer_append_string(out,
		chat->input.is_terminal ? " (free is: /nick " : " (free is: ");
	safe_append_name(out, free_nick, strlen(free_nick));
	buffer_append_char(out, ')');
}

static void show_aside(struct chat *chat, struct buffer *words)
{
	display_aside(&chat->display, words);
	buffer_fini(words);
}

/* Somebody goes by this nick from now on: if it is ours, that is no longer
 * enough of a name. */
static void tell_namesake(struct chat *chat, const struct event_member *member)
{
	struct buffer words = BUFFER_EMPTY;

	if (!is_wanted(chat) ||
		member->id == engine_id(chat->session.driver->engine) ||
		!is_nick(chat, member->nick, member->nick_size))
		return;
	append_self(chat, &words);
	show_aside(chat, &words);
}

/* ---- events ---- */

static bool was_here(const struct chat *chat, uint64_t id)
{
	struct engine_member member;

	return chat->session.driver &&
	       engine_member_find(chat->session.driver->engine, id, &member) &&
	       member.is_older;
}

void presence_show_event(
	struct chat *chat, const struct event *event, struct instant now)
{
	bool is_join = event->kind == EVENT_JOIN;

	if (presence_notices_take(&chat->presence_notices, event,
		    is_join && was_here(chat, event->member.id), now)) {
		display_log(&chat->display, event);
		return;
	}
	display_event(&chat->display, event);
	if (chat->notify.how != NOTIFY_OFF &&
		console_is_unwatched(&chat->console) &&
		!ignore_list_hides(&chat->display.ignored, event))
		notify_of(&chat->notify, event, chat->display.nick, now,
			display_lines(&chat->display));
	if (is_join || event->kind == EVENT_NICK)
		tell_namesake(chat, &event->member);
}

/* ---- what is due ---- */

/* Who is here, but for those who are told of on their own. */
static void tell_list(struct chat *chat)
{
	const struct engine *engine = chat->session.driver->engine;
	struct engine_member member;
	struct buffer words = BUFFER_EMPTY;
	struct name_list names = {.max = NAMES_MAX};

	buffer_append_string(&words, "here: ");
	for (size_t i = 0; engine_member_at(engine, i, &member); i++) {
		struct event_member name = engine_member_name(&member);

		if (!presence_notices_holds(&chat->presence_notices, member.id))
			name_list_add(&names, &name, &words);
	}
	name_list_end(&names, &words);
	if (names.count == 0) {
		buffer_fini(&words);
		return;
	}
	buffer_append_string(&words, "; ");
	append_self(chat, &words);
	show_aside(chat, &words);
}

/* Whether the kernel took what we sent since we joined, and let nothing of it
 * come back, as it does unless it is told otherwise. */
static bool is_deaf(const struct chat *chat, struct instant now)
{
	const struct group_config *group =
		&chat->session.config.membership.group;
	struct instant heard = instant_after(chat->receive_path.heard,
		duration_ms(PRESENCE_NOTICES_ALONE_MS));

	return group->has_loopback && group->receives &&
	       chat->send_path.sent > 0 && instant_before(heard, now);
}

/* Datagrams that rp_filter dropped since we joined, on the whole host. */
static uint64_t count_filtered(const struct chat *chat)
{
	struct counters now;
	struct counters grown;

	counters_read(
		chat->session.config.membership.group.address.family, &now);
	counters_since(&chat->counters, &now, &grown);
	return grown.values[COUNTER_REVERSE_PATH];
}

/* The group that was called on: of the first family that has an interface. */
static const struct family_membership *called(
	const struct membership *membership)
{
	size_t i = 0;

	while (i + 1 < membership->count &&
		membership->families[i].interfaces.count == 0)
		i++;
	return &membership->families[i];
}

static void tell_alone(struct chat *chat, struct instant now)
{
	const struct send_path *sent = &chat->send_path;
	const struct session *session = &chat->session;
	const struct family_membership *family = called(&session->membership);
	struct buffer words = BUFFER_EMPTY;
	struct engine_member member;

	if (engine_member_at(session->driver->engine, 0, &member))
		return;
	buffer_append_string(&words, "nobody else is here yet");
	if (chat->input.is_terminal && chat->config->reads_input)
		buffer_append_string(&words, "; /help lists the commands");
	show_aside(chat, &words);
	alone_append(
		&(struct alone_facts){
			.group = &family->address,
			.interfaces = &family->interfaces,
			.refused = sent->trouble.is_bad && !sent->is_partial
					   ? sent->error
					   : 0,
			.is_deaf = is_deaf(chat, now),
			.filtered = count_filtered(chat),
		},
		&words);
	show_aside(chat, &words);
}

static void tell_join(struct chat *chat, uint64_t id)
{
	struct engine_member member;
	struct event event = {.kind = EVENT_JOIN, .time = clock_wall()};

	/* That it left will be told. */
	if (!engine_member_find(chat->session.driver->engine, id, &member))
		return;
	event.member = engine_member_name(&member);
	display_show(&chat->display, &event);
	tell_namesake(chat, &event.member);
}

void presence_show_tick(struct chat *chat, struct instant now)
{
	struct presence_notices *notices = &chat->presence_notices;
	uint64_t id;

	if (!chat->session.driver || !notices->is_on)
		return;
	if (presence_notices_take_list(notices, now))
		tell_list(chat);
	if (presence_notices_take_alone(notices, now))
		tell_alone(chat, now);
	while (presence_notices_take_join(notices, now, &id))
		tell_join(chat, id);
}
