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
	outbound->failures = GATHER_NOTHING;
	outbound->refusals = GATHER_NOTHING;
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

static void finish_batch(struct outbound *outbound, struct instant now)
{
	size_t queued = send_batch_count(outbound->batch);
	size_t taken = group_sending_taken(&outbound->sending, queued);
	size_t refused = outbound->sending.refused;

	if (refused > 0) {
		outbound->error = outbound->sending.error;
		gather_add(&outbound->failures, queued - taken, now);
		gather_add(&outbound->refusals, refused, now);
	}
	outbound->unsent += queued - taken;
	outbound->sent += taken;
	send_batch_clear(outbound->batch);
	outbound->sending = (struct group_sending){0};
}

struct instant outbound_deadline(const struct outbound *outbound)
{
	const struct link *link = outbound->session->link;
	/* Each failure is a refusal, so the refusals come first. */
	struct instant next = outbound->refusals.due;

	if (outbound->has_more)
		return (struct instant){0};
	if (link && !link->stands_still && !outbound_is_waiting(outbound))
		next = instant_earlier(next, engine_deadline(link->engine));
	return next;
}

void outbound_tick(struct outbound *outbound, struct instant now)
{
	const char *unit = outbound->session->link ? "packet" : "line";
	char what[64];
	uint64_t failures = 0;
	uint64_t refusals;

	if (!gather_take(&outbound->refusals, now, &refusals))
		return;
	if (gather_take(&outbound->failures, INSTANT_NEVER, &failures)) {
		snprintf(what, sizeof(what), "send: %" PRIu64 " %s%s not sent",
			failures, unit, failures == 1 ? "" : "s");
		notice_failure(what, outbound->error);
	} else if (outbound->verbosity > NOTICE_QUIET) {
		snprintf(what, sizeof(what),
			"send: %" PRIu64
			" times refused by one interface of several",
			refusals);
		notice_failure(what, outbound->error);
	}
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
		raw_fill(outbound->input, outbound->display,
			session_trace(outbound->session), outbound->batch, now);
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
