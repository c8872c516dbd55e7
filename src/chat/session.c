/* SPDX-License-Identifier: ISC */
#include "mchat/chat/session.h"

#include <errno.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/number.h"
#include "mchat/crypto/secret.h"
#include "mchat/interfaces/interface_sync.h"
#include "mchat/interfaces/membership_say.h"
#include "mchat/io/entropy.h"
#include "mchat/network/call.h"
#include "mchat/network/sockopt.h"
#include "mchat/peers/peers.h"
#include "mchat/protocol/engine.h"
#include "mchat/seal/key_schedule.h"
#include "mchat/view/event_payload.h"

void session_init(struct session *session, const struct session_config *config,
	struct call_log *log)
{
	*session = (struct session){
		.config = *config,
		.first = config->membership,
		.log = log,
		.probe_listener = PROBE_LISTENER_CLOSED,
	};
	if (!config->nick || !nick_take(config->nick, session->nick))
		nick_default(session->nick);
}

void session_room_address(const struct shared_key *key, const char *room,
	enum address_family family, struct address *out)
{
	struct key_schedule schedule;

	if (!key) {
		room_address(room, strlen(room), family, out);
		return;
	}
	key_schedule_make(key, room, room ? strlen(room) : 0, &schedule);
	key_schedule_address(&schedule, family, out);
	secret_wipe(&schedule, sizeof(schedule));
}

/* As large as a datagram may be to leave every interface, and for every peer,
 * in one piece. */
static size_t datagram_size(const struct session *session)
{
	size_t size = membership_datagram_size(&session->membership);

	if (session->peers && peers_datagram_size(session->peers) < size)
		size = peers_datagram_size(session->peers);
	return size < WIRE_USUAL_MAX ? size : WIRE_USUAL_MAX;
}

/* The same where all members take larger ones, which we do not know of those
 * that are behind a peer. */
static size_t datagram_largest(const struct session *session)
{
	size_t size = membership_datagram_size(&session->membership);

	if (session->peers)
		return datagram_size(session);
	return size < WIRE_PACKET_MAX ? size : WIRE_PACKET_MAX;
}

/* What sealing adds has to fit, too. */
static size_t packet_size(const struct session *session, size_t datagram_size)
{
	return datagram_size - (session->sealer.seal ? SEAL_OVERHEAD : 0);
}

void session_fit_packets(struct session *session, struct instant now)
{
	session->sealer.room = datagram_size(session);
	engine_set_packet_size(session->driver->engine,
		packet_size(session, datagram_size(session)),
		packet_size(session, datagram_largest(session)), now);
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

/* Draws the keys of a private group, and joins it; false when it cannot. */
static bool open_seal(struct session *session, struct instant now)
{
	const struct session_config *config = &session->config;
	const char *room = config->membership.room;
	struct key_schedule schedule;
	int result;

	if (!config->key)
		return true;
	entropy_wait(config->verbosity);
	key_schedule_make(
		config->key, room, room ? strlen(room) : 0, &schedule);
	result = sealer_open(&session->sealer, &schedule,
		session->has_seed ? session->seed : NULL, &session->history,
		now);
	secret_wipe(&schedule, sizeof(schedule));
	if (result < 0)
		diagnostics_failure("private group", errno);
	session->sealer.room = datagram_size(session);
	return result == 0;
}

/* Becomes a member; false when it cannot. */
static bool open_link(struct session *session, struct instant now)
{
	const struct session_config *config = &session->config;
	struct engine_config engine = {
		.room = config->membership.room_tag,
		.nick = session->nick,
		.hop_limit = (uint8_t)config->membership.group.hop_limit,
		.packet_size = packet_size(session, datagram_size(session)),
		.packet_largest =
			packet_size(session, datagram_largest(session)),
		.history = config->history,
	};

	/* A copy of this machine may draw the same numbers as we do. */
	engine.id = session->id;
	session->id = 0;
	session->has_seed = false;
	secret_wipe(session->seed, sizeof(session->seed));
	session->driver = &session->own_driver;
	if (engine_driver_init(
		    session->driver, &engine, &session->sealer, now) < 0) {
		diagnostics_failure("group", errno);
		return false;
	}
	become(session, engine_id(session->driver->engine));
	return true;
}

/* The interfaces that the IPv6 group is joined on. */
static void find_links(const struct session *session, struct peers_self *out)
{
	const struct membership *membership = &session->membership;

	for (size_t i = 0; i < membership->count; i++) {
		const struct interface_set *set =
			&membership->families[i].interfaces;

		for (size_t k = 0;
			k < set->count &&
			membership->families[i].address.family == ADDRESS_IPV6;
			k++)
			out->links[out->link_count++] = set->items[k].index;
	}
}

/* Finds the peers, if there are to be any; false when it cannot. */
static bool open_peers(struct session *session, struct instant now)
{
	const struct session_config *config = &session->config;
	struct peers_self self = {
		.id = engine_id(session->driver->engine),
		.room = config->membership.room_tag,
		.sealer = config->key ? &session->sealer : NULL,
		.port = config->membership.group.address.port,
		/* Who types goes on typing. */
		.waits = !session->has_met_peers,
	};

	if (!config->peers)
		return true;
	find_links(session, &self);
	call_forget(session->log);
	session->peers = peers_open(
		config->peers, &self, config->verbosity, session->log);
	session->has_met_peers = true;
	/* A source that gets no reports is heard all the same. */
	if (!session->peers && !peers_are_asked_for(config->peers)) {
		call_forget(session->log);
		return true;
	}
	if (!session->peers) {
		diagnostics_failed_call(session->log, "peers", errno);
		return false;
	}
	session_fit_packets(session, now);
	return true;
}

enum membership_result session_open(struct session *session, struct instant now)
{
	enum membership_result result = membership_open(&session->membership,
		&session->config.membership, session->log);

	session->is_open = true;
	rejoin_begin(&session->rejoin, now);
	session->trace = (struct trace){
		.membership = &session->membership,
		.group = session->membership.families[0].address,
		.begun = now,
		.has_color = session->config.has_color,
		.is_private = session->config.key != NULL,
	};
	if (result == MEMBERSHIP_OK || result == MEMBERSHIP_PARTLY) {
		if (session->config.is_raw)
			return result;
		if (open_seal(session, now) && open_link(session, now) &&
			open_peers(session, now)) {
			probe_listener_open(&session->probe_listener,
				&session->membership, now);
			return result;
		}
		result = MEMBERSHIP_NOT;
	}
	session_close(session);
	return result;
}

void session_close(struct session *session)
{
	if (!session->is_open)
		return;
	if (session->driver)
		engine_driver_fini(session->driver);
	session->driver = NULL;
	probe_listener_close(&session->probe_listener);
	peers_close(session->peers, session->log);
	session->peers = NULL;
	sealer_close(&session->sealer);
	membership_close(&session->membership);
	session->is_open = false;
}

bool session_leave_copy(struct session *session, struct instant now)
{
	uint8_t bytes[SEAL_SEED_SIZE];

	if (sealer_reseed(&session->sealer, now, session->seed) < 0 ||
		sealer_reseed(&session->sealer, now, bytes) < 0) {
		diagnostics_failure("random bytes", errno);
		return false;
	}
	memcpy(&session->id, bytes, sizeof(session->id));
	session->has_seed = true;
	session_close(session);
	return true;
}

void session_fingerprint(
	const struct session *session, char out[KEY_SCHEDULE_FINGERPRINT_SIZE])
{
	struct key_schedule schedule;

	key_schedule_make(session->config.key, NULL, 0, &schedule);
	key_schedule_fingerprint(&schedule, out);
	secret_wipe(&schedule, sizeof(schedule));
}

bool session_append_key(const struct session *session, struct buffer *out)
{
	char fingerprint[KEY_SCHEDULE_FINGERPRINT_SIZE];

	if (!session->config.key)
		return false;
	session_fingerprint(session, fingerprint);
	buffer_append_format(out, "private, key %s", fingerprint);
	return true;
}

struct probe_place session_probe_place(struct session *session)
{
	return (struct probe_place){
		.membership = &session->membership,
		.member = session->driver ? engine_id(session->driver->engine)
					  : 0,
		.peers = session->peers ? &session->peers->socket : NULL,
		.sealer = &session->sealer,
	};
}

struct membership *session_membership(struct session *session)
{
	return session->is_open ? &session->membership : NULL;
}

bool session_follow(
	struct session *session, enum verbosity verbosity, struct instant now)
{
	bool has_changed =
		session->is_open && interface_sync_run(&session->membership,
					    verbosity, session->log);

	if (has_changed && session->driver)
		probe_listener_follow(
			&session->probe_listener, &session->membership);
	/* Nobody hears it where no interface is left. */
	if (!session->is_open || !session->driver ||
		(!membership_has_interface(&session->membership) &&
			!session->config.membership.has_peers))
		return has_changed;
	session_fit_packets(session, now);
	if (has_changed)
		engine_greet(session->driver->engine, now);
	return has_changed;
}

bool session_rejoin(
	struct session *session, struct instant heard, struct instant now)
{
	return session->is_open &&
	       rejoin_run(&session->rejoin, &session->membership, session->log,
		       heard, now);
}

struct instant session_rejoin_deadline(const struct session *session)
{
	return session->is_open ? rejoin_deadline(&session->rejoin)
				: INSTANT_NEVER;
}

/* Whether this member is, or was, us. */
static bool is_own(const struct session *session, uint64_t id)
{
	for (size_t i = 0; i < session->own_count && i < SESSION_OWN_MAX; i++)
		if (session->own[i] == id)
			return true;
	return false;
}

void session_mark_own(const struct session *session, struct event *event)
{
	if (!event_payload_exists(event) || !is_own(session, event->member.id))
		return;
	event->message.is_own = true;
	event->member.is_nick_shared = false;
}

/* Goes on to a room, over the families that the chat began with; what is wrong
 * with the name, or NULL. */
static const char *find_room(struct session *session, const char *name)
{
	struct membership_config *membership = &session->config.membership;
	const struct membership_config *first = &session->first;
	const char *why = room_check(name, strlen(name));

	if (why)
		return why;
	snprintf(session->room, sizeof(session->room), "%s", name);
	membership_set_room(membership, session->room);
	membership->second_use = first->second_use;
	session_room_address(session->config.key, name,
		first->group.address.family, &membership->group.address);
	session_room_address(session->config.key, name, first->second.family,
		&membership->second);
	membership->interfaces = first->interfaces;
	membership->interface_count = first->interface_count;
	return NULL;
}

/* Goes on to a group; its zone, where it has one, names the interface. */
static void set_group(
	struct session *session, const char *text, const struct address *group)
{
	struct membership_config *membership = &session->config.membership;

	membership_set_room(membership, NULL);
	membership->group.address = *group;
	membership->second_use = MEMBERSHIP_SECOND_NEVER;
	membership->interfaces = session->first.interfaces;
	membership->interface_count = session->first.interface_count;
	address_group_zone(text, session->zone);
	session->zone_name = session->zone;
	if (!*session->zone)
		return;
	membership->interfaces = &session->zone_name;
	membership->interface_count = 1;
}

const char *session_find(struct session *session, const char *text)
{
	struct membership_config *membership = &session->config.membership;
	struct address group = membership->group.address;
	const char *port = NULL;
	int64_t number = group.port;
	enum address_group_result result =
		address_parse_group(text, &group, &port);
	const char *why = NULL;

	if (result == ADDRESS_GROUP_NO_ADDRESS)
		why = find_room(session, text);
	else if (result != ADDRESS_GROUP_OK)
		why = address_group_error(result);
	else if (port &&
		 number_parse(port, 1, UINT16_MAX, &number) != NUMBER_OK)
		why = "a port is from 1 to 65535";
	if (why)
		return why;
	group.port = (uint16_t)number;
	if (result == ADDRESS_GROUP_OK)
		set_group(session, text, &group);
	session->keeps_port = !port;
	return NULL;
}

void session_set_hop_limit(struct session *session, int hop_limit)
{
	if (membership_set_hop_limit(&session->membership, hop_limit) < 0) {
		diagnostics_failed_call(session->log, "ttl", errno);
		return;
	}
	session->config.membership.group.hop_limit = hop_limit;
	engine_set_hop_limit(session->driver->engine, (uint8_t)hop_limit);
	diagnostics_answer("TTL %d", hop_limit);
	membership_say_link(
		&session->membership, hop_limit, session->config.verbosity);
}

void session_set_loopback(struct session *session, bool is_on)
{
	if (membership_set_loopback(&session->membership, is_on) < 0) {
		diagnostics_failed_call(session->log, "loop", errno);
		return;
	}
	session->config.membership.group.has_loopback = is_on;
	diagnostics_answer(
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

		if (ids[i] == SOCKOPT_NONE ||
			sockopt_get(fd, ids[i], &value) < 0)
			continue;
		diagnostics_answer("%-9s %-18s %s%s", socket,
			sockopt_info(ids[i])->name,
			sockopt_value_format(&value, text),
			is_buffer(ids[i]) ? " " GROUP_BUFFER_NOTE : "");
	}
}

/* What shapes the sockets of one family. */
static void say_family(const struct family_membership *membership)
{
	const struct group_family *family =
		group_family_of(&membership->address);
	const enum sockopt_id receiving[] = {
		SOCKOPT_SO_REUSEADDR,
		SOCKOPT_SO_REUSEPORT,
		family->device,
		family->all,
		family->packet_info,
		family->receive_hop_limit,
		family->losses,
		family->bursts,
		SOCKOPT_SO_RCVBUF,
	};
	const enum sockopt_id sending[] = {
		family->hop_limit,
		family->loop,
		family->interface,
		family->mtu_discover,
		family->receive_errors,
		SOCKOPT_SO_SNDBUF,
	};

	say_options(group_receiving_fd(membership->group), "receiving",
		receiving, sizeof(receiving) / sizeof(receiving[0]));
	say_options(group_sending_fd(membership->group), "sending", sending,
		sizeof(sending) / sizeof(sending[0]));
}

void session_say_options(const struct session *session)
{
	for (size_t i = 0; i < session->membership.count; i++)
		say_family(&session->membership.families[i]);
}
