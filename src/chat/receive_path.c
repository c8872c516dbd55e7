/* SPDX-License-Identifier: ISC */
#include "mchat/chat/receive_path.h"

#include <errno.h>
#include <stdlib.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/delivery.h"
#include "mchat/chat/display.h"
#include "mchat/chat/raw.h"
#include "mchat/chat/session.h"
#include "mchat/io/clock.h"
#include "mchat/io/output_queue.h"
#include "mchat/network/batch.h"
#include "mchat/network/group.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/wire.h"
#include "mchat/view/event_payload.h"

/* Full batches received in a row before input and output have their turn: as
 * much as a turn of sending, of which we may hear every datagram again. */
#define RECEIVE_ROUNDS (SEND_BATCH_MAX / RECEIVE_BATCH_MAX)

/* What waited in the buffer when it was full is taken within this. */
#define DOUBT_MS 5000

bool receive_path_init(struct receive_path *receive_path)
{
	receive_path->losses = THROTTLE_NONE;
	receive_path->batch = receive_batch_new();
	return receive_path->batch != NULL;
}

void receive_path_begin(struct receive_path *receive_path)
{
	coalesce_init(&receive_path->coalesce,
		group_receive_buffer(receive_path->session->membership.group));
	receive_batch_begin(receive_path->batch);
}

void receive_path_fini(struct receive_path *receive_path)
{
	receive_batch_free(receive_path->batch);
	fault_injection_fini(&receive_path->faults);
}

/* Whether there is no use in taking more just now. */
static bool is_full(const struct receive_path *receive_path)
{
	return display_has_all(receive_path->display) ||
	       output_queue_is_full(receive_path->display->output);
}

/* The same for datagrams: a member that has seen all it wanted is still to hear
 * who confirms what it said. */
static bool is_stuffed(const struct receive_path *receive_path)
{
	return receive_path->session->driver
		       ? output_queue_is_full(receive_path->display->output)
		       : is_full(receive_path);
}

bool receive_path_wants_more(
	const struct receive_path *receive_path, struct instant now)
{
	return receive_path->session->is_open && !is_stuffed(receive_path) &&
	       !instant_before(now, receive_path->coalesce.until);
}

struct instant receive_path_deadline(
	const struct receive_path *receive_path, struct instant now)
{
	struct instant next = instant_earlier(receive_path->losses.due,
		fault_injection_deadline(&receive_path->faults));

	if (instant_before(now, receive_path->coalesce.until))
		next = instant_earlier(next, receive_path->coalesce.until);
	return next;
}

static void note_loss(struct receive_path *receive_path, struct instant now)
{
	uint64_t lost = receive_batch_take_overflow(receive_path->batch);

	receive_path->lost += lost;
	if (lost > 0)
		receive_path->lost_at = now;
	/* The engine has them sent again, and tells if that fails. */
	if (!receive_path->session->driver)
		throttle_add(&receive_path->losses, lost, now);
}

static void tell_losses(struct receive_path *receive_path, struct instant now)
{
	struct event event = {
		.kind = EVENT_LOST,
		.lost.why = "the receive buffer was full; --rcvbuf asks for a "
			    "larger one",
	};

	if (!throttle_take(&receive_path->losses, now, &event.lost.count))
		return;
	event.time = clock_wall();
	display_event(receive_path->display, &event);
}

/* What we said before we left and came back is ours, not a namesake's. */
static void own_up(const struct session *session, struct event *event)
{
	if (!event_payload_exists(event) ||
		!session_is_own(session, event->member.id))
		return;
	event->message.is_own = true;
	event->member.is_nick_shared = false;
}

/* An author that is silent since we lost datagrams may have said more, and bye,
 * in those.  The engine cannot know what nobody is there to tell. */
static void doubt(struct receive_path *receive_path, const struct event *event)
{
	struct instant since =
		instant_after(receive_path->lost_at, duration_ms(DOUBT_MS));
	struct event doubt = {
		.kind = EVENT_LOST,
		.time = event->time,
		.member = event->member,
		.lost.why = "our receive buffer was full, and there was no "
			    "word since",
	};

	if (event->kind == EVENT_LEAVE && event->leave.is_timeout &&
		receive_path->lost > 0 &&
		instant_before(event->leave.heard_at, since))
		display_event(receive_path->display, &doubt);
}

/* Shows what the engine has to tell, as far as stdout takes it. */
static void show(struct receive_path *receive_path)
{
	struct engine_driver *driver = receive_path->session->driver;
	struct event event;

	while (driver && !is_full(receive_path) &&
		engine_next_event(driver->engine, &event)) {
		/* What nobody said has no time of its author. */
		if (event.kind != EVENT_MESSAGE && event.kind != EVENT_ACTION)
			event.time = clock_wall();
		own_up(receive_path->session, &event);
		delivery_note(receive_path->delivery, &event);
		doubt(receive_path, &event);
		display_event(receive_path->display, &event);
	}
}

/* Whether a raw chat got what members without --raw send: that is nothing to
 * read, which is said once. */
static bool is_packet(
	struct receive_path *receive_path, const struct datagram *datagram)
{
	if (!wire_is_packet(datagram->bytes, datagram->size))
		return false;
	if (!receive_path->has_met_packets)
		diagnostics_warning(receive_path->verbosity,
			"members without --raw are here, too; their packets "
			"are not shown");
	receive_path->has_met_packets = true;
	return true;
}

static void take(struct receive_path *receive_path,
	const struct datagram *datagram, struct instant now)
{
	struct session *session = receive_path->session;
	const struct trace *trace = session_trace(session);
	struct event event;

	if (session->driver) {
		bool is_echo = group_is_own(
			session->membership.group, &datagram->from);

		if (engine_driver_receive(
			    session->driver, datagram, is_echo, now))
			return;
	} else if (trace) {
		trace_received(trace, NULL, datagram, WIRE_NOT_OURS, now);
	}
	if (display_has_all(receive_path->display) ||
		(!session->driver && is_packet(receive_path, datagram)))
		return;
	raw_event(datagram,
		interface_set_name(&session->membership.interfaces,
			datagram->interface_index),
		clock_wall(), &event);
	display_event(receive_path->display, &event);
}

/* Takes what is due by then. */
static void take_held(struct receive_path *receive_path, struct instant then,
	struct instant now)
{
	struct datagram held;

	while (fault_injection_next(&receive_path->faults, then, &held)) {
		take(receive_path, &held, now);
		free((void *)(uintptr_t)held.bytes);
	}
}

/* Traces a fault that is injected into a datagram. */
static void note_fault(const struct receive_path *receive_path,
	const struct datagram *datagram, enum fault fault, struct instant now)
{
	const struct session *session = receive_path->session;
	const struct trace *trace = session_trace(session);

	if (trace)
		trace_fault(trace,
			session->driver ? session->driver->engine : NULL,
			datagram, fault, now);
}

/* Takes a datagram that has just come in, with the faults injected into it. */
static void take_new(struct receive_path *receive_path,
	const struct datagram *datagram, struct instant now)
{
	enum fault fault =
		fault_injection_take(&receive_path->faults, datagram, now);

	if (fault != FAULT_NONE)
		note_fault(receive_path, datagram, fault, now);
	if (fault == FAULT_NONE || fault == FAULT_DUPLICATE)
		take(receive_path, datagram, now);
	if (fault == FAULT_DUPLICATE)
		take(receive_path, datagram, now);
	take_held(receive_path, now, now);
}

/* Takes one batch; returns its size, or -1 when receiving failed. */
static int receive_batch(
	struct receive_path *receive_path, int fd, struct instant now)
{
	struct group *group = receive_path->session->membership.group;
	int count = receive_batch_fill(receive_path->batch, fd);

	for (int i = 0; i < count; i++) {
		const struct datagram *datagram =
			receive_batch_at(receive_path->batch, (size_t)i);

		/* The engine is told of its own. */
		if (!receive_path->session->driver &&
			group_is_own(group, &datagram->from))
			continue;
		take_new(receive_path, datagram, now);
	}
	show(receive_path);
	return count;
}

/* Takes what a socket has; returns how many datagrams. */
static size_t receive_all(
	struct receive_path *receive_path, int fd, struct instant now)
{
	size_t received = 0;

	for (int round = 0; round < RECEIVE_ROUNDS; round++) {
		int count = receive_batch(receive_path, fd, now);

		if (count < 0) {
			diagnostics_failure("receive", errno);
			receive_path->has_failed = true;
			return received;
		}
		received += (size_t)count;
		if (count < RECEIVE_BATCH_MAX || is_stuffed(receive_path))
			break;
	}
	/* A datagram that came alone follows no flood. */
	if (received > 1)
		receive_batch_ask_overflow(receive_path->batch, fd);
	return received;
}

void receive_path_receive(struct receive_path *receive_path, struct instant now)
{
	struct group *group = receive_path->session->membership.group;
	size_t received = 0;

	do
		received += receive_all(
			receive_path, group_receiving_fd(group), now);
	while (!receive_path->has_failed && group_close_replaced(group));
	note_loss(receive_path, now);
	coalesce_note(&receive_path->coalesce, received, now);
	if (receive_path->display->output->queue.failed) {
		diagnostics_failure("messages waiting for stdout", ENOMEM);
		receive_path->has_failed = true;
	}
}

void receive_path_tick(struct receive_path *receive_path, struct instant now)
{
	take_held(receive_path, now, now);
	show(receive_path);
	tell_losses(receive_path, now);
}

void receive_path_finish(struct receive_path *receive_path, struct instant now)
{
	if (receive_path_wants_more(receive_path, INSTANT_NEVER))
		receive_path_receive(receive_path, now);
	take_held(receive_path, INSTANT_NEVER, now);
	show(receive_path);
	tell_losses(receive_path, INSTANT_NEVER);
}
