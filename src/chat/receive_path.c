/* SPDX-License-Identifier: ISC */
#include "mchat/chat/receive_path.h"

#include <stdlib.h>

#include "mchat/io/clock.h"
#include "mchat/network/group.h"
#include "mchat/protocol/event.h"

/* What waited in the buffer when it was full is taken within this. */
#define AFTER_OVERFLOW_MS 5000

bool receive_path_init(struct receive_path *receive_path)
{
	receive_path->losses = THROTTLE_NONE;
	for (size_t i = 0; i < MEMBERSHIP_FAMILIES_MAX; i++) {
		receive_path->batches[i] = receive_batch_new();
		if (!receive_path->batches[i])
			return false;
	}
	receive_path->batch = receive_path->batches[0];
	return true;
}

void receive_path_begin(
	struct receive_path *receive_path, const struct membership *membership)
{
	receive_coalescing_init(&receive_path->coalescing,
		group_receive_buffer(membership->families[0].group));
	for (size_t i = 0; i < membership->count; i++) {
		receive_batch_begin(receive_path->batches[i]);
		receive_batch_take_only(receive_path->batches[i],
			&membership->families[i].address);
	}
	receive_path_end(receive_path);
}

void receive_path_end(struct receive_path *receive_path)
{
	receive_path->count = 0;
	receive_path->next = 0;
	receive_path->is_repeated = false;
	receive_path->family = NULL;
}

static void free_held(struct receive_path *receive_path)
{
	free((void *)(uintptr_t)receive_path->held.bytes);
	receive_path->held.bytes = NULL;
}

void receive_path_fini(struct receive_path *receive_path)
{
	free_held(receive_path);
	for (size_t i = 0; i < MEMBERSHIP_FAMILIES_MAX; i++)
		receive_batch_free(receive_path->batches[i]);
	fault_injection_fini(&receive_path->faults);
}

bool receive_path_is_coalescing(
	const struct receive_path *receive_path, struct instant now)
{
	return instant_before(now, receive_path->coalescing.until);
}

struct instant receive_path_deadline(
	const struct receive_path *receive_path, struct instant now)
{
	struct instant next = instant_earlier(receive_path->losses.due,
		fault_injection_deadline(&receive_path->faults));

	if (receive_path_is_coalescing(receive_path, now))
		next = instant_earlier(next, receive_path->coalescing.until);
	return next;
}

/* ---- datagrams ---- */

bool receive_path_has_more(const struct receive_path *receive_path)
{
	return receive_path->is_repeated ||
	       receive_path->next < receive_path->count;
}

int receive_path_fill(struct receive_path *receive_path,
	const struct membership *membership, size_t family)
{
	int count;

	receive_path->family = &membership->families[family];
	receive_path->batch = receive_path->batches[family];
	count = receive_batch_fill(receive_path->batch,
		group_receiving_fd(receive_path->family->group));
	receive_path->count = count > 0 ? (size_t)count : 0;
	receive_path->next = 0;
	return count;
}

const struct address *receive_path_first(
	const struct receive_path *receive_path)
{
	return &receive_batch_at(receive_path->batch, 0)->from;
}

/* The next of the batch that is for us, but those from `own`; NULL at its end.
 */
static const struct datagram *next_of_batch(
	struct receive_path *receive_path, struct membership *own)
{
	while (receive_path->next < receive_path->count) {
		const struct datagram *datagram = receive_batch_at(
			receive_path->batch, receive_path->next++);

		if (group_takes(receive_path->family->group,
			    datagram->interface_index) &&
			(!own || !membership_is_own(own, &datagram->from)))
			return datagram;
	}
	return NULL;
}

bool receive_path_next(struct receive_path *receive_path,
	struct membership *own, struct instant now, struct received *out)
{
	*out = (struct received){.fault = FAULT_NONE, .is_taken = true};
	free_held(receive_path);
	if (receive_path->is_repeated) {
		receive_path->is_repeated = false;
		out->datagram = receive_batch_at(
			receive_path->batch, receive_path->next - 1);
		return true;
	}
	if (fault_injection_next(
		    &receive_path->faults, now, &receive_path->held)) {
		out->datagram = &receive_path->held;
		return true;
	}
	out->datagram = next_of_batch(receive_path, own);
	if (!out->datagram)
		return false;
	out->fault =
		fault_injection_take(&receive_path->faults, out->datagram, now);
	receive_path->is_repeated = out->fault == FAULT_DUPLICATE;
	out->is_taken =
		out->fault == FAULT_NONE || out->fault == FAULT_DUPLICATE;
	return true;
}

/* ---- losses ---- */

void receive_path_ask_losses(struct receive_path *receive_path, size_t count)
{
	/* A datagram that came alone follows no flood. */
	if (count > 1)
		receive_batch_ask_overflow(receive_path->batch,
			group_receiving_fd(receive_path->family->group));
}

void receive_path_end_turn(struct receive_path *receive_path, size_t count,
	bool tells_losses, struct instant now)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < MEMBERSHIP_FAMILIES_MAX; i++)
		lost += receive_batch_take_overflow(receive_path->batches[i]);

	if (count > 0)
		receive_path->heard = now;
	receive_path->lost += lost;
	if (lost > 0)
		receive_path->lost_at = now;
	if (tells_losses)
		throttle_add(&receive_path->losses, lost, now);
	receive_coalescing_note(&receive_path->coalescing, count, now);
}

bool receive_path_take_losses(struct receive_path *receive_path,
	struct instant now, struct event *out)
{
	uint64_t count;

	if (!throttle_take(&receive_path->losses, now, &count))
		return false;
	*out = (struct event){
		.kind = EVENT_LOST,
		.time = clock_wall(),
		.lost = {.count = count,
			.why = "the receive buffer was full; --rcvbuf asks for "
			       "a larger one"},
	};
	return true;
}

bool receive_path_may_lack(const struct receive_path *receive_path,
	const struct event *event, struct event *out)
{
	struct instant since = instant_after(
		receive_path->lost_at, duration_ms(AFTER_OVERFLOW_MS));

	if (event->kind != EVENT_LEAVE || !event->leave.is_timeout ||
		receive_path->lost == 0 ||
		!instant_before(event->leave.heard_at, since))
		return false;
	*out = (struct event){
		.kind = EVENT_LOST,
		.time = event->time,
		.member = event->member,
		.lost.why = "our receive buffer was full, and there was no "
			    "word since",
	};
	return true;
}
