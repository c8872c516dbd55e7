/* SPDX-License-Identifier: ISC */
#include "mchat/chat/chat.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/base/lines.h"
#include "mchat/base/utf8.h"
#include "mchat/chat/choose.h"
#include "mchat/chat/clock.h"
#include "mchat/chat/hold.h"
#include "mchat/chat/output.h"
#include "mchat/chat/raw.h"
#include "mchat/chat/wait.h"
#include "mchat/network/batch.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/protocol/event.h"
#include "mchat/terminal/tty.h"

/* One read of standard input takes this much. */
#define INPUT_CHUNK (64 * 1024)

/* Full batches received in a row before input and output have their turn. */
#define RECEIVE_ROUNDS 16

/* Losses are gathered this long and told in one line. */
#define LOSS_REPORT_MS 250

/* What a signal leaves of the time to write out what is queued. */
#define LAST_WRITE_MS 1000

struct chat {
	const struct chat_config *config;
	struct call_log *log;
	struct interface_list interfaces;
	struct group *group;
	struct instant deadline; /* of the whole chat */
	bool has_failed;
	bool is_over; /* told to end by a failure, a signal or the reader */

	struct tty tty;
	struct lines lines;
	bool input_is_terminal;
	bool input_ended;
	size_t next_message; /* of config->messages */
	size_t next_byte;    /* of that message */
	struct send_batch *outgoing;
	struct group_sending sending;
	uint64_t sent;
	uint64_t unsent;

	struct receive_batch *incoming;
	struct hold hold;
	struct view view;
	struct output output;
	uint64_t received;
	uint64_t lost;
	uint64_t lost_untold;
	struct instant loss_report; /* when to tell */
};

static void fail(struct chat *chat)
{
	chat->has_failed = true;
	chat->is_over = true;
}

static bool has_count(const struct chat *chat)
{
	return chat->config->count > 0 && chat->received >= chat->config->count;
}

/* ---- receiving ---- */

static void show(struct chat *chat, const struct event *event)
{
	struct buffer line = BUFFER_EMPTY;

	/* Messages go straight into the queue of standard output. */
	if (event->kind == EVENT_PLAIN || chat->config->format == VIEW_JSON) {
		view_event(&chat->view, event, &chat->output.queue);
		return;
	}
	view_event(&chat->view, event, &line);
	if (chat->config->verbosity > NOTICE_QUIET)
		fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
}

static void note_loss(struct chat *chat)
{
	uint64_t lost = receive_batch_take_overflow(chat->incoming);

	if (lost == 0)
		return;
	if (chat->lost_untold == 0)
		chat->loss_report =
			instant_after(clock_now(), duration_ms(LOSS_REPORT_MS));
	chat->lost += lost;
	chat->lost_untold += lost;
}

static void tell_loss(struct chat *chat)
{
	struct event event = {
		.kind = EVENT_LOST,
		.time = clock_wall(),
		.lost =
			{
				.count = chat->lost_untold,
				.why = "they came faster than the receive "
				       "buffer was read; --rcvbuf makes it "
				       "larger",
			},
	};

	chat->loss_report = INSTANT_NEVER;
	if (chat->lost_untold == 0)
		return;
	chat->lost_untold = 0;
	show(chat, &event);
}

static const char *interface_name(const struct chat *chat, unsigned index)
{
	for (size_t i = 0; i < chat->interfaces.count; i++) {
		if (chat->interfaces.items[i].index == index)
			return chat->interfaces.items[i].name;
	}
	return NULL;
}

static void take_datagram(struct chat *chat, const struct datagram *datagram,
	struct wall_time time)
{
	struct event event;

	if (group_is_own(chat->group, &datagram->from))
		return;
	chat->received++;
	raw_event(datagram, interface_name(chat, datagram->interface_index),
		time, &event);
	show(chat, &event);
}

static void receive(struct chat *chat)
{
	int fd = group_receiving_fd(chat->group);
	size_t received = 0;
	int count = RECEIVE_BATCH_MAX;

	for (int round = 0; round < RECEIVE_ROUNDS &&
			    count == RECEIVE_BATCH_MAX && !has_count(chat);
		round++) {
		struct wall_time time = clock_wall();

		count = receive_batch_fill(chat->incoming, fd);
		if (count < 0) {
			notice_failure("receive", errno);
			fail(chat);
			return;
		}
		for (int i = 0; i < count && !has_count(chat); i++)
			take_datagram(chat,
				receive_batch_at(chat->incoming, (size_t)i),
				time);
		received += (size_t)count;
		note_loss(chat);
	}
	hold_note(&chat->hold, received, clock_now());
	if (chat->output.queue.failed) {
		notice_failure("messages waiting for stdout", ENOMEM);
		fail(chat);
	}
}

/* ---- sending ---- */

static bool outgoing_is_empty(const struct chat *chat)
{
	return send_batch_count(chat->outgoing) == 0;
}

/* Adds messages of the command line until the batch is full. */
static void queue_messages(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	while (chat->next_message < config->message_count &&
		!send_batch_is_full(chat->outgoing)) {
		const char *text = config->messages[chat->next_message];
		size_t size = strlen(text + chat->next_byte);
		size_t piece =
			utf8_prefix(text + chat->next_byte, size, RAW_LINE_MAX);

		if (chat->next_byte == 0 && piece < size)
			notice_warning(config->verbosity,
				"--message: longer than the %d bytes of a "
				"datagram: it goes out as several",
				RAW_LINE_MAX);
		send_batch_add(chat->outgoing, text + chat->next_byte, piece,
			RAW_LINE_END);
		chat->next_byte += piece;
		if (piece == size) {
			chat->next_message++;
			chat->next_byte = 0;
		}
	}
}

/* Adds lines that were read until the batch is full or input is needed. */
static void queue_lines(struct chat *chat)
{
	struct line line;

	while (!send_batch_is_full(chat->outgoing) &&
		lines_next(&chat->lines, &line)) {
		if (line.size == 0 && chat->input_is_terminal)
			continue;
		if (line.is_cut && !line.is_rest)
			notice_warning(chat->config->verbosity,
				"input: a line is longer than the %d bytes of "
				"a datagram: it goes out as several",
				RAW_LINE_MAX);
		send_batch_add(
			chat->outgoing, line.text, line.size, RAW_LINE_END);
	}
}

static void finish_batch(struct chat *chat)
{
	size_t failed = chat->sending.failed;

	if (failed > 0) {
		/* A network that is down may be up for the next line. */
		notice_warning(chat->config->verbosity,
			"%zu of %zu lines not sent", failed,
			send_batch_count(chat->outgoing));
		notice_failure("send", chat->sending.error);
		chat->unsent += failed;
		chat->has_failed = true;
	}
	chat->sent += send_batch_count(chat->outgoing);
	send_batch_clear(chat->outgoing);
	chat->sending = (struct group_sending){0};
}

/* Sends what there is to send, until the kernel's buffer is full. */
static void send_lines(struct chat *chat)
{
	for (;;) {
		if (outgoing_is_empty(chat)) {
			queue_messages(chat);
			queue_lines(chat);
		}
		if (outgoing_is_empty(chat))
			return;
		group_send(chat->group, chat->outgoing, &chat->sending);
		if (!chat->sending.is_done)
			return;
		finish_batch(chat);
	}
}

static void end_input(struct chat *chat)
{
	lines_end(&chat->lines);
	chat->input_ended = true;
}

static void read_input(struct chat *chat)
{
	char *room = lines_reserve(&chat->lines, INPUT_CHUNK);
	ssize_t size;

	if (!room) {
		notice_failure("input", ENOMEM);
		fail(chat);
		return;
	}
	size = read(STDIN_FILENO, room, INPUT_CHUNK);
	if (size > 0) {
		lines_commit(&chat->lines, (size_t)size);
	} else if (size == 0 || (errno == EIO && chat->input_is_terminal)) {
		/* A terminal that hung up gives EIO. */
		end_input(chat);
	} else if (errno != EINTR && errno != EAGAIN) {
		notice_failure("input", errno);
		chat->has_failed = true;
		end_input(chat);
	}
}

static bool all_is_sent(const struct chat *chat)
{
	return outgoing_is_empty(chat) && chat->input_ended &&
	       lines_is_done(&chat->lines) &&
	       chat->next_message == chat->config->message_count;
}

/* ---- the loop ---- */

static bool is_done(const struct chat *chat)
{
	const struct chat_config *config = chat->config;

	if (chat->is_over)
		return true;
	if (config->count > 0)
		return has_count(chat) && all_is_sent(chat);
	return config->group.sends && all_is_sent(chat);
}

enum { POLL_INPUT, POLL_RECEIVING, POLL_SENDING, POLL_OUTPUT, POLL_COUNT };

/* Fills in what to wait for; returns the deadline. */
static struct instant prepare(
	const struct chat *chat, struct pollfd polled[POLL_COUNT])
{
	bool is_held = instant_before(clock_now(), chat->hold.until);
	bool receives =
		!is_held && !has_count(chat) && !output_is_full(&chat->output);
	struct instant deadline =
		instant_earlier(chat->deadline, chat->loss_report);

	/* No more is read while lines wait: that is the back-pressure. */
	polled[POLL_INPUT] = (struct pollfd){
		.fd = chat->input_ended || !outgoing_is_empty(chat)
			      ? -1
			      : STDIN_FILENO,
		.events = POLLIN,
	};
	polled[POLL_RECEIVING] = (struct pollfd){
		.fd = receives ? group_receiving_fd(chat->group) : -1,
		.events = POLLIN,
	};
	polled[POLL_SENDING] = (struct pollfd){
		.fd = outgoing_is_empty(chat) ? -1
					      : group_sending_fd(chat->group),
		.events = POLLOUT,
	};
	/* Without events it still tells when the reader is gone. */
	polled[POLL_OUTPUT] = (struct pollfd){
		.fd = chat->config->group.receives ? STDOUT_FILENO : -1,
		.events = output_is_pending(&chat->output) ? POLLOUT : 0,
	};
	return is_held ? instant_earlier(deadline, chat->hold.until) : deadline;
}

static void write_output(struct chat *chat)
{
	output_flush(&chat->output);
	if (chat->output.error) {
		notice_failure("stdout", chat->output.error);
		chat->has_failed = true;
	}
	if (chat->output.is_closed)
		chat->is_over = true;
}

static void check_deadlines(struct chat *chat)
{
	struct instant now = clock_now();

	if (!instant_before(now, chat->loss_report))
		tell_loss(chat);
	if (instant_before(now, chat->deadline) || is_done(chat))
		return;
	notice_error("%llu of %llu messages came before the timeout",
		(unsigned long long)chat->received,
		(unsigned long long)chat->config->count);
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
	if (wait_signal())
		chat->is_over = true;
	if (polled[POLL_OUTPUT].revents & (POLLERR | POLLNVAL))
		chat->is_over = true;
	if (polled[POLL_RECEIVING].revents)
		receive(chat);
	if (polled[POLL_INPUT].revents)
		read_input(chat);
	send_lines(chat);
	write_output(chat);
	check_deadlines(chat);
}

/* Writes out what is queued; a signal shortens the patience. */
static void drain_output(struct chat *chat)
{
	struct instant end = INSTANT_NEVER;
	struct pollfd polled = {.fd = STDOUT_FILENO, .events = POLLOUT};

	tell_loss(chat);
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

static void say_what_was_left(struct chat *chat)
{
	size_t left = send_batch_count(chat->outgoing);

	if (left > 0) {
		notice_error("stopped with %zu lines not yet sent", left);
		chat->has_failed = true;
	}
	notice_detail(chat->config->verbosity,
		"sent %llu, not sent %llu, received %llu, lost %llu",
		(unsigned long long)chat->sent,
		(unsigned long long)chat->unsent,
		(unsigned long long)chat->received,
		(unsigned long long)chat->lost);
	if (chat->config->count > 0 && !has_count(chat))
		chat->has_failed = true;
}

/* ---- beginning and end ---- */

static void say_buffer(
	const struct chat *chat, const char *option, int asked, int granted)
{
	notice_warning(chat->config->verbosity,
		"%s: asked for %d bytes, granted %d%s", option, asked, granted,
		granted < asked ? "; the sysctls net.core.rmem_max and "
				  "wmem_max are the limit"
				: "");
}

static void say_beginning(const struct chat *chat)
{
	const struct chat_config *config = chat->config;
	enum verbosity verbosity = config->verbosity;
	char group[ADDRESS_TEXT_SIZE];
	char own[ADDRESS_TEXT_SIZE];

	if (verbosity == NOTICE_NORMAL && isatty(STDERR_FILENO))
		verbosity = NOTICE_VERBOSE;
	for (size_t i = 0; i < chat->interfaces.count; i++) {
		const struct interface *it = &chat->interfaces.items[i];

		notice_detail(verbosity, "%s %s on %s (%s), TTL %d%s",
			config->group.receives ? "in" : "sending to",
			address_format(&config->group.address, group), it->name,
			address_format_host(&it->address, own),
			config->group.hop_limit,
			config->reads_input ? "; end with Ctrl-D" : "");
	}
	if (config->group.receives &&
		(config->group.receive_buffer || verbosity == NOTICE_VERBOSE))
		say_buffer(chat, "SO_RCVBUF",
			config->group.receive_buffer
				? config->group.receive_buffer
				: GROUP_RECEIVE_BUFFER,
			group_receive_buffer(chat->group));
	if (config->group.sends && config->group.send_buffer)
		say_buffer(chat, "SO_SNDBUF", config->group.send_buffer,
			group_send_buffer(chat->group));
}

/* Joins where it can; false when nowhere. */
static bool join(struct chat *chat)
{
	size_t joined = 0;

	for (size_t i = 0; i < chat->interfaces.count; i++) {
		if (group_join(chat->group, &chat->interfaces.items[i]) == 0)
			joined++;
		else
			notice_failed_call(chat->log);
	}
	return joined > 0;
}

static bool start(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	if (group_open(chat->log, &config->group, &chat->group) < 0) {
		notice_failed_call(chat->log);
		return false;
	}
	if (!join(chat))
		return false;
	hold_init(&chat->hold, group_receive_buffer(chat->group));
	if (config->has_timeout && config->count > 0)
		chat->deadline = instant_after(clock_now(), config->timeout);
	if (wait_open() < 0) {
		notice_failure("signals", errno);
		return false;
	}
	chat->input_is_terminal = isatty(STDIN_FILENO);
	if (config->reads_input)
		tty_open(&chat->tty, STDIN_FILENO);
	else
		end_input(chat);
	say_beginning(chat);
	return true;
}

static void run(struct chat *chat)
{
	if (!start(chat)) {
		chat->has_failed = true;
		return;
	}
	send_lines(chat);
	while (!is_done(chat))
		turn(chat);
	drain_output(chat);
	say_what_was_left(chat);
	tty_restore(&chat->tty);
}

int chat_run(const struct chat_config *config, struct call_log *log)
{
	struct chat chat = {
		.config = config,
		.log = log,
		.deadline = INSTANT_NEVER,
		.loss_report = INSTANT_NEVER,
		.view =
			{
				.format = config->format,
				.on_terminal = isatty(STDOUT_FILENO),
			},
	};
	enum choose_result chosen =
		choose_interfaces(config->interfaces, config->interface_count,
			&config->group.address, &chat.interfaces);

	if (chosen != CHOOSE_OK)
		return chosen == CHOOSE_UNKNOWN ? 2 : 1;
	lines_init(&chat.lines, RAW_LINE_MAX);
	output_init(&chat.output, STDOUT_FILENO);
	chat.outgoing = send_batch_new();
	chat.incoming = receive_batch_new();
	if (chat.outgoing && chat.incoming) {
		run(&chat);
	} else {
		notice_failure("buffers", ENOMEM);
		chat.has_failed = true;
	}
	group_close(chat.group);
	receive_batch_free(chat.incoming);
	send_batch_free(chat.outgoing);
	output_fini(&chat.output);
	lines_fini(&chat.lines);
	return chat.has_failed;
}
