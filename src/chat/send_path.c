/* SPDX-License-Identifier: ISC */
#include "mchat/chat/send_path.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "mchat/network/send_batch.h"
#include "mchat/peers/peers.h"

bool send_path_init(struct send_path *send_path, bool is_raw)
{
	send_path->is_raw = is_raw;
	send_path->losses = THROTTLE_NONE;
	send_path->trouble = HYSTERESIS_NONE;
	send_path->unready_since = INSTANT_NEVER;
	send_path->batch = send_batch_new(!is_raw);
	return send_path->batch != NULL;
}

void send_path_fini(struct send_path *send_path)
{
	send_batch_free(send_path->batch);
}

bool send_path_is_waiting(const struct send_path *send_path)
{
	return send_batch_count(send_path->batch) > 0;
}

size_t send_path_left(const struct send_path *send_path)
{
	size_t queued = send_batch_count(send_path->batch);

	return queued - group_sending_taken(&send_path->sending.group, queued);
}

/* How long it may take until an address can be sent from: see
 * interface_address_is_ready. */
#define UNREADY_MS 3000

/* Whether what was refused was so because the address is not ready yet, as is
 * usual for a moment after a link comes up. */
static bool is_unready(struct send_path *send_path,
	const struct group_sending *sending, struct instant now)
{
	if (sending->refused == 0 || sending->error != EADDRNOTAVAIL) {
		send_path->unready_since = INSTANT_NEVER;
		return false;
	}
	if (instant_is_never(send_path->unready_since))
		send_path->unready_since = now;
	return instant_before(now, instant_after(send_path->unready_since,
					   duration_ms(UNREADY_MS)));
}

/* Takes note of how the batch went, of which so much was taken by none. */
static void note_failures(struct send_path *send_path,
	const struct membership *membership, size_t untaken, struct instant now)
{
	const struct group_sending *sending = &send_path->sending.group;
	bool is_lost = untaken > 0 && send_path->is_raw;

	if (sending->refused > 0)
		send_path->error = sending->error;
	if (is_lost)
		throttle_add(&send_path->losses, untaken, now);
	/* Who follows the interfaces says that none is left. */
	if (is_lost || !membership_has_interface(membership) ||
		is_unready(send_path, sending, now))
		return;
	if (sending->refused > 0)
		send_path->is_partial = untaken == 0;
	hysteresis_note(&send_path->trouble, sending->refused > 0, now);
}

static void finish_batch(struct send_path *send_path,
	const struct membership *membership, struct instant now)
{
	size_t queued = send_batch_count(send_path->batch);
	size_t taken = group_sending_taken(&send_path->sending.group, queued);

	note_failures(send_path, membership, queued - taken, now);
	send_path->unsent += queued - taken;
	send_path->sent += taken;
	send_batch_clear(send_path->batch);
	send_path->sending = (struct membership_sending){0};
	send_path->to_peers = (struct peers_sending){0};
}

void send_path_drop(struct send_path *send_path,
	const struct membership *membership, struct instant now)
{
	send_path->has_more = false;
	if (send_path_is_waiting(send_path))
		finish_batch(send_path, membership, now);
}

struct instant send_path_deadline(const struct send_path *send_path)
{
	if (send_path->has_more)
		return (struct instant){0};
	return instant_earlier(send_path->losses.due,
		hysteresis_deadline(&send_path->trouble));
}

static void tell_losses(struct send_path *send_path, struct instant now)
{
	char what[64];
	uint64_t losses;

	if (!throttle_take(&send_path->losses, now, &losses))
		return;
	snprintf(what, sizeof(what), "send: %" PRIu64 " line%s not sent",
		losses, losses == 1 ? "" : "s");
	diagnostics_failure(what, send_path->error);
}

static void tell_trouble(struct send_path *send_path, enum verbosity verbosity,
	struct instant now)
{
	switch (hysteresis_take(&send_path->trouble, now)) {
	case HYSTERESIS_NO_NEWS:
		return;
	case HYSTERESIS_BEGINS:
		if (!send_path->is_partial)
			diagnostics_failure("send", send_path->error);
		else if (verbosity > VERBOSITY_QUIET)
			diagnostics_failure(
				"send: refused by one interface of several",
				send_path->error);
		return;
	case HYSTERESIS_ENDS:
		diagnostics_warning(verbosity, "send: works again");
		return;
	}
}

void send_path_forget_trouble(struct send_path *send_path)
{
	hysteresis_forget(&send_path->trouble);
}

void send_path_tick(struct send_path *send_path, enum verbosity verbosity,
	struct instant now)
{
	tell_losses(send_path, now);
	tell_trouble(send_path, verbosity, now);
}

void send_path_send(struct send_path *send_path, struct membership *membership,
	struct peers *peers, bool has_more, struct instant now)
{
	struct group_sending *sending = &send_path->sending.group;

	send_path->has_more = has_more;
	send_path->has_peers = peers != NULL;
	if (!send_path_is_waiting(send_path))
		return;
	if (!sending->is_done)
		membership_send(
			membership, send_path->batch, &send_path->sending);
	if (sending->is_done && peers)
		peer_output_send(peers, send_path->batch, &send_path->to_peers,
			sending->is_taken);
	if (sending->is_done && (!peers || send_path->to_peers.is_done))
		finish_batch(send_path, membership, now);
}

int send_path_waiting_fd(const struct send_path *send_path,
	const struct membership *membership, const struct peers *peers)
{
	if (!send_path_is_waiting(send_path))
		return -1;
	return send_path->sending.group.is_done && peers
		       ? peer_output_fd(peers, &send_path->to_peers)
		       : membership_sending_fd(membership, &send_path->sending);
}
