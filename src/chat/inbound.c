/* SPDX-License-Identifier: ISC */
#include "mchat/chat/inbound.h"

#include <errno.h>
#include <stdlib.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/clock.h"
#include "mchat/chat/delivery.h"
#include "mchat/chat/display.h"
#include "mchat/chat/output.h"
#include "mchat/chat/raw.h"
#include "mchat/chat/session.h"
#include "mchat/network/batch.h"
#include "mchat/network/group.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/wire.h"
#include "mchat/view/words.h"

/* Full batches received in a row before input and output have their turn: as
 * much as a turn of sending, of which we may hear every datagram again. */
#define RECEIVE_ROUNDS (SEND_BATCH_MAX / RECEIVE_BATCH_MAX)

/* What waited in the buffer when it was full is taken within this. */
#define DOUBT_MS 5000

bool inbound_init(struct inbound *inbound)
{
	inbound->losses = GATHER_NOTHING;
	inbound->batch = receive_batch_new();
	return inbound->batch != NULL;
}

void inbound_begin(struct inbound *inbound)
{
	hold_init(&inbound->hold,
		group_receive_buffer(inbound->session->place.group));
	receive_batch_begin(inbound->batch);
}

void inbound_fini(struct inbound *inbound)
{
	receive_batch_free(inbound->batch);
	faults_fini(&inbound->faults);
}

/* Whether there is no use in taking more just now. */
static bool is_full(const struct inbound *inbound)
{
	return display_has_all(inbound->display) ||
	       output_is_full(inbound->display->output);
}

/* The same for datagrams: a member that has seen all it wanted is still to hear
 * who confirms what it said. */
static bool is_stuffed(const struct inbound *inbound)
{
	return inbound->session->link ? output_is_full(inbound->display->output)
				      : is_full(inbound);
}

bool inbound_wants_more(const struct inbound *inbound, struct instant now)
{
	return inbound->session->is_open && !is_stuffed(inbound) &&
	       !instant_before(now, inbound->hold.until);
}

struct instant inbound_deadline(
	const struct inbound *inbound, struct instant now)
{
	struct instant next = instant_earlier(
		inbound->losses.due, faults_deadline(&inbound->faults));

	if (instant_before(now, inbound->hold.until))
		next = instant_earlier(next, inbound->hold.until);
	return next;
}

static void note_loss(struct inbound *inbound, struct instant now)
{
	uint64_t lost = receive_batch_take_overflow(inbound->batch);

	inbound->lost += lost;
	if (lost > 0)
		inbound->lost_at = now;
	/* The engine has them sent again, and tells if that fails. */
	if (!inbound->session->link)
		gather_add(&inbound->losses, lost, now);
}

static void tell_losses(struct inbound *inbound, struct instant now)
{
	struct event event = {
		.kind = EVENT_LOST,
		.lost.why = "the receive buffer was full; --rcvbuf asks for a "
			    "larger one",
	};

	if (!gather_take(&inbound->losses, now, &event.lost.count))
		return;
	event.time = clock_wall();
	display_event(inbound->display, &event);
}

/* What we said before we left and came back is not a namesake's. */
static void own_up(const struct session *session, struct event *event)
{
	if (!words_are_in(event) || !session_is_own(session, event->member.id))
		return;
	event->message.is_own = true;
	event->member.is_nick_shared = false;
}

/* An author that is silent since we lost datagrams may have said more, and bye,
 * in those.  The engine cannot know what nobody is there to tell. */
static void doubt(struct inbound *inbound, const struct event *event)
{
	struct instant since =
		instant_after(inbound->lost_at, duration_ms(DOUBT_MS));
	struct event doubt = {
		.kind = EVENT_LOST,
		.time = event->time,
		.member = event->member,
		.lost.why = "our receive buffer was full, and there was no "
			    "word since",
	};

	if (event->kind == EVENT_LEAVE && event->leave.is_timeout &&
		inbound->lost > 0 &&
		instant_before(event->leave.heard_at, since))
		display_event(inbound->display, &doubt);
}

/* Shows what the engine has to tell, as far as stdout takes it. */
static void show(struct inbound *inbound)
{
	struct link *link = inbound->session->link;
	struct event event;

	while (link && !is_full(inbound) &&
		engine_next_event(link->engine, &event)) {
		/* What nobody said has no time of its author. */
		if (event.kind != EVENT_MESSAGE && event.kind != EVENT_ACTION)
			event.time = clock_wall();
		own_up(inbound->session, &event);
		delivery_note(inbound->delivery, &event);
		doubt(inbound, &event);
		display_event(inbound->display, &event);
	}
}

/* Whether a raw chat got what members without --raw send: that is nothing to
 * read, which is said once. */
static bool is_packet(struct inbound *inbound, const struct datagram *datagram)
{
	if (!wire_is_packet(datagram->bytes, datagram->size))
		return false;
	if (!inbound->has_met_packets)
		notice_warning(inbound->verbosity,
			"members without --raw are here, too; their packets "
			"are not shown");
	inbound->has_met_packets = true;
	return true;
}

static void take(struct inbound *inbound, const struct datagram *datagram,
	struct instant now)
{
	struct session *session = inbound->session;
	const struct trace *trace = session_trace(session);
	struct event event;

	if (session->link) {
		bool is_echo =
			group_is_own(session->place.group, &datagram->from);

		if (link_receive(session->link, datagram, is_echo, now))
			return;
	} else if (trace) {
		trace_received(trace, NULL, datagram, WIRE_NOT_OURS, now);
	}
	if (display_has_all(inbound->display) ||
		(!session->link && is_packet(inbound, datagram)))
		return;
	raw_event(datagram,
		choice_name(
			&session->place.interfaces, datagram->interface_index),
		clock_wall(), &event);
	display_event(inbound->display, &event);
}

/* Takes what is due by then. */
static void take_held(
	struct inbound *inbound, struct instant then, struct instant now)
{
	struct datagram held;

	while (faults_next(&inbound->faults, then, &held)) {
		take(inbound, &held, now);
		free((void *)(uintptr_t)held.bytes);
	}
}

/* Tells who looks of a fault that a datagram suffers before it is taken. */
static void note_fault(const struct inbound *inbound,
	const struct datagram *datagram, enum fault fault, struct instant now)
{
	const struct session *session = inbound->session;
	const struct trace *trace = session_trace(session);

	if (trace)
		trace_fault(trace, session->link ? session->link->engine : NULL,
			datagram, fault, now);
}

/* Takes a datagram that has just come in, with the faults that befall it. */
static void take_new(struct inbound *inbound, const struct datagram *datagram,
	struct instant now)
{
	enum fault fault = faults_take(&inbound->faults, datagram, now);

	if (fault != FAULT_NONE)
		note_fault(inbound, datagram, fault, now);
	if (fault == FAULT_NONE || fault == FAULT_DUPLICATE)
		take(inbound, datagram, now);
	if (fault == FAULT_DUPLICATE)
		take(inbound, datagram, now);
	take_held(inbound, now, now);
}

/* Takes one batch; returns its size, or -1 when receiving failed. */
static int receive_batch(struct inbound *inbound, int fd, struct instant now)
{
	struct group *group = inbound->session->place.group;
	int count = receive_batch_fill(inbound->batch, fd);

	for (int i = 0; i < count; i++) {
		const struct datagram *datagram =
			receive_batch_at(inbound->batch, (size_t)i);

		/* The engine is told of its own. */
		if (!inbound->session->link &&
			group_is_own(group, &datagram->from))
			continue;
		take_new(inbound, datagram, now);
	}
	show(inbound);
	return count;
}

/* Takes what a socket has; returns how many datagrams. */
static size_t receive_all(struct inbound *inbound, int fd, struct instant now)
{
	size_t received = 0;

	for (int round = 0; round < RECEIVE_ROUNDS; round++) {
		int count = receive_batch(inbound, fd, now);

		if (count < 0) {
			notice_failure("receive", errno);
			inbound->has_failed = true;
			return received;
		}
		received += (size_t)count;
		if (count < RECEIVE_BATCH_MAX || is_stuffed(inbound))
			break;
	}
	/* A datagram that came alone follows no flood. */
	if (received > 1)
		receive_batch_ask_overflow(inbound->batch, fd);
	return received;
}

void inbound_receive(struct inbound *inbound, struct instant now)
{
	struct group *group = inbound->session->place.group;
	size_t received = 0;

	do
		received +=
			receive_all(inbound, group_receiving_fd(group), now);
	while (!inbound->has_failed && group_close_replaced(group));
	note_loss(inbound, now);
	hold_note(&inbound->hold, received, now);
	if (inbound->display->output->queue.failed) {
		notice_failure("messages waiting for stdout", ENOMEM);
		inbound->has_failed = true;
	}
}

void inbound_tick(struct inbound *inbound, struct instant now)
{
	take_held(inbound, now, now);
	show(inbound);
	tell_losses(inbound, now);
}

void inbound_finish(struct inbound *inbound, struct instant now)
{
	if (inbound_wants_more(inbound, INSTANT_NEVER))
		inbound_receive(inbound, now);
	take_held(inbound, INSTANT_NEVER, now);
	show(inbound);
	tell_losses(inbound, INSTANT_NEVER);
}
