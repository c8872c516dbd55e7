/* SPDX-License-Identifier: ISC */
#include "mchat/chat/session.h"

#include <errno.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <string.h>

#include "mchat/base/number.h"
#include "mchat/chat/follow.h"
#include "mchat/network/sockopt.h"
#include "mchat/protocol/engine.h"

void session_init(struct session *session, const struct session_config *config,
	struct call_log *log)
{
	*session = (struct session){.config = *config, .log = log};
	if (!config->nick || !nick_take(config->nick, session->nick))
		nick_default(session->nick);
}

/* As large as a packet may be to leave every interface in one piece. */
static size_t packet_size(const struct session *session)
{
	size_t size = place_datagram_size(&session->place);

	return size < WIRE_PACKET_MAX ? size : WIRE_PACKET_MAX;
}

const struct trace *session_trace(const struct session *session)
{
	return session->config.traces ? &session->trace : NULL;
}

/* We are this member from now on. */
static void become(struct session *session, uint64_t id)
{
	session->own[session->own_count++ % SESSION_OWN_MAX] = id;
}

/* Becomes a member; false when it cannot. */
static bool open_link(struct session *session, struct instant now)
{
	const struct session_config *config = &session->config;
	struct engine_config engine = {
		.room = config->place.room_tag,
		.nick = session->nick,
		.hop_limit = (uint8_t)config->place.group.hop_limit,
		.packet_size = packet_size(session),
		.history = config->history,
	};

	session->link = &session->own_link;
	if (link_init(session->link, &engine, now) < 0) {
		notice_failure("group", errno);
		return false;
	}
	become(session, engine_id(session->link->engine));
	session->link->trace = session_trace(session);
	return true;
}

enum place_result session_open(struct session *session, struct instant now)
{
	enum place_result result = place_open(
		&session->place, &session->config.place, session->log);

	session->is_open = true;
	session->trace = (struct trace){
		.place = &session->place,
		.group = session->config.place.group.address,
		.begun = now,
		.has_color = session->config.has_color,
	};
	if (result == PLACE_OK || result == PLACE_PARTLY) {
		if (session->config.is_raw || open_link(session, now))
			return result;
		result = PLACE_NOT;
	}
	session_close(session);
	return result;
}

void session_close(struct session *session)
{
	if (!session->is_open)
		return;
	if (session->link)
		link_fini(session->link);
	session->link = NULL;
	place_close(&session->place);
	session->is_open = false;
}

bool session_follow(
	struct session *session, enum verbosity verbosity, struct instant now)
{
	bool has_changed =
		session->is_open &&
		follow_interfaces(&session->place, &session->config.place,
			verbosity, session->log);

	/* Nobody hears it where no interface is left. */
	if (!session->is_open || !session->link ||
		session->place.interfaces.count == 0)
		return has_changed;
	engine_set_packet_size(
		session->link->engine, packet_size(session), now);
	if (has_changed)
		engine_greet(session->link->engine, now);
	return has_changed;
}

bool session_is_own(const struct session *session, uint64_t id)
{
	for (size_t i = 0; i < session->own_count && i < SESSION_OWN_MAX; i++)
		if (session->own[i] == id)
			return true;
	return false;
}

/* Reads "239.1.2.3" or "239.1.2.3:5000"; false when no address is there.  What
 * is wrong with it goes to *why, else NULL. */
static bool read_group(const char *text, struct address *out, const char **why)
{
	char host[ADDRESS_TEXT_SIZE];
	struct address address;
	size_t size = strcspn(text, ":");
	int64_t port = out->port;

	if (size >= sizeof(host))
		return false;
	memcpy(host, text, size);
	host[size] = '\0';
	if (!address_parse(host, &address))
		return false;
	*why = NULL;
	if (!address_is_multicast(&address))
		*why = "not a multicast group";
	else if (text[size] == ':' && number_parse(text + size + 1, 1,
					      UINT16_MAX, &port) != NUMBER_OK)
		*why = "a port is from 1 to 65535";
	*out = address;
	out->port = (uint16_t)port;
	return true;
}

const char *session_find(struct session *session, const char *text)
{
	struct place_config *place = &session->config.place;
	struct address group = place->group.address;
	const char *why;

	if (read_group(text, &group, &why)) {
		if (why)
			return why;
		place_set_room(place, NULL);
	} else {
		why = room_check(text, strlen(text));
		if (why)
			return why;
		snprintf(session->room, sizeof(session->room), "%s", text);
		place_set_room(place, session->room);
		room_address(text, strlen(text), &group);
	}
	session->keeps_port = place->room || !strchr(text, ':');
	place->group.address = group;
	return NULL;
}

void session_set_hop_limit(struct session *session, int hop_limit)
{
	if (group_set_hop_limit(session->place.group, hop_limit) < 0) {
		notice_failed_call(session->log, "ttl", errno);
		return;
	}
	session->config.place.group.hop_limit = hop_limit;
	session->place.hop_limit = hop_limit;
	engine_set_hop_limit(session->link->engine, (uint8_t)hop_limit);
	notice_answer("TTL %d", hop_limit);
}

void session_set_loopback(struct session *session, bool is_on)
{
	if (group_set_loopback(session->place.group, is_on) < 0) {
		notice_failed_call(session->log, "loop", errno);
		return;
	}
	session->config.place.group.has_loopback = is_on;
	notice_answer(
		"others on this host %s you", is_on ? "hear" : "do not hear");
}

static bool is_buffer(enum sockopt_id id)
{
	return id == SOCKOPT_SO_RCVBUF || id == SOCKOPT_SO_SNDBUF;
}

/* A line for each option of a socket that shapes the chat. */
static void say_options(
	int fd, const char *socket, const enum sockopt_id *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct sockopt_value value;
		char text[SOCKOPT_TEXT_SIZE];

		if (sockopt_get(fd, ids[i], &value) < 0)
			continue;
		notice_answer("%-9s %-18s %s%s", socket,
			sockopt_info(ids[i])->name,
			sockopt_value_format(&value, text),
			is_buffer(ids[i]) ? " " GROUP_BUFFER_NOTE : "");
	}
}

void session_say_options(const struct session *session)
{
	static const enum sockopt_id receiving[] = {
		SOCKOPT_SO_REUSEADDR,
		SOCKOPT_SO_REUSEPORT,
		SOCKOPT_SO_BINDTODEVICE,
		SOCKOPT_IP_MULTICAST_ALL,
		SOCKOPT_IP_PKTINFO,
		SOCKOPT_IP_RECVTTL,
		SOCKOPT_SO_RXQ_OVFL,
#ifdef UDP_GRO
		SOCKOPT_UDP_GRO,
#endif
		SOCKOPT_SO_RCVBUF,
	};
	static const enum sockopt_id sending[] = {
		SOCKOPT_IP_MULTICAST_TTL,
		SOCKOPT_IP_MULTICAST_LOOP,
		SOCKOPT_IP_MULTICAST_IF,
		SOCKOPT_SO_SNDBUF,
	};
	const struct group *group = session->place.group;

	say_options(group_receiving_fd(group), "receiving", receiving,
		sizeof(receiving) / sizeof(receiving[0]));
	say_options(group_sending_fd(group), "sending", sending,
		sizeof(sending) / sizeof(sending[0]));
}
