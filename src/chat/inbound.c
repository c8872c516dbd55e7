/* SPDX-License-Identifier: ISC */
#include "mchat/chat/inbound.h"

#include <errno.h>
#include <stdio.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/choose.h"
#include "mchat/chat/clock.h"
#include "mchat/chat/output.h"
#include "mchat/chat/raw.h"
#include "mchat/network/batch.h"
#include "mchat/network/group.h"
#include "mchat/protocol/event.h"

/* Full batches received in a row before input and output have their turn: as
 * much as a turn of sending, of which we may hear every datagram again. */
#define RECEIVE_ROUNDS (SEND_BATCH_MAX / RECEIVE_BATCH_MAX)

bool inbound_init(struct inbound *inbound)
{
	inbound->losses = GATHER_NOTHING;
	inbound->batch = receive_batch_new();
	return inbound->batch != NULL;
}

void inbound_fini(struct inbound *inbound)
{
	receive_batch_free(inbound->batch);
}

bool inbound_has_count(const struct inbound *inbound)
{
	return inbound->count > 0 && inbound->received >= inbound->count;
}

bool inbound_wants_more(const struct inbound *inbound, struct instant now)
{
	return !instant_before(now, inbound->hold.until) &&
	       !inbound_has_count(inbound) && !output_is_full(inbound->output);
}

struct instant inbound_deadline(
	const struct inbound *inbound, struct instant now)
{
	if (instant_before(now, inbound->hold.until))
		return instant_earlier(
			inbound->hold.until, inbound->losses.due);
	return inbound->losses.due;
}

static void show(struct inbound *inbound, const struct event *event)
{
	struct buffer line = BUFFER_EMPTY;

	if (view_stream(&inbound->view, event) == VIEW_STDOUT) {
		view_event(&inbound->view, event, &inbound->output->queue);
		return;
	}
	if (inbound->verbosity == NOTICE_QUIET)
		return;
	view_event(&inbound->view, event, &line);
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
}

static void note_loss(struct inbound *inbound)
{
	uint64_t lost = receive_batch_take_overflow(inbound->batch);

	inbound->lost += lost;
	if (lost > 0)
		gather_add(&inbound->losses, lost, clock_now());
}

void inbound_tick(struct inbound *inbound, struct instant now)
{
	struct event event = {
		.kind = EVENT_LOST,
		.lost.why = "the receive buffer was full; --rcvbuf asks for a "
			    "larger one",
	};

	if (!gather_take(&inbound->losses, now, &event.lost.count))
		return;
	event.time = clock_wall();
	show(inbound, &event);
}

static const char *interface_name(const struct inbound *inbound, unsigned index)
{
	for (size_t i = 0; i < inbound->choice->count; i++) {
		if (inbound->choice->items[i].index == index)
			return inbound->choice->items[i].name;
	}
	return NULL;
}

static void take(struct inbound *inbound, const struct datagram *datagram,
	struct wall_time time)
{
	struct event event;

	inbound->received++;
	raw_event(datagram, interface_name(inbound, datagram->interface_index),
		time, &event);
	show(inbound, &event);
}

/* Takes one batch; returns its size, or -1 when receiving failed. */
static int receive_batch(struct inbound *inbound, struct group *group)
{
	struct wall_time time = clock_wall();
	int count =
		receive_batch_fill(inbound->batch, group_receiving_fd(group));

	for (int i = 0; i < count && !inbound_has_count(inbound); i++) {
		const struct datagram *datagram =
			receive_batch_at(inbound->batch, (size_t)i);

		if (!group_is_own(group, &datagram->from))
			take(inbound, datagram, time);
	}
	return count;
}

void inbound_receive(struct inbound *inbound, struct group *group)
{
	size_t received = 0;

	for (int round = 0; round < RECEIVE_ROUNDS; round++) {
		int count = receive_batch(inbound, group);

		if (count < 0) {
			notice_failure("receive", errno);
			inbound->has_failed = true;
			return;
		}
		received += (size_t)count;
		if (count < RECEIVE_BATCH_MAX || inbound_has_count(inbound) ||
			output_is_full(inbound->output))
			break;
	}
	receive_batch_ask_overflow(inbound->batch, group_receiving_fd(group));
	note_loss(inbound);
	hold_note(&inbound->hold, received, clock_now());
	if (inbound->output->queue.failed) {
		notice_failure("messages waiting for stdout", ENOMEM);
		inbound->has_failed = true;
	}
}
