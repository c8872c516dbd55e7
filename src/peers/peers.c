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
#include "mchat/network/call.h"
#include "mchat/network/sockaddr.h"
#include "mchat/protocol/wire.h"
#include "mchat/protocol/wire_peer.h"

/* ---- opening and closing ---- */

static void say_port(const struct peers *peers, uint16_t wanted)
{
	if (peers->socket.port != wanted)
		diagnostics_warning(peers->verbosity,
			"port %u is another member's for its peers on this "
			"host; who names this one adds :%u",
			wanted, peers->socket.port);
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
	peers->socket = PEER_SOCKET_CLOSED;
	peers->lookup.resolver = RESOLVER_IDLE;
	peers->receiving = receive_batch_new();
	peers->seen = relay_seen_new();
	if (!peers->receiving || !peers->seen ||
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

static const char *label_peer(
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

	if (source == RELAY_LAN ||
		peers->table.peers[source - 1].kind == PEER_FREE)
		return NULL;
	return label_peer(peers, (int)source - 1, out);
}

/* ---- what peers say to each other ---- */

/* 0 names nobody, and stands for no bytes. */
static uint64_t random_bytes(void)
{
	uint64_t bytes = 0;

	while (bytes == 0 && entropy_fill(&bytes, sizeof(bytes)) == 0)
		continue;
	return bytes;
}

static void send_to(const struct peers *peers, const struct address *to,
	enum wire_peer_kind kind, uint64_t value)
{
	const struct wire_peer packet = {
		.kind = kind,
		.room = peers->room,
		.sender = peers->id,
		.value = value,
	};
	uint8_t bytes[WIRE_PEER_SIZE];
	struct sockaddr_storage storage;
	socklen_t size = sockaddr_from_address(to, &storage);

	wire_peer_encode(&packet, bytes);
	/* One that gets lost is sent again when it is due again. */
	(void)sendto(peer_socket_fd(&peers->socket, to), bytes, sizeof(bytes),
		MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&storage, size);
}

static void note_heard(struct peers *peers, int peer, struct instant now)
{
	char label[PEERS_LABEL_SIZE];

	if (!peer_table_note_heard(&peers->table, peer, now))
		return;
	peers->has_news = true;
	diagnostics_detail(peers->verbosity, "peer %s is heard",
		label_peer(peers, peer, label));
}

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
	diagnostics_warning(peers->verbosity,
		"peer %s: that is this member itself; nothing is sent there",
		label_peer(peers, peer, label));
}

/* Takes what a peer, or somebody else (-1), says of the exchange itself. */
static void take_own(struct peers *peers, const struct wire_peer *packet,
	const struct address *from, int peer, struct instant now)
{
	if (peer >= 0 && is_from_us(peers, packet, peer)) {
		note_self(peers, peer);
		return;
	}
	switch (packet->kind) {
	case WIRE_PEER_CHALLENGE:
		if (peer >= 0)
			send_to(peers, from, WIRE_PEER_ANSWER, packet->value);
		break;
	case WIRE_PEER_ANSWER:
		if (peer < 0)
			peer = peer_table_prove(
				&peers->table, from, packet->value, now);
		break;
	case WIRE_PEER_PRUNE:
		if (peer >= 0)
			relay_seen_note_prune(peers->seen, packet->value,
				RELAY_PEER(peer), now);
		break;
	}
	if (peer >= 0)
		note_heard(peers, peer, now);
}

/* Whether it is a packet of the engine's, of our room. */
static bool is_of_group(
	const struct peers *peers, const struct datagram *datagram)
{
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, datagram->bytes, datagram->size);
	return wire_is_packet(datagram->bytes, datagram->size) &&
	       wire_header_decode(&reader, &header) == WIRE_OK &&
	       header.room == peers->room;
}

/* A packet of the group came from nobody that we know. */
static void challenge(struct peers *peers, const struct datagram *datagram,
	struct instant now)
{
	uint64_t bytes = random_bytes();

	if (bytes != 0 && is_of_group(peers, datagram) &&
		peer_table_challenge(
			&peers->table, &datagram->from, bytes, now))
		send_to(peers, &datagram->from, WIRE_PEER_CHALLENGE, bytes);
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

bool peers_take(struct peers *peers, const struct datagram *datagram,
	struct instant now, int *out_peer)
{
	int peer = find(peers, &datagram->from, now);
	struct wire_peer packet;

	*out_peer = peer;
	if (peer >= 0 && peers->table.peers[peer].is_self)
		return false;
	if (wire_peer_decode(datagram->bytes, datagram->size, &packet)) {
		if (packet.room == peers->room)
			take_own(peers, &packet, &datagram->from, peer, now);
		return false;
	}
	if (peer < 0) {
		challenge(peers, datagram, now);
		return false;
	}
	if (is_of_group(peers, datagram))
		note_heard(peers, peer, now);
	return true;
}

/* ---- sending ---- */

/* Takes note of how sending to a peer went; of trouble people are told once. */
static void note_sent(struct peers *peers, int peer, int error)
{
	struct peer *it = &peers->table.peers[peer];
	char label[PEERS_LABEL_SIZE];

	it->sent_at = clock_now();
	if (error && !it->error)
		diagnostics_warning(peers->verbosity,
			"peer %s: %s; mchat goes on trying",
			label_peer(peers, peer, label), strerror(error));
	it->error = error;
}

/* Sends from *at on; false: the buffer is full. */
static bool send_to_peer(struct peers *peers, struct send_batch *batch,
	int peer, size_t *at, bool *is_taken)
{
	const struct address *to = &peers->table.peers[peer].address;
	int fd = peer_socket_fd(&peers->socket, to);
	int error = fd < 0 ? EAFNOSUPPORT : 0;

	while (fd >= 0 && *at < send_batch_count(batch)) {
		int sent = send_batch_send(batch, *at, fd, to);

		for (int i = 0; i < sent; i++, (*at)++) {
			if (is_taken)
				is_taken[*at] = true;
		}
		if (sent >= 0 || errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return false;
		error = errno;
		(*at)++;
	}
	note_sent(peers, peer, error);
	return true;
}

int peers_sending_fd(
	const struct peers *peers, const struct peers_sending *progress)
{
	return progress->peer < PEER_MAX
		       ? peer_socket_fd(&peers->socket,
				 &peers->table.peers[progress->peer].address)
		       : -1;
}

void peers_send(struct peers *peers, struct send_batch *batch,
	struct peers_sending *progress, bool *is_taken)
{
	for (; progress->peer < PEER_MAX; progress->peer++) {
		if (peer_table_is_used(&peers->table, progress->peer) &&
			!send_to_peer(peers, batch, progress->peer,
				&progress->datagram, is_taken))
			return;
		progress->datagram = 0;
	}
	progress->is_done = true;
}

/* ---- passing on ---- */

/* Adds it for a destination; whether there was room. */
static bool add(
	struct peers *peers, unsigned to, const struct relay_packet *packet)
{
	struct send_batch **batch = &peers->batches[to];

	if (!*batch)
		*batch = send_batch_new(true);
	if (!*batch || send_batch_is_full(*batch))
		return false;
	send_batch_add(*batch, packet->bytes, packet->size, "");
	return true;
}

/* Keeps the ways shut that are not needed. */
static void renew(struct peers *peers, const struct relay_packet *packet,
	uint64_t member, struct instant now)
{
	unsigned source;

	while ((source = relay_seen_renew(peers->seen, packet, member, now)) !=
		RELAY_LAN)
		send_to(peers, &peers->table.peers[source - 1].address,
			WIRE_PEER_PRUNE, member);
}

bool peers_pass(struct peers *peers, const struct relay_packet *packet,
	struct instant now)
{
	uint64_t member;
	enum relay_verdict verdict =
		relay_seen_take(peers->seen, packet, peers->id, now, &member);
	bool has_gone = false;

	if (verdict == RELAY_PRUNE)
		send_to(peers, &peers->table.peers[packet->source - 1].address,
			WIRE_PEER_PRUNE, member);
	if (verdict != RELAY_PASS)
		return false;
	renew(peers, packet, member, now);
	if (!rate_limit_take(&peers->limit, PEERS_PASSED_PER_SECOND, 0, now)) {
		peers->left_out++;
		return false;
	}
	for (unsigned i = 0; i < RELAY_SOURCES; i++) {
		if (i == packet->source ||
			(i != RELAY_LAN &&
				(!peer_table_is_used(
					 &peers->table, (int)i - 1) ||
					relay_seen_is_pruned(peers->seen,
						packet->bytes, packet->size, i,
						now))))
			continue;
		if (add(peers, i, packet))
			has_gone = true;
		else
			peers->left_out++;
	}
	peers->passed_on += has_gone;
	return has_gone;
}

void peers_flush(struct peers *peers)
{
	for (int i = 0; i < PEER_MAX; i++) {
		struct send_batch *batch = peers->batches[RELAY_PEER(i)];
		size_t at = 0;

		if (!batch || send_batch_count(batch) == 0)
			continue;
		/* What has no room is lost, as anywhere on its way. */
		if (peer_table_is_used(&peers->table, i) &&
			!send_to_peer(peers, batch, i, &at, NULL))
			peers->left_out += send_batch_count(batch) - at;
		send_batch_clear(batch);
	}
}

/* ---- when it is due ---- */

static void see_to(struct peers *peers, int at, struct instant now)
{
	char label[PEERS_LABEL_SIZE];
	struct peer peer;

	/* Of one that is forgotten the address is needed first. */
	label_peer(peers, at, label);
	switch (peer_table_take_due(&peers->table, at, now, &peer)) {
	case PEER_DUE_NOTHING:
		break;
	case PEER_DUE_UNHEARD:
		diagnostics_warning(peers->verbosity,
			"peer %s is not heard; run mchat there with --peer "
			"and the name of this host, or with --peer any, and "
			"let UDP port %u in",
			label, (unsigned)peer.address.port);
		break;
	case PEER_DUE_SILENT:
		diagnostics_detail(
			peers->verbosity, "peer %s is silent", label);
		peer_lookup_renew(&peers->lookup, peer.name, now);
		break;
	case PEER_DUE_FORGOTTEN:
		diagnostics_detail(
			peers->verbosity, "peer %s is silent", label);
		relay_seen_forget_peer(peers->seen, RELAY_PEER(at));
		break;
	case PEER_DUE_KEEP_ALIVE:
		peer.challenge = random_bytes();
		send_to(peers, &peer.address, WIRE_PEER_CHALLENGE,
			peer.challenge);
		peers->table.peers[at].challenge = peer.challenge;
		peers->table.peers[at].sent_at = now;
		break;
	}
}

void peers_tick(struct peers *peers, struct instant now)
{
	int moved = peer_lookup_tick(
		&peers->lookup, &peers->table, peers->verbosity, now);

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

		if (!peer_table_is_used(&peers->table, i))
			continue;
		size = peer_socket_datagram_size(
			&peers->table.peers[i].address);
		if (size < least)
			least = size;
	}
	return least;
}
