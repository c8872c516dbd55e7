/* SPDX-License-Identifier: ISC */
#include "mchat/peers/peer_output.h"

#include <errno.h>
#include <string.h>

#include "mchat/io/clock.h"
#include "mchat/network/send_batch.h"
#include "mchat/peers/peers.h"

/* ---- what we say ---- */

/* Takes note of how sending to a peer went; of trouble people are told once. */
static void note_sent(struct peers *peers, int peer, int error)
{
	struct peer *it = &peers->table.peers[peer];
	char label[PEERS_LABEL_SIZE];

	it->sent_at = clock_now();
	if (error && !it->error)
		diagnostics_warning(peers->verbosity,
			"peer %s: %s; mchat goes on trying",
			peers_label(peers, peer, label), strerror(error));
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

/* Adds it for a destination; whether there was room. */
static bool add(
	struct peers *peers, unsigned to, const void *bytes, size_t size)
{
	struct send_batch **batch = &peers->batches[to];

	if (!*batch)
		*batch = send_batch_new(true);
	if (!*batch || send_batch_is_full(*batch))
		return false;
	send_batch_add(*batch, bytes, size, "");
	return true;
}

/* Sends what was added for a peer.  What has no room is lost, as anywhere on
 * its way. */
static void flush(struct peers *peers, int peer)
{
	struct send_batch *batch = peers->batches[RELAY_PEER(peer)];
	size_t at = 0;

	if (!batch || send_batch_count(batch) == 0)
		return;
	if (peer_table_is_used(&peers->table, peer) &&
		!send_to_peer(peers, batch, peer, &at, NULL))
		peers->left_out += send_batch_count(batch) - at;
	send_batch_clear(batch);
}

/* Whether some of what we say is left out for this peer. */
static bool is_choosy(const struct peer *peer, struct instant now)
{
	return instant_before(now, peer->spared_until) ||
	       (peer->kind == PEER_SOURCE && !peer->is_heard);
}

/* What comes to it by another way it said that it can do without; and a source
 * that does not take reports, or not yet, is only asked to.  In a private group
 * only the batch knows what was sealed, and nobody says what to spare. */
static bool wants(const struct peers *peers, const struct peer *peer,
	const struct send_batch *batch, size_t i, struct instant now)
{
	size_t size;
	const void *bytes = send_batch_bytes(batch, i, &size);
	bool is_state = peers->sealer ? send_batch_is_state(batch, i)
				      : relay_seen_is_state(bytes, size);

	if (peer->kind == PEER_SOURCE && !peer->is_heard)
		return is_state;
	return !instant_before(now, peer->spared_until) ||
	       !relay_seen_is_first_time(bytes, size);
}

/* Sends what the peer wants of a batch; what it does without counts as sent. */
static void send_chosen(struct peers *peers, const struct send_batch *batch,
	int peer, bool *is_taken)
{
	const struct peer *it = &peers->table.peers[peer];
	struct instant now = clock_now();

	for (size_t i = 0; i < send_batch_count(batch); i++) {
		size_t size;
		const void *bytes = send_batch_bytes(batch, i, &size);

		is_taken[i] = true;
		if (wants(peers, it, batch, i, now))
			(void)add(peers, RELAY_PEER(peer), bytes, size);
	}
	flush(peers, peer);
}

int peer_output_fd(
	const struct peers *peers, const struct peers_sending *progress)
{
	return progress->peer < PEER_MAX
		       ? peer_socket_fd(&peers->socket,
				 &peers->table.peers[progress->peer].address)
		       : -1;
}

void peer_output_send(struct peers *peers, struct send_batch *batch,
	struct peers_sending *progress, bool *is_taken)
{
	for (; progress->peer < PEER_MAX; progress->peer++) {
		int peer = progress->peer;

		if (!peer_table_is_used(&peers->table, peer))
			continue;
		if (is_choosy(&peers->table.peers[peer], clock_now()))
			send_chosen(peers, batch, peer, is_taken);
		else if (!send_to_peer(peers, batch, peer, &progress->datagram,
				 is_taken))
			return;
		progress->datagram = 0;
	}
	progress->is_done = true;
}

/* ---- passing on ---- */

/* Keeps the ways shut that are not needed. */
static void renew(struct peers *peers, const struct relay_packet *packet,
	uint64_t member, struct instant now)
{
	unsigned source;

	while ((source = relay_seen_renew(peers->seen, packet, member, now)) !=
		RELAY_LAN)
		peers_tell(peers, &peers->table.peers[source - 1].address,
			WIRE_PEER_PRUNE, member);
}

/* A source hears what is sent to our network as we do, or has it reported; it
 * lacks what comes from peers. */
static bool source_lacks(
	const struct peers *peers, const struct relay_packet *packet)
{
	return packet->source != RELAY_LAN && packet->source != RELAY_REPORTS &&
	       peers->table.peers[packet->source - 1].kind != PEER_SOURCE;
}

/* Whether a packet goes on to a destination. */
static bool goes_to(const struct peers *peers,
	const struct relay_packet *packet, unsigned to, struct instant now)
{
	if (to == packet->source)
		return false;
	if (to == RELAY_LAN)
		return true;
	if (!peer_table_is_used(&peers->table, (int)to - 1) ||
		(peers->table.peers[to - 1].kind == PEER_SOURCE &&
			!source_lacks(peers, packet)))
		return false;
	return !relay_seen_is_pruned(
		peers->seen, packet->bytes, packet->size, to, now);
}

/* Whether there is anybody to pass on to, or from. */
static bool is_idle(const struct peers *peers)
{
	return !peers_are_asked_for(peers->config) && !peers->reporters.has_any;
}

/* Adds it for all to whom it goes; whether there is any. */
static bool pass_on(struct peers *peers, const struct relay_packet *packet,
	struct instant now)
{
	bool has_gone = false;

	if (!rate_limit_take(&peers->limit, PEERS_PASSED_PER_SECOND, 0, now)) {
		peers->left_out++;
		return false;
	}
	for (unsigned i = 0; i < RELAY_REPORTS; i++) {
		if (!goes_to(peers, packet, i, now))
			continue;
		if (add(peers, i, packet->datagram, packet->datagram_size))
			has_gone = true;
		else
			peers->left_out++;
	}
	peers->passed_on += has_gone;
	return has_gone;
}

bool peer_output_pass(struct peers *peers, const struct relay_packet *packet,
	const struct address *from, struct instant now)
{
	enum relay_verdict verdict;
	struct relay_author author;

	if (is_idle(peers))
		return false;
	verdict = relay_seen_take(peers->seen, packet, peers->id, now, &author);
	/* One that reports to us has no number of its own. */
	if (verdict == RELAY_PRUNE)
		peers_tell(peers,
			author.asked == RELAY_REPORTS
				? from
				: &peers->table.peers[author.asked - 1].address,
			WIRE_PEER_PRUNE, author.member);
	if (verdict != RELAY_PASS)
		return false;
	renew(peers, packet, author.member, now);
	return pass_on(peers, packet, now);
}

bool peer_output_pass_always(struct peers *peers,
	const struct relay_packet *packet, struct instant now)
{
	return !is_idle(peers) && pass_on(peers, packet, now);
}

void peer_output_flush(struct peers *peers)
{
	for (int i = 0; i < PEER_MAX; i++)
		flush(peers, i);
}
