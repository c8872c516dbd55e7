/* SPDX-License-Identifier: ISC */
#include "mchat/chat/chat.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/choose.h"
#include "mchat/chat/clock.h"
#include "mchat/chat/inbound.h"
#include "mchat/chat/outbound.h"
#include "mchat/chat/output.h"
#include "mchat/chat/wait.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/terminal/tty.h"

/* What a signal leaves of the time to write out what is queued. */
#define LAST_WRITE_MS 1000

struct chat {
	const struct chat_config *config;
	struct call_log *log;
	struct choice interfaces;
	struct group *group;
	struct tty tty;
	struct outbound outbound;
	struct inbound inbound;
	struct output output;
	bool output_was_closed;  /* and it was said why */
	struct instant deadline; /* for config->count messages to come */
	bool has_failed;         /* exit status 1; why was said */
	bool is_over; /* ended by a failure, a signal or stdout's reader */
};

static void fail(struct chat *chat)
{
	chat->has_failed = true;
	chat->is_over = true;
}

/* ---- the loop ---- */

static bool is_done(const struct chat *chat)
{
	const struct chat_config *config = chat->config;

	if (chat->is_over)
		return true;
	if (config->count > 0)
		return inbound_has_count(&chat->inbound) &&
		       !outbound_is_waiting(&chat->outbound);
	return config->group.sends && outbound_is_done(&chat->outbound);
}

enum { POLL_INPUT, POLL_RECEIVING, POLL_SENDING, POLL_OUTPUT, POLL_COUNT };

/* Fills in what to wait for; returns until when. */
static struct instant prepare(
	const struct chat *chat, struct pollfd polled[POLL_COUNT])
{
	struct instant now = clock_now();

	polled[POLL_INPUT] = (struct pollfd){
		.fd = outbound_wants_input(&chat->outbound) ? STDIN_FILENO : -1,
		.events = POLLIN,
	};
	polled[POLL_RECEIVING] = (struct pollfd){
		.fd = inbound_wants_more(&chat->inbound, now)
			      ? group_receiving_fd(chat->group)
			      : -1,
		.events = POLLIN,
	};
	polled[POLL_SENDING] = (struct pollfd){
		.fd = outbound_is_waiting(&chat->outbound)
			      ? group_sending_fd(chat->group)
			      : -1,
		.events = POLLOUT,
	};
	/* Without events it still tells when the reader is gone. */
	polled[POLL_OUTPUT] = (struct pollfd){
		.fd = chat->config->group.receives ? STDOUT_FILENO : -1,
		.events = output_is_pending(&chat->output) ? POLLOUT : 0,
	};
	return instant_earlier(instant_earlier(chat->deadline,
				       outbound_deadline(&chat->outbound)),
		inbound_deadline(&chat->inbound, now));
}

static void write_output(struct chat *chat)
{
	output_flush(&chat->output);
	if (!chat->output.is_closed || chat->output_was_closed)
		return;
	chat->output_was_closed = true;
	chat->is_over = true;
	/* That the reader left is no failure; a full disk is. */
	if (chat->output.error) {
		notice_failure("stdout", chat->output.error);
		chat->has_failed = true;
	}
}

static void check_deadlines(struct chat *chat)
{
	struct instant now = clock_now();

	inbound_tick(&chat->inbound, now);
	outbound_tick(&chat->outbound, now);
	if (inbound_has_count(&chat->inbound))
		chat->deadline = INSTANT_NEVER;
	if (instant_before(now, chat->deadline))
		return;
	notice_error("%" PRIu64 " of %" PRIu64
		     " messages came before the timeout",
		chat->inbound.received, chat->config->count);
	fail(chat);
}

static void turn(struct chat *chat)
{
	struct pollfd polled[POLL_COUNT];
	struct instant deadline = prepare(chat, polled);

	if (wait_for(polled, POLL_COUNT, deadline) < 0) {
		notice_failure("poll", errno);
		fail(chat);
	}
	if (wait_signal() ||
		polled[POLL_OUTPUT].revents & (POLLERR | POLLHUP | POLLNVAL))
		chat->is_over = true;
	if (polled[POLL_RECEIVING].revents)
		inbound_receive(&chat->inbound, chat->group);
	if (polled[POLL_INPUT].revents)
		outbound_read(&chat->outbound);
	outbound_send(&chat->outbound, chat->group);
	if (chat->inbound.has_failed)
		fail(chat);
	write_output(chat);
	check_deadlines(chat);
}

/* ---- the end ---- */

/* Writes out what is queued; a signal shortens the patience. */
static void drain_output(struct chat *chat)
{
	struct instant end = INSTANT_NEVER;
	struct pollfd polled = {.fd = STDOUT_FILENO, .events = POLLOUT};

	inbound_tick(&chat->inbound, INSTANT_NEVER);
	for (;;) {
		write_output(chat);
		if (!output_is_pending(&chat->output))
			return;
		if (wait_signal() && instant_is_never(end))
			end = instant_after(
				clock_now(), duration_ms(LAST_WRITE_MS));
		if (!instant_before(clock_now(), end))
			break;
		if (wait_for(&polled, 1, end) < 0)
			break;
	}
	notice_error("stdout: %zu bytes of messages were not taken",
		buffer_size(&chat->output.queue));
	chat->has_failed = true;
}

/* Says what was left undone, which is a failure even if nothing else was. */
static void conclude(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	size_t left = outbound_left(&chat->outbound);
	bool lacks_messages =
		config->count > 0 && !inbound_has_count(&chat->inbound);

	outbound_tick(&chat->outbound, INSTANT_NEVER);
	/* When the reader of stdout has left, the end is to be quiet. */
	if (left > 0 && !chat->output_was_closed)
		notice_error("stopped with %zu line%s not yet sent", left,
			left == 1 ? "" : "s");
	if (lacks_messages && !chat->has_failed && !chat->output_was_closed)
		notice_error("stopped after %" PRIu64 " of %" PRIu64
			     " messages",
			chat->inbound.received, config->count);
	if (left > 0 || lacks_messages || chat->outbound.has_failed)
		chat->has_failed = true;
	notice_detail(config->verbosity,
		"sent %" PRIu64 ", not sent %" PRIu64 ", received %" PRIu64
		", lost %" PRIu64,
		chat->outbound.sent, (chat->outbound.unsent + left),
		chat->inbound.received, chat->inbound.lost);
}

/* ---- the beginning ---- */

static void say_buffer(enum verbosity verbosity, const char *name, int asked,
	int granted, const char *limit)
{
	const char *advice =
		granted < asked ? "; the limit is the sysctl " : "";

	notice_warning(verbosity, "%s: asked for %d bytes, granted %d%s%s",
		name, asked, granted, advice, *advice ? limit : "");
}

/* What was granted of the buffers that were asked for. */
static void say_buffers(const struct chat *chat)
{
	const struct group_config *group = &chat->config->group;
	enum verbosity verbosity = chat->config->verbosity;
	int receive = group->receive_buffer;

	if (verbosity == NOTICE_VERBOSE && receive == 0)
		receive = GROUP_RECEIVE_BUFFER;
	if (group->receives && receive > 0)
		say_buffer(verbosity, "SO_RCVBUF", receive,
			group_receive_buffer(chat->group), "net.core.rmem_max");
	if (group->sends && group->send_buffer > 0)
		say_buffer(verbosity, "SO_SNDBUF", group->send_buffer,
			group_send_buffer(chat->group), "net.core.wmem_max");
}

/* At a terminal it is said where the chat is, elsewhere only when verbose. */
static void say_place(const struct chat *chat)
{
	const struct chat_config *config = chat->config;
	enum verbosity verbosity = config->verbosity;
	char group[ADDRESS_TEXT_SIZE];
	char own[ADDRESS_TEXT_SIZE];

	if (verbosity == NOTICE_NORMAL && isatty(STDERR_FILENO))
		verbosity = NOTICE_VERBOSE;
	for (size_t i = 0; i < chat->interfaces.count; i++) {
		const struct interface *it = &chat->interfaces.items[i];
		bool is_last = i + 1 == chat->interfaces.count;

		notice_detail(verbosity, "%s %s on %s (%s), TTL %d%s",
			config->group.receives ? "in" : "sending to",
			address_format(&config->group.address, group), it->name,
			address_format_host(&it->address, own),
			config->group.hop_limit,
			is_last && config->reads_input &&
					chat->outbound.input_is_terminal
				? "; end with Ctrl-D"
				: "");
	}
}

/* Joins where it can, and keeps those interfaces; false when nowhere. */
static bool join(struct chat *chat)
{
	struct choice *choice = &chat->interfaces;
	size_t joined = 0;

	for (size_t i = 0; i < choice->count; i++) {
		call_forget(chat->log);
		if (group_join(chat->group, &choice->items[i]) == 0) {
			choice->items[joined++] = choice->items[i];
			continue;
		}
		notice_failed_call(chat->log, "join", errno);
		/* What was asked for by name was not done. */
		if (choice->is_named[i])
			chat->has_failed = true;
	}
	choice->count = joined;
	return joined > 0;
}

static bool start(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	struct group_config group = config->group;

	if (chat->interfaces.count == 1)
		group.device = chat->interfaces.items[0].name;
	if (group_open(chat->log, &group, &chat->group) < 0) {
		notice_failed_call(chat->log, "group", errno);
		return false;
	}
	if (!join(chat))
		return false;
	hold_init(&chat->inbound.hold, group_receive_buffer(chat->group));
	if (config->has_timeout && config->count > 0)
		chat->deadline = instant_after(clock_now(), config->timeout);
	if (wait_open() < 0) {
		notice_failure("signals", errno);
		return false;
	}
	if (config->has_timeout && config->count == 0)
		notice_warning(config->verbosity,
			"--timeout: without --count there is nothing to wait "
			"for");
	if (config->reads_input)
		tty_open(&chat->tty, STDIN_FILENO);
	say_place(chat);
	say_buffers(chat);
	return true;
}

/* What came before the end is shown, and what was lost by then is told. */
static void receive_last(struct chat *chat)
{
	if (chat->config->group.receives && !chat->output_was_closed &&
		inbound_wants_more(&chat->inbound, INSTANT_NEVER))
		inbound_receive(&chat->inbound, chat->group);
}

static void run(struct chat *chat)
{
	if (!start(chat)) {
		chat->has_failed = true;
		return;
	}
	outbound_send(&chat->outbound, chat->group);
	while (!is_done(chat))
		turn(chat);
	receive_last(chat);
	drain_output(chat);
	conclude(chat);
	tty_restore(&chat->tty);
}

static bool init(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	bool has_outbound = outbound_init(&chat->outbound, config->messages,
		config->message_count, config->reads_input, config->verbosity);

	output_init(&chat->output, STDOUT_FILENO);
	chat->inbound = (struct inbound){
		.verbosity = config->verbosity,
		.view =
			{
				.format = config->format,
				.on_terminal = isatty(STDOUT_FILENO),
			},
		.output = &chat->output,
		.choice = &chat->interfaces,
		.count = config->count,
	};
	return inbound_init(&chat->inbound) && has_outbound;
}

static void fini(struct chat *chat)
{
	group_close(chat->group);
	inbound_fini(&chat->inbound);
	output_fini(&chat->output);
	outbound_fini(&chat->outbound);
}

int chat_run(const struct chat_config *config, struct call_log *log)
{
	struct chat chat = {
		.config = config,
		.log = log,
		.deadline = INSTANT_NEVER,
	};
	enum choose_result chosen = choose_interfaces(log, config->interfaces,
		config->interface_count, &config->group.address,
		&chat.interfaces);

	if (chosen != CHOOSE_OK)
		return chosen == CHOOSE_UNKNOWN ? 2 : 1;
	if (init(&chat)) {
		run(&chat);
	} else {
		notice_failure("buffers", ENOMEM);
		chat.has_failed = true;
	}
	fini(&chat);
	return chat.has_failed;
}
