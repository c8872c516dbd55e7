/* SPDX-License-Identifier: ISC */
#include "mchat/view/event_json.h"

#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/protocol/event.h"
#include "mchat/view/event_payload.h"
#include "mchat/view/json.h"

static const char *const names[] = {
	[EVENT_PLAIN] = "plain",
	[EVENT_LOST] = "lost",
	[EVENT_MESSAGE] = "message",
	[EVENT_ACTION] = "action",
	[EVENT_JOIN] = "join",
	[EVENT_LEAVE] = "leave",
	[EVENT_NICK] = "nick",
	[EVENT_STATS] = "stats",
	[EVENT_FULL] = "full",
	[EVENT_PATH_MTU] = "path_mtu",
	[EVENT_PEER] = "peer",
	[EVENT_PRIVATE] = "private",
	[EVENT_OUTSIDE] = "outside",
};

static void add_count(struct json *json, const char *key, uint64_t value)
{
	json_number(json, key, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

static void add_member(struct json *json, const struct event *event)
{
	const struct event_member *member = &event->member;

	if (event->kind == EVENT_PLAIN || event->kind == EVENT_STATS ||
		event->kind == EVENT_FULL || event->kind == EVENT_PEER ||
		event->kind == EVENT_PRIVATE ||
		((event->kind == EVENT_LOST || event->kind == EVENT_OUTSIDE) &&
			member->id == 0))
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

static void add_peer(struct json *json, const struct event_peer *peer)
{
	static const char *const states[] = {
		[EVENT_PEER_REACHED] = "reached",
		[EVENT_PEER_UNREACHED] = "unreached",
		[EVENT_PEER_LOST] = "lost",
		[EVENT_PEER_UNKNOWN] = "unknown",
		[EVENT_PEER_SELF] = "self",
	};
	char host[ADDRESS_TEXT_SIZE];

	json_string(json, "peer", peer->name);
	if (peer->address.family != ADDRESS_NONE) {
		json_string(json, "address",
			address_format_host(&peer->address, host));
		json_number(json, "port", peer->address.port);
	}
	json_string(json, "state", states[peer->state]);
}

static void add_private(struct json *json, const struct event_private *it)
{
	char group[ADDRESS_TEXT_SIZE];

	json_string(json, "key", it->key);
	json_string(json, "group", address_format_host(&it->group, group));
	json_number(json, "port", it->group.port);
}

static void add_outside(struct json *json, const struct event_outside *it)
{
	static const char *const kinds[] = {
		[EVENT_OUTSIDE_OTHER_KEY] = "other-key",
		[EVENT_OUTSIDE_PLAIN] = "plain",
		[EVENT_OUTSIDE_FORGED] = "forged",
		[EVENT_OUTSIDE_TIME] = "time",
	};
	char host[ADDRESS_TEXT_SIZE];

	json_string(json, "kind", kinds[it->kind]);
	json_string(json, "address", address_format_host(&it->address, host));
	add_count(json, "count", it->count);
	if (it->kind == EVENT_OUTSIDE_TIME)
		json_number(json, "ahead_s", it->ahead_s);
}

/* The members that only one kind of event has, apart from its text. */
static void add_details(struct json *json, const struct event *event)
{
	switch (event->kind) {
	case EVENT_PLAIN:
		add_origin(json, &event->plain);
		break;
	case EVENT_LOST:
		if (event->lost.count > 0)
			add_count(json, "count", event->lost.count);
		else
			json_null(json, "count");
		json_string(json, "why", event->lost.why);
		break;
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		add_count(json, "seq", event->message.number);
		break;
	case EVENT_JOIN:
	case EVENT_PATH_MTU:
		break;
	case EVENT_LEAVE:
		json_string(json, "reason",
			event->leave.is_timeout ? "timeout" : "bye");
		break;
	case EVENT_NICK:
		json_name(json, "old", event->nick.old_nick,
			event->nick.old_nick_size);
		break;
	case EVENT_FULL:
		add_count(json, "members", event->full.members);
		json_bool(json, "refused", event->full.is_refused);
		break;
	case EVENT_PEER:
		add_peer(json, &event->peer);
		break;
	case EVENT_PRIVATE:
		add_private(json, &event->private);
		break;
	case EVENT_OUTSIDE:
		add_outside(json, &event->outside);
		break;
	case EVENT_STATS:
		for (size_t i = 0; i < event->stats.count; i++)
			add_count(json, event->stats.items[i].name,
				event->stats.items[i].value);
		break;
	}
}

static void add_payload(struct json *json, const struct event *event)
{
	struct event_payload words = event_payload_of(event);

	json_text(json, "text", words.bytes, words.size);
	if (event_payload_is_message(event) && event->message.is_history)
		json_bool(json, "history", true);
}

void event_json_append(const struct event *event, struct buffer *out)
{
	struct json json;

	json_begin(&json, out);
	json_string(&json, "event", names[event->kind]);
	add_member(&json, event);
	add_details(&json, event);
	json_time(&json, "time", event->time);
	if (event->received.ms != 0)
		json_time(&json, "received", event->received);
	if (event_payload_exists(event))
		add_payload(&json, event);
	json_end(&json);
}
