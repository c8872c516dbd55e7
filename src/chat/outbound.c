/* SPDX-License-Identifier: ISC */
#include "mchat/chat/outbound.h"

#include <inttypes.h>
#include <stdio.h>

#include "mchat/chat/input.h"
#include "mchat/chat/raw.h"
#include "mchat/chat/session.h"
#include "mchat/network/batch.h"
#include "mchat/protocol/engine.h"

bool outbound_init(struct outbound *outbound)
{
	outbound->losses = GATHER_NOTHING;
	outbound->trouble = TROUBLE_NONE;
	outbound->batch = send_batch_new(!outbound->session->config.is_raw);
	return outbound->batch != NULL;
}

void outbound_fini(struct outbound *outbound)
{
	send_batch_free(outbound->batch);
}

bool outbound_is_waiting(const struct outbound *outbound)
{
	return send_batch_count(outbound->batch) > 0;
}

bool outbound_wants_input(const struct outbound *outbound)
{
	return input_wants_more(outbound->input) &&
	       !outbound_is_waiting(outbound) && !outbound->has_more;
}

size_t outbound_left(const struct outbound *outbound)
{
	size_t queued = send_batch_count(outbound->batch);

	return queued - group_sending_taken(&outbound->sending, queued);
}

/* Takes note of how the batch went, of which so much was taken by none. */
static void note_failures(
	struct outbound *outbound, size_t untaken, struct instant now)
{
	const struct group_sending *sending = &outbound->sending;
	bool is_lost = untaken > 0 && !outbound->session->link;

	if (sending->refused > 0)
		outbound->error = sending->error;
	if (is_lost)
		gather_add(&outbound->losses, untaken, now);
	/* Who follows the interfaces says that none is left. */
	if (is_lost || outbound->session->place.interfaces.count == 0)
		return;
	if (sending->refused > 0)
		outbound->is_partial = untaken == 0;
	trouble_note(&outbound->trouble, sending->refused > 0, now);
}

static void finish_batch(struct outbound *outbound, struct instant now)
{
	size_t queued = send_batch_count(outbound->batch);
	size_t taken = group_sending_taken(&outbound->sending, queued);

	note_failures(outbound, queued - taken, now);
	outbound->unsent += queued - taken;
	outbound->sent += taken;
	send_batch_clear(outbound->batch);
	outbound->sending = (struct group_sending){0};
}

void outbound_drop(struct outbound *outbound, struct instant now)
{
	if (outbound_is_waiting(outbound))
		finish_batch(outbound, now);
}

struct instant outbound_deadline(const struct outbound *outbound)
{
	const struct link *link = outbound->session->link;
	struct instant next = instant_earlier(
		outbound->losses.due, trouble_deadline(&outbound->trouble));

	if (outbound->has_more)
		return (struct instant){0};
	if (link && !link->stands_still && !outbound_is_waiting(outbound))
		next = instant_earlier(next, engine_deadline(link->engine));
	return next;
}

static void tell_losses(struct outbound *outbound, struct instant now)
{
	char what[64];
	uint64_t losses;

	if (!gather_take(&outbound->losses, now, &losses))
		return;
	snprintf(what, sizeof(what), "send: %" PRIu64 " line%s not sent",
		losses, losses == 1 ? "" : "s");
	notice_failure(what, outbound->error);
}

static void tell_trouble(struct outbound *outbound, struct instant now)
{
	switch (trouble_take(&outbound->trouble, now)) {
	case TROUBLE_NO_NEWS:
		return;
	case TROUBLE_BEGINS:
		if (!outbound->is_partial)
			notice_failure("send", outbound->error);
		else if (outbound->verbosity > NOTICE_QUIET)
			notice_failure(
				"send: refused by one interface of several",
				outbound->error);
		return;
	case TROUBLE_ENDS:
		notice_warning(outbound->verbosity, "send: works again");
		return;
	}
}

void outbound_restart(struct outbound *outbound)
{
	trouble_forget(&outbound->trouble);
}

void outbound_tick(struct outbound *outbound, struct instant now)
{
	tell_losses(outbound, now);
	tell_trouble(outbound, now);
}

static void fill(struct outbound *outbound, struct instant now)
{
	if (outbound->session->link) {
		link_fill(outbound->session->link, outbound->input,
			outbound->display, outbound->batch, now);
		/* What did not fit into a full batch is still there. */
		outbound->has_more =
			send_batch_count(outbound->batch) == LINK_PACKETS;
	} else {
		raw_fill(outbound->input, outbound->display, outbound->batch);
		outbound->has_more = send_batch_is_full(outbound->batch);
	}
}

void outbound_send(struct outbound *outbound, struct instant now)
{
	outbound->has_more = false;
	if (!outbound->session->is_open)
		return;
	if (!outbound_is_waiting(outbound))
		fill(outbound, now);
	if (!outbound_is_waiting(outbound))
		return;
	group_send(outbound->session->place.group, outbound->batch,
		&outbound->sending);
	if (outbound->sending.is_done)
		finish_batch(outbound, now);
}
