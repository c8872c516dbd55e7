/* SPDX-License-Identifier: ISC */
#include "mchat/chat/outbound.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/utf8.h"
#include "mchat/chat/clock.h"
#include "mchat/chat/raw.h"
#include "mchat/network/batch.h"

/* One read of standard input takes this much. */
#define INPUT_CHUNK ((size_t)64 * 1024)

bool outbound_init(struct outbound *outbound, const char *const *messages,
	size_t message_count, bool reads_input, enum verbosity verbosity)
{
	*outbound = (struct outbound){
		.verbosity = verbosity,
		.messages = messages,
		.message_count = message_count,
		.input_is_terminal = isatty(STDIN_FILENO),
		.batch = send_batch_new(),
		.failures = GATHER_NOTHING,
		.refusals = GATHER_NOTHING,
	};
	lines_init(&outbound->lines, RAW_LINE_MAX);
	if (!reads_input)
		lines_end(&outbound->lines);
	return outbound->batch != NULL;
}

void outbound_fini(struct outbound *outbound)
{
	send_batch_free(outbound->batch);
	lines_fini(&outbound->lines);
}

bool outbound_is_waiting(const struct outbound *outbound)
{
	return send_batch_count(outbound->batch) > 0;
}

bool outbound_wants_input(const struct outbound *outbound)
{
	return !outbound->lines.at_end && !outbound_is_waiting(outbound) &&
	       !outbound->has_more;
}

bool outbound_is_done(const struct outbound *outbound)
{
	return !outbound_is_waiting(outbound) &&
	       outbound->next_message == outbound->message_count &&
	       lines_is_done(&outbound->lines);
}

size_t outbound_left(const struct outbound *outbound)
{
	size_t queued = send_batch_count(outbound->batch);

	return queued - group_sending_taken(&outbound->sending, queued) +
	       outbound->message_count - outbound->next_message +
	       lines_left(&outbound->lines);
}

void outbound_read(struct outbound *outbound)
{
	char *room = lines_reserve(&outbound->lines, INPUT_CHUNK);
	ssize_t size;

	if (room) {
		size = read(STDIN_FILENO, room, INPUT_CHUNK);
	} else {
		errno = ENOMEM;
		size = -1;
	}
	if (size > 0) {
		lines_commit(&outbound->lines, (size_t)size);
	} else if (size == 0 || (errno == EIO && outbound->input_is_terminal)) {
		/* A terminal that hung up gives EIO. */
		lines_end(&outbound->lines);
	} else if (errno != EINTR && errno != EAGAIN) {
		notice_failure("input", errno);
		outbound->has_failed = true;
		lines_end(&outbound->lines);
	}
}

static void warn_long(const struct outbound *outbound, const char *source)
{
	notice_warning(outbound->verbosity,
		"%s: a line is longer than the %d bytes of a datagram: "
		"it goes out as several",
		source, RAW_LINE_MAX);
}

/* Adds messages of the command line until the batch is full. */
static void queue_messages(struct outbound *outbound)
{
	while (outbound->next_message < outbound->message_count &&
		!send_batch_is_full(outbound->batch)) {
		const char *text = outbound->messages[outbound->next_message] +
				   outbound->next_byte;
		size_t size = strlen(text);
		size_t piece = utf8_prefix(text, size, RAW_LINE_MAX);

		if (outbound->next_byte == 0 && piece < size)
			warn_long(outbound, "--message");
		send_batch_add(outbound->batch, text, piece, RAW_LINE_END);
		outbound->next_byte += piece;
		if (piece == size) {
			outbound->next_message++;
			outbound->next_byte = 0;
		}
	}
}

/* Adds lines that were read until the batch is full or input is needed. */
static void queue_lines(struct outbound *outbound)
{
	struct line line;

	while (!send_batch_is_full(outbound->batch) &&
		lines_next(&outbound->lines, &line)) {
		/* At a terminal an empty line is a slip of the finger. */
		if (line.size == 0 && outbound->input_is_terminal)
			continue;
		if (line.is_cut && !line.is_rest)
			warn_long(outbound, "input");
		send_batch_add(
			outbound->batch, line.text, line.size, RAW_LINE_END);
	}
}

static void finish_batch(struct outbound *outbound)
{
	size_t queued = send_batch_count(outbound->batch);
	size_t taken = group_sending_taken(&outbound->sending, queued);
	size_t refused = outbound->sending.refused;

	if (refused > 0) {
		struct instant now = clock_now();

		outbound->error = outbound->sending.error;
		gather_add(&outbound->failures, queued - taken, now);
		gather_add(&outbound->refusals, refused, now);
	}
	outbound->has_failed = outbound->has_failed || taken < queued;
	outbound->unsent += queued - taken;
	outbound->sent += taken;
	send_batch_clear(outbound->batch);
	outbound->sending = (struct group_sending){0};
}

struct instant outbound_deadline(const struct outbound *outbound)
{
	if (outbound->has_more)
		return (struct instant){0};
	/* Each failure is a refusal, so the refusals come first. */
	return outbound->refusals.due;
}

void outbound_tick(struct outbound *outbound, struct instant now)
{
	char what[64];
	uint64_t failures = 0;
	uint64_t refusals;

	if (!gather_take(&outbound->refusals, now, &refusals))
		return;
	if (gather_take(&outbound->failures, INSTANT_NEVER, &failures)) {
		snprintf(what, sizeof(what),
			"send: %" PRIu64 " line%s not sent", failures,
			failures == 1 ? "" : "s");
		notice_failure(what, outbound->error);
	} else if (outbound->verbosity > NOTICE_QUIET) {
		snprintf(what, sizeof(what),
			"send: %" PRIu64
			" times refused by one interface of several",
			refusals);
		notice_failure(what, outbound->error);
	}
}

void outbound_send(struct outbound *outbound, struct group *group)
{
	outbound->has_more = false;
	if (!outbound_is_waiting(outbound)) {
		queue_messages(outbound);
		queue_lines(outbound);
	}
	if (!outbound_is_waiting(outbound))
		return;
	group_send(group, outbound->batch, &outbound->sending);
	if (!outbound->sending.is_done)
		return;
	/* What did not fit into a full batch is still there. */
	outbound->has_more = send_batch_is_full(outbound->batch);
	finish_batch(outbound);
}
