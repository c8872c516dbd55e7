/* SPDX-License-Identifier: ISC */
#include "mchat/peers/peers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/base/cursor.h"
#include "mchat/io/clock.h"
#include "mchat/io/entropy.h"
#include "mchat/io/sealer.h"
#include "mchat/network/call.h"
#include "mchat/network/send_batch.h"
#include "mchat/network/sockaddr.h"
#include "mchat/protocol/wire.h"
#include "mchat/protocol/wire_peer.h"

/* ---- opening and closing ---- */

bool peers_are_asked_for(const struct peers_config *config)
{
	return config->count > 0 || config->takes_any;
}

static void say_port(const struct peers *peers, uint16_t wanted)
{
	/* Of several members of a source's host one gets the reports, and
	 * passes them on to the others, too. */
	if (peers->socket.port != wanted && peers_are_asked_for(peers->config))
		diagnostics_warning(peers->verbosity,
			"port %u is taken on this host, by another member for "
			"its peers or by another program; who names this one "
			"adds :%u",
			wanted, peers->socket.port);
}

/* A source by an address of the link is one on each link. */
static void add_source(struct peers *peers, const struct peers_self *self,
	const struct address *source, struct instant now)
{
	struct address address = *source;

	address.port = self->port;
	if (address.family != ADDRESS_IPV6 ||
		!address_is_link_local(&address)) {
		(void)peer_table_add_source(&peers->table, &address, now);
		return;
	}
	for (size_t i = 0; i < self->link_count; i++) {
		address.scope = self->links[i];
		(void)peer_table_add_source(&peers->table, &address, now);
	}
}

struct peers *peers_open(const struct peers_config *config,
	const struct peers_self *self, enum verbosity verbosity,
	struct call_log *log)
{
	struct peers *peers = calloc(1, sizeof(*peers));

	if (!peers)
		return NULL;
	peers->config = config;
	peers->verbosity = verbosity;
	peers->room = self->room;
	peers->id = self->id;
	peers->sealer = self->sealer;
	peers->socket = PEER_SOCKET_CLOSED;
	peers->lookup.resolver = RESOLVER_IDLE;
	peers->receiving = receive_batch_new();
	peers->seen = relay_seen_new();
	if (!peers->receiving || !peers->seen ||
		entropy_fill(peers->proof.key, sizeof(peers->proof.key)) < 0 ||
		peer_socket_open(&peers->socket, log, self->port) < 0) {
		int error = errno;

		peers_close(peers, log);
		errno = error;
		return NULL;
	}
	receive_batch_begin(peers->receiving);
	receive_batch_mark_unicast(peers->receiving);
	say_port(peers, self->port);
	peer_table_init(&peers->table, config->takes_any);
	peer_lookup_begin(&peers->lookup, config->names, config->count,
		self->port, &peers->table, clock_now());
	for (size_t i = 0; i < config->source_count; i++)
		add_source(peers, self, &config->sources[i], clock_now());
	if (self->waits)
		peer_lookup_wait(&peers->lookup, &peers->table, verbosity);
	return peers;
}

void peers_close(struct peers *peers, struct call_log *log)
{
	if (!peers)
		return;
	peer_lookup_end(&peers->lookup);
	peer_socket_close(&peers->socket, log);
	for (size_t i = 0; i < RELAY_SOURCES; i++)
		send_batch_free(peers->batches[i]);
	relay_seen_free(peers->seen);
	receive_batch_free(peers->receiving);
	free(peers);
}

/* ---- names ---- */

const char *peers_label(
	const struct peers *peers, int peer, char out[PEERS_LABEL_SIZE])
{
	const struct peer *it = &peers->table.peers[peer];
	const struct peer_name *name = &peers->config->names[it->name];

	return it->kind == PEER_NAMED ? peer_name_format(name, out)
				      : address_format(&it->address, out);
}

const char *peers_label_of(
	const struct peers *peers, uint64_t member, char out[PEERS_LABEL_SIZE])
{
	unsigned source = relay_seen_source(peers->seen, member);

	if (source == RELAY_LAN || source == RELAY_REPORTS ||
		peers->table.peers[source - 1].kind == PEER_FREE)
		return NULL;
	return peers_label(peers, (int)source - 1, out);
}

bool peers_has_report_of(const struct peers *peers, uint64_t member)
{
	return relay_seen_source(peers->seen, member) == RELAY_REPORTS;
}

/* ---- what peers say to each other ---- */

/* 0 names nobody, and stands for no bytes. */
static uint64_t random_bytes(void)
{
	uint64_t bytes = 0;

	(void)entropy_number(&bytes);
	return bytes;
}

/* Writes it as it leaves in a private group; 0: it does not. */
static size_t seal(struct peers *peers, const struct wire_peer *packet,
	uint8_t out[SEAL_DATAGRAM_MAX])
{
	struct writer writer;

	/* There each packet goes on once anyway. */
	if (packet->kind == WIRE_PEER_PRUNE)
		return 0;
	writer_init(&writer, out + SEAL_HEADER_SIZE, SEAL_CHALLENGE_SIZE);
	writer_u64(&writer, packet->value);
	sealer_turn(peers->sealer);
	return sealer_seal(peers->sealer,
		packet->kind == WIRE_PEER_CHALLENGE ? SEAL_CHALLENGE
						    : SEAL_RESPONSE,
		out, SEAL_CHALLENGE_SIZE, clock_now());
}

void peers_tell(struct peers *peers, const struct address *to,
	enum wire_peer_kind kind, uint64_t value)
{
	int peer = peer_table_find(&peers->table, to);

	const struct wire_peer packet = {
		.kind = kind,
		.room = peers->room,
		.sender = peers->id,
		.value = value,
		.reports = peer >= 0 &&
			   peers->table.peers[peer].kind == PEER_SOURCE,
	};
	uint8_t bytes[SEAL_DATAGRAM_MAX];
	struct sockaddr_storage storage;
	socklen_t length = sockaddr_from_address(to, &storage);
	size_t size = WIRE_PEER_SIZE;

	if (peers->sealer)
		size = seal(peers, &packet, bytes);
	else
		wire_peer_encode(&packet, bytes);
	if (size == 0)
		return;
	if (peers->sealer && peer >= 0 && kind == WIRE_PEER_CHALLENGE)
		memcpy(peers->challenge_tags[peer],
			bytes + size - SEAL_TAG_SIZE, SEAL_TAG_SIZE);
	peer_events_add_told(&peers->events, &packet, to);
	/* One that gets lost is sent again when it is due again. */
	(void)sendto(peer_socket_fd(&peers->socket, to), bytes, size,
		MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&storage,
		length);
}

static void note_event(
	struct peers *peers, int peer, enum event_peer_state state)
{
	char label[PEERS_LABEL_SIZE];

	if (peers->table.peers[peer].kind != PEER_SOURCE)
		peer_events_add(&peers->events, state,
			peers_label(peers, peer, label),
			&peers->table.peers[peer].address);
}

static void note_heard(struct peers *peers, int peer, struct instant now)
{
	char label[PEERS_LABEL_SIZE];

	if (!peer_table_note_heard(&peers->table, peer, now))
		return;
	peers->has_news = true;
	note_event(peers, peer, EVENT_PEER_REACHED);
	peers_label(peers, peer, label);
	if (peers->table.peers[peer].kind == PEER_SOURCE)
		diagnostics_detail(
			peers->verbosity, "source %s takes reports", label);
	else
		diagnostics_detail(peers->verbosity, "peer %s is heard", label);
}

/* ---- who reports to us, as a source ---- */

/* Whether we hear the group as that host sends it, and need no reports. */
static bool is_listed(const struct peers *peers, const struct address *from)
{
	for (size_t i = 0; i < peers->config->source_count; i++) {
		struct address source = peers->config->sources[i];

		source.scope = from->scope;
		if (address_same_host(&source, from))
			return true;
	}
	return false;
}

/* Whether somebody there may report to us. */
static bool may_report(const struct peers *peers, const struct address *from,
	struct instant now)
{
	return peers->config->source_count > 0 && !is_listed(peers, from) &&
	       reporter_table_has_room(&peers->reporters, from, now);
}

static void add_reporter(
	struct peers *peers, const struct address *from, struct instant now)
{
	char text[ADDRESS_TEXT_SIZE];

	if (!reporter_table_add(&peers->reporters, from, now))
		return;
	peers->has_news = true;
	diagnostics_detail(peers->verbosity, "%s reports to this host",
		address_format(from, text));
}

unsigned peers_source_of(
	struct peers *peers, const struct address *from, struct instant now)
{
	int peer = peer_table_find(&peers->table, from);

	if (peer >= 0)
		return RELAY_PEER(peer);
	return reporter_table_find(&peers->reporters, from, now) ? RELAY_REPORTS
								 : RELAY_LAN;
}

/* ---- what comes in ---- */

bool peers_take_news(struct peers *peers)
{
	bool has_news = peers->has_news;

	peers->has_news = false;
	return has_news;
}

/* Whether we sent it ourselves, as only who saw it can tell. */
static bool is_from_us(
	const struct peers *peers, const struct wire_peer *packet, int peer)
{
	return packet->kind == WIRE_PEER_CHALLENGE &&
	       packet->sender == peers->id &&
	       packet->value == peers->table.peers[peer].challenge;
}

static void note_self(struct peers *peers, int peer)
{
	char label[PEERS_LABEL_SIZE];

	peers->table.peers[peer].is_self = true;
	if (peers->table.peers[peer].kind == PEER_SOURCE)
		return;
	note_event(peers, peer, EVENT_PEER_SELF);
	diagnostics_warning(peers->verbosity,
		"peer %s: that is this member itself; nothing is sent there",
		peers_label(peers, peer, label));
}

/* Bytes that we sent to an address came back from there. */
static void take_answer(struct peers *peers, const struct wire_peer *packet,
	const struct address *from, struct instant now)
{
	bool is_welcome = packet->reports
				  ? may_report(peers, from, now)
				  : peer_table_welcomes(&peers->table, from);

	if (!is_welcome ||
		!address_proof_check(&peers->proof, from, packet->value, now))
		return;
	if (packet->reports)
		add_reporter(peers, from, now);
	else
		note_heard(
			peers, peer_table_add(&peers->table, from, now), now);
}

static void take_prune(struct peers *peers, const struct wire_peer *packet,
	int peer, struct instant now)
{
	if (packet->value == peers->id)
		peers->table.peers[peer].spared_until =
			instant_after(now, duration_ms(RELAY_PRUNE_MS));
	else
		relay_seen_note_prune(
			peers->seen, packet->value, RELAY_PEER(peer), now);
}

/* Takes what somebody who is no peer says of the exchange itself. */
static void take_of_other(struct peers *peers, const struct wire_peer *packet,
	const struct address *from, struct instant now)
{
	struct reporter *reporter =
		reporter_table_find(&peers->reporters, from, now);

	if (reporter)
		reporter->heard_at = now;
	if (reporter && packet->kind == WIRE_PEER_CHALLENGE)
		peers_tell(peers, from, WIRE_PEER_ANSWER, packet->value);
	else if (!reporter && packet->kind == WIRE_PEER_ANSWER)
		take_answer(peers, packet, from, now);
}

/* Takes what a peer says of the exchange itself. */
static void take_own(struct peers *peers, const struct wire_peer *packet,
	const struct address *from, int peer, struct instant now)
{
	if (is_from_us(peers, packet, peer))
		note_self(peers, peer);
	if (packet->sender == peers->id)
		return;
	if (packet->kind == WIRE_PEER_CHALLENGE)
		peers_tell(peers, from, WIRE_PEER_ANSWER, packet->value);
	else if (packet->kind == WIRE_PEER_PRUNE)
		take_prune(peers, packet, peer, now);
	/* A source that reports to us hears us, and takes no reports of ours.
	 */
	if (!packet->reports)
		note_heard(peers, peer, now);
}

/* Whether it is a packet of the engine's, of our room, and another member's. */
static bool is_of_group(
	const struct peers *peers, const struct datagram *datagram)
{
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, datagram->bytes, datagram->size);
	return wire_is_packet(datagram->bytes, datagram->size) &&
	       wire_header_decode(&reader, &header) == WIRE_OK &&
	       header.room == peers->room && header.member != peers->id;
}

/* Bytes that were given out under a session of ours are no proof under the
 * next. */
static void refresh_proof(struct peers *peers)
{
	uint64_t session =
		peers->sealer ? seal_session(peers->sealer->seal) : 0;

	if (session != peers->proof_session &&
		entropy_fill(peers->proof.key, sizeof(peers->proof.key)) == 0)
		peers->proof_session = session;
}

/* A packet of the group came from nobody that we know. */
static void challenge(struct peers *peers, const struct datagram *datagram,
	struct instant now)
{
	const struct address *from = &datagram->from;
	uint64_t bytes = 0;

	refresh_proof(peers);
	if (is_of_group(peers, datagram) &&
		(peer_table_welcomes(&peers->table, from) ||
			may_report(peers, from, now)))
		bytes = address_proof_challenge(&peers->proof, from, now);
	if (bytes != 0)
		peers_tell(peers, from, WIRE_PEER_CHALLENGE, bytes);
}

/* Whose address it is; also one by which a host that was named is met first. */
static int find(
	struct peers *peers, const struct address *from, struct instant now)
{
	int peer = peer_table_find(&peers->table, from);

	if (peer >= 0)
		return peer;
	peer = peer_table_move(&peers->table, from, now);
	if (peer >= 0)
		relay_seen_forget_peer(peers->seen, RELAY_PEER(peer));
	return peer;
}

/* A packet for the engine came from somebody who is no peer. */
static bool take_of_unknown(struct peers *peers,
	const struct datagram *datagram, struct instant now)
{
	struct reporter *reporter =
		reporter_table_find(&peers->reporters, &datagram->from, now);

	if (!reporter) {
		challenge(peers, datagram, now);
		return false;
	}
	reporter->heard_at = now;
	return true;
}

/* A recording of a challenge is as good as what was recorded: so many are
 * answered. */
static bool may_answer(struct peers *peers, struct instant now)
{
	return rate_limit_take(
		&peers->answers, ADDRESS_PROOF_PER_SECOND, 0, now);
}

/* What somebody who is no peer says of the exchange in a private group: who
 * knows the key may be answered, and is asked in turn where a peer is welcome.
 * Never more than twice what came. */
static bool take_sealed_of_other(struct peers *peers,
	const struct wire_peer *packet, const struct address *from,
	struct instant now)
{
	bool is_welcome = peer_table_welcomes(&peers->table, from);
	struct wire_peer copy = *packet;

	copy.reports = !is_welcome;
	if (packet->kind == WIRE_PEER_ANSWER) {
		take_answer(peers, &copy, from, now);
		return address_proof_check(
			&peers->proof, from, packet->value, now);
	}
	/* A recording is as good as what was recorded. */
	if (!rate_limit_take(&peers->answers, ADDRESS_PROOF_PER_SECOND, 0, now))
		return false;
	peers_tell(peers, from, WIRE_PEER_ANSWER, packet->value);
	if (is_welcome || may_report(peers, from, now)) {
		uint64_t bytes =
			address_proof_challenge(&peers->proof, from, now);

		if (bytes != 0)
			peers_tell(peers, from, WIRE_PEER_CHALLENGE, bytes);
	}
	return false;
}

bool peers_take_sealed(struct peers *peers, const struct wire_peer *packet,
	const struct address *from, bool is_fresh, struct instant now)
{
	int peer = peer_table_find(&peers->table, from);
	bool is_proof = false;

	refresh_proof(peers);
	if (peer < 0)
		return take_sealed_of_other(peers, packet, from, now);
	if (packet->kind == WIRE_PEER_ANSWER)
		is_proof = packet->value == peers->table.peers[peer].challenge;
	else if (is_fresh || may_answer(peers, now))
		peers_tell(peers, from, WIRE_PEER_ANSWER, packet->value);
	if (is_fresh || is_proof)
		note_heard(peers, peer, now);
	return is_proof;
}

void peers_take_echo(struct peers *peers, const struct datagram *datagram)
{
	int peer = peer_table_find(&peers->table, &datagram->from);
	const char *end = datagram->bytes + datagram->size;

	/* Whoever hears us can send bytes like ours in the peer's name; its
	 * challenge they do not hear. */
	if (peer < 0 || peers->table.peers[peer].is_self ||
		peers->table.peers[peer].challenge == 0 ||
		memcmp(end - SEAL_TAG_SIZE, peers->challenge_tags[peer],
			SEAL_TAG_SIZE) != 0)
		return;
	note_self(peers, peer);
}

bool peers_take(struct peers *peers, const struct datagram *datagram,
	struct instant now)
{
	const struct address *from = &datagram->from;
	int peer = find(peers, from, now);
	struct wire_peer packet;

	if (peer >= 0 && peers->table.peers[peer].is_self)
		return false;
	if (!peers->sealer &&
		wire_peer_decode(datagram->bytes, datagram->size, &packet)) {
		if (packet.room != peers->room)
			return false;
		if (peer >= 0)
			take_own(peers, &packet, from, peer, now);
		else
			take_of_other(peers, &packet, from, now);
		return false;
	}
	if (peer < 0)
		return take_of_unknown(peers, datagram, now);
	if (peers->table.peers[peer].kind != PEER_SOURCE &&
		is_of_group(peers, datagram))
		note_heard(peers, peer, now);
	return true;
}

/* ---- when it is due ---- */

static void see_to(struct peers *peers, int at, struct instant now)
{
	char label[PEERS_LABEL_SIZE];
	struct peer peer;

	/* Of one that is forgotten the address is needed first. */
	peers_label(peers, at, label);
	switch (peer_table_take_due(&peers->table, at, now, &peer)) {
	case PEER_DUE_NOTHING:
		break;
	case PEER_DUE_UNHEARD:
		note_event(peers, at, EVENT_PEER_UNREACHED);
		diagnostics_warning(peers->verbosity,
			"peer %s is not heard; run mchat there with --peer "
			"and the name of this host, or with --peer any, and "
			"let UDP port %u in",
			label, (unsigned)peer.address.port);
		break;
	case PEER_DUE_SILENT:
		note_event(peers, at, EVENT_PEER_LOST);
		diagnostics_detail(peers->verbosity, "%s %s is silent",
			peer.kind == PEER_SOURCE ? "source" : "peer", label);
		if (peer.kind == PEER_NAMED)
			peer_lookup_renew(&peers->lookup, peer.name, now);
		break;
	case PEER_DUE_FORGOTTEN:
		peer_events_add(
			&peers->events, EVENT_PEER_LOST, label, &peer.address);
		diagnostics_detail(
			peers->verbosity, "peer %s is silent", label);
		relay_seen_forget_peer(peers->seen, RELAY_PEER(at));
		break;
	case PEER_DUE_KEEP_ALIVE:
		peer.challenge = random_bytes();
		peers_tell(peers, &peer.address, WIRE_PEER_CHALLENGE,
			peer.challenge);
		peers->table.peers[at].challenge = peer.challenge;
		peers->table.peers[at].sent_at = now;
		break;
	}
}

/* Names that were found to lead nowhere. */
static void note_unknown(struct peers *peers)
{
	for (size_t i = 0; i < peers->config->count; i++) {
		char name[PEER_NAME_SIZE];

		if (peers->lookup.has_failed[i] && !peers->is_unknown[i])
			peer_events_add(&peers->events, EVENT_PEER_UNKNOWN,
				peer_name_format(
					&peers->config->names[i], name),
				NULL);
		peers->is_unknown[i] = peers->lookup.has_failed[i];
	}
}

void peers_tick(struct peers *peers, struct instant now)
{
	int moved = peer_lookup_tick(
		&peers->lookup, &peers->table, peers->verbosity, now);

	note_unknown(peers);
	if (moved >= 0) {
		relay_seen_forget_peer(peers->seen, RELAY_PEER(moved));
		peers->has_news = true;
	}
	if (instant_before(now, peer_table_deadline(&peers->table)))
		return;
	for (int i = 0; i < PEER_MAX; i++)
		see_to(peers, i, now);
}

struct instant peers_deadline(const struct peers *peers)
{
	return instant_earlier(peer_lookup_deadline(&peers->lookup),
		peer_table_deadline(&peers->table));
}

size_t peers_datagram_size(const struct peers *peers)
{
	size_t least = SIZE_MAX;

	for (int i = 0; i < PEER_MAX; i++) {
		size_t size;

		/* Only what we say, and by fragments if need be. */
		if (!peer_table_is_used(&peers->table, i) ||
			peers->table.peers[i].kind == PEER_SOURCE)
			continue;
		size = peer_socket_datagram_size(
			&peers->table.peers[i].address);
		if (size < least)
			least = size;
	}
	return least;
}
