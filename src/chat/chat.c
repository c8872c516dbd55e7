/* SPDX-License-Identifier: ISC */
#include "mchat/chat/chat.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/clock.h"
#include "mchat/chat/command.h"
#include "mchat/chat/console.h"
#include "mchat/chat/delivery.h"
#include "mchat/chat/display.h"
#include "mchat/chat/inbound.h"
#include "mchat/chat/input.h"
#include "mchat/chat/log.h"
#include "mchat/chat/outbound.h"
#include "mchat/chat/output.h"
#include "mchat/chat/raw.h"
#include "mchat/chat/session.h"
#include "mchat/chat/stats.h"
#include "mchat/chat/wait.h"
#include "mchat/chat/weather.h"
#include "mchat/protocol/engine.h"

/* What a signal leaves of the time to write out what is queued. */
#define LAST_WRITE_MS 1000

/* How long the last packets may wait for room in the kernel's buffer. */
#define LAST_SEND_MS 200

enum phase {
	PHASE_GATHERING, /* for members, before anything is said (-w) */
	PHASE_TALKING,
	PHASE_PARTING,    /* from a group, once what was said is confirmed */
	PHASE_CONFIRMING, /* all was said */
	PHASE_OVER,
};

struct chat {
	const struct chat_config *config;
	struct session session;
	struct input input;
	struct console console;
	struct outbound outbound;
	struct inbound inbound;
	struct weather weather;
	struct display display;
	struct output output;
	struct log log;
	struct delivery delivery;
	enum phase phase;
	enum command_wish wish;  /* what to do behind PHASE_PARTING */
	bool is_hurried;         /* not to wait any more then */
	bool wait_was_told;      /* for members, of this group */
	bool output_was_closed;  /* and it was said why */
	struct instant deadline; /* for config->count messages to come */
	bool has_failed;         /* exit status 1; why was said */
};

static void fail(struct chat *chat)
{
	chat->has_failed = true;
	chat->phase = PHASE_OVER;
}

/* ---- from phase to phase ---- */

/* Whether there is nothing left to wait for but confirmations. */
static bool has_said_all(const struct chat *chat)
{
	if (outbound_is_waiting(&chat->outbound))
		return false;
	if (chat->config->count > 0)
		return display_has_all(&chat->display);
	return chat->config->talks && input_is_done(&chat->input);
}

static void gather(struct chat *chat, struct instant now)
{
	switch (delivery_begin(
		&chat->delivery, chat->session.link->engine, now)) {
	case DELIVERY_WAITING:
		return;
	case DELIVERY_DONE:
		chat->session.link->may_talk = true;
		chat->phase = PHASE_TALKING;
		return;
	case DELIVERY_TIMED_OUT:
		notice_error("%zu of %zu members came before the timeout; "
			     "nothing was sent",
			chat->delivery.met, chat->delivery.wanted);
		fail(chat);
		return;
	}
}

/* Goes from one phase to the next when it is time. */
static void advance(struct chat *chat, struct instant now)
{
	if (chat->phase == PHASE_GATHERING)
		gather(chat, now);
	if (chat->phase == PHASE_TALKING && has_said_all(chat))
		chat->phase = PHASE_CONFIRMING;
	if (chat->phase == PHASE_CONFIRMING &&
		(!chat->session.link || delivery_end(&chat->delivery,
						chat->session.link->engine,
						now) != DELIVERY_WAITING))
		chat->phase = PHASE_OVER;
}

/* ---- coming and going ---- */

/* At a terminal it is said where the chat is, elsewhere only when verbose. */
static void say_place(const struct chat *chat)
{
	const struct chat_config *config = chat->config;
	enum verbosity verbosity = config->verbosity;
	const char *hint = "";

	if (verbosity == NOTICE_NORMAL && isatty(STDERR_FILENO))
		verbosity = NOTICE_VERBOSE;
	if (chat->session.keeps_port)
		hint = "; the port is the same as before";
	else if (config->reads_input && chat->input.is_terminal)
		hint = "; end with Ctrl-D";
	place_say(&chat->session.place, &chat->session.config.place, verbosity,
		hint);
	place_say_buffers(&chat->session.place, &chat->session.config.place,
		config->verbosity);
}

/* Is in the group from now on: what depends on that begins anew. */
static void begin(struct chat *chat, struct instant now)
{
	hold_init(&chat->inbound.hold,
		group_receive_buffer(chat->session.place.group));
	if (chat->session.link) {
		delivery_init(&chat->delivery, now);
		chat->wait_was_told = false;
		chat->phase = PHASE_GATHERING;
		gather(chat, now);
	}
	say_place(chat);
}

/* Says good-bye, a few times in a short while. */
static void leave(struct chat *chat)
{
	struct engine *engine = chat->session.link->engine;
	struct instant now = clock_now();
	struct instant end = instant_after(now, duration_ms(LAST_SEND_MS));

	engine_leave(engine, now);
	for (;;) {
		struct pollfd polled = {.fd = -1, .events = POLLOUT};
		struct instant next;

		outbound_send(&chat->outbound, now);
		if (outbound_is_waiting(&chat->outbound)) {
			polled.fd = group_sending_fd(chat->session.place.group);
			next = end;
		} else {
			next = engine_deadline(engine);
		}
		if (instant_is_never(next) || !instant_before(now, end) ||
			wait_for(&polled, 1, instant_earlier(next, end)) < 0)
			return;
		now = clock_now();
	}
}

static void move(struct chat *chat, struct instant now)
{
	session_open(&chat->session, now);
	if (chat->session.is_open)
		begin(chat, now);
}

/* Leaves the group and says what of ours is confirmed there. */
static void leave_group(struct chat *chat, struct instant now)
{
	const struct engine *engine = chat->session.link->engine;

	if (!delivery_report(&chat->delivery, engine, "left; ", now))
		chat->has_failed = true;
	else if (engine_said_last(engine) > 0 && chat->delivery.met > 0)
		notice_answer("left; all that you said is confirmed");
	else
		notice_answer("left");
	leave(chat);
	inbound_finish(&chat->inbound, now);
	outbound_drop(&chat->outbound, now);
	session_close(&chat->session);
	delivery_init(&chat->delivery, now);
}

/* Leaves, and goes on to where the user wants to be, when what was said is
 * confirmed or need not be waited for; false when it is to be. */
static bool part(struct chat *chat, struct instant now)
{
	const struct link *link = chat->session.link;

	if (link && !chat->is_hurried &&
		delivery_end(&chat->delivery, link->engine, now) ==
			DELIVERY_WAITING)
		return false;
	if (link)
		leave_group(chat, now);
	chat->is_hurried = false;
	chat->console.is_leaving = false;
	chat->phase = PHASE_TALKING;
	if (chat->wish == COMMAND_MOVE)
		move(chat, clock_now());
	return true;
}

/* ---- commands ---- */

static struct command_target target_of(struct chat *chat, struct instant now)
{
	return (struct command_target){
		.session = &chat->session,
		.input = &chat->input,
		.inbound = &chat->inbound,
		.outbound = &chat->outbound,
		.now = now,
	};
}

/* Does what was said or told us by now, up to what has to wait. */
static void run_in_turn(struct chat *chat, struct instant now)
{
	struct command_target target = target_of(chat, now);
	struct line line;

	if (chat->phase == PHASE_PARTING && !part(chat, now))
		return;
	while (target.wish == COMMAND_STAY &&
		input_next_command(&chat->input, &line))
		command_run(&target, line.text, line.size);
	if (target.wish == COMMAND_STAY)
		return;
	chat->wish = target.wish;
	chat->phase = PHASE_PARTING;
	chat->console.is_leaving = true;
	if (chat->session.link)
		chat->session.link->may_talk = false;
	part(chat, now);
}

static void run_at_once(struct chat *chat, struct instant now)
{
	struct command_target target = target_of(chat, now);
	struct line line;

	while (input_next_at_once(&chat->input, &line))
		command_run(&target, line.text, line.size);
	/* What waits for members then waits in vain. */
	if (target.wish == COMMAND_END && chat->phase == PHASE_GATHERING)
		chat->phase = PHASE_OVER;
}

/* What is said outside of a group reaches nobody. */
static void refuse_lines(struct chat *chat)
{
	struct line line;

	while (input_next(&chat->input, &line))
		notice_error("not sent: you are in no group; /join one");
}

/* ---- the loop ---- */

enum {
	POLL_INPUT,
	POLL_RECEIVING,
	POLL_SENDING,
	POLL_OUTPUT,
	POLL_WEATHER,
	POLL_COUNT
};

static bool wants_input(const struct chat *chat)
{
	if (console_is_on(&chat->console))
		return console_wants_input(&chat->console);
	if (chat->input.is_terminal)
		return input_wants_more(&chat->input);
	return chat->phase == PHASE_TALKING &&
	       outbound_wants_input(&chat->outbound);
}

/* Fills in what to wait for; returns until when. */
static struct instant prepare(const struct chat *chat,
	struct pollfd polled[POLL_COUNT], struct instant now)
{
	const struct group *group = chat->session.place.group;
	struct instant deadline =
		instant_earlier(chat->deadline, chat->delivery.look_at);

	polled[POLL_INPUT] = (struct pollfd){
		.fd = wants_input(chat) ? STDIN_FILENO : -1,
		.events = POLLIN,
	};
	polled[POLL_RECEIVING] = (struct pollfd){
		.fd = inbound_wants_more(&chat->inbound, now)
			      ? group_receiving_fd(group)
			      : -1,
		.events = POLLIN,
	};
	polled[POLL_SENDING] = (struct pollfd){
		.fd = outbound_is_waiting(&chat->outbound)
			      ? group_sending_fd(group)
			      : -1,
		.events = POLLOUT,
	};
	/* Without events it still tells when the reader is gone. */
	polled[POLL_OUTPUT] = (struct pollfd){
		.fd = chat->config->shows ? STDOUT_FILENO : -1,
		.events = output_is_pending(&chat->output) ? POLLOUT : 0,
	};
	polled[POLL_WEATHER] = (struct pollfd){
		.fd = weather_fd(&chat->weather),
		.events = POLLIN,
	};
	if (!outbound_is_waiting(&chat->outbound))
		deadline = instant_earlier(
			deadline, weather_deadline(&chat->weather));
	if (console_is_on(&chat->console))
		deadline = instant_earlier(
			deadline, console_deadline(&chat->console));
	deadline =
		instant_earlier(deadline, outbound_deadline(&chat->outbound));
	return instant_earlier(deadline, inbound_deadline(&chat->inbound, now));
}

static void write_output(struct chat *chat)
{
	output_flush(&chat->output);
	/* Whoever prints nothing more stands still: nor does time go on. */
	if (chat->session.link)
		chat->session.link->stands_still =
			output_is_full(&chat->output);
	if (!chat->output.is_closed || chat->output_was_closed)
		return;
	chat->output_was_closed = true;
	chat->phase = PHASE_OVER;
	/* That the reader left is no failure; a full disk is. */
	if (chat->output.error) {
		notice_failure("stdout", chat->output.error);
		chat->has_failed = true;
	}
}

/* Prints what there is, as far as it is taken. */
static void show(struct chat *chat, struct instant now)
{
	if (console_is_on(&chat->console))
		console_show(&chat->console, now);
	write_output(chat);
}

static void check_deadlines(struct chat *chat, struct instant now)
{
	inbound_tick(&chat->inbound, now);
	outbound_tick(&chat->outbound, now);
	if (display_has_all(&chat->display))
		chat->deadline = INSTANT_NEVER;
	if (instant_before(now, chat->deadline))
		return;
	notice_error("%" PRIu64 " of %" PRIu64
		     " messages came before the timeout",
		chat->display.shown, chat->config->count);
	fail(chat);
}

static void read_input(struct chat *chat, struct instant now)
{
	if (console_is_on(&chat->console))
		console_read(&chat->console, now);
	else
		input_read(&chat->input);
}

/* Where no prompt tells it, says what holds up what was typed. */
static void tell_wait(struct chat *chat)
{
	size_t missing = delivery_missing(&chat->delivery);

	if (chat->phase != PHASE_GATHERING || chat->wait_was_told ||
		!chat->input.is_terminal || console_is_on(&chat->console) ||
		input_left(&chat->input) == 0)
		return;
	notice_answer("waiting for %zu more member%s", missing,
		missing == 1 ? "" : "s");
	chat->wait_was_told = true;
}

/* Does what was typed or read, command by command and batch by batch. */
static void talk(struct chat *chat, struct instant now)
{
	bool has_more;

	do {
		has_more = console_is_on(&chat->console) &&
			   console_take(&chat->console, now);
		do {
			run_in_turn(chat, now);
			if (!chat->session.is_open)
				refuse_lines(chat);
			outbound_send(&chat->outbound, now);
		} while (chat->phase != PHASE_PARTING &&
			 input_has_command(&chat->input));
		run_at_once(chat, now);
	} while (has_more && chat->phase != PHASE_OVER);
	tell_wait(chat);
}

/* Follows what the system did to the terminal and to us. */
static void follow_terminal(struct chat *chat)
{
	enum wait_news news = wait_take_news();

	if (!console_is_on(&chat->console))
		return;
	if (news == WAIT_STOP)
		console_suspend(&chat->console);
	else if (news == WAIT_CHANGE)
		console_return(&chat->console);
}

static void turn(struct chat *chat)
{
	struct pollfd polled[POLL_COUNT];
	struct instant deadline = prepare(chat, polled, clock_now());
	struct instant now;

	if (wait_for(polled, POLL_COUNT, deadline) < 0) {
		notice_failure("poll", errno);
		fail(chat);
	}
	follow_terminal(chat);
	now = clock_now();
	if (polled[POLL_RECEIVING].revents) {
		inbound_receive(&chat->inbound, now);
		/* Before all else: somebody waits for it. */
		show(chat, now);
	}
	if (polled[POLL_WEATHER].revents)
		weather_note(&chat->weather, now);
	if (!outbound_is_waiting(&chat->outbound) &&
		weather_tick(&chat->weather, now))
		outbound_restart(&chat->outbound);
	if (polled[POLL_INPUT].revents)
		read_input(chat, now);
	/* The reader of stdout may have left just now. */
	if (chat->phase != PHASE_OVER)
		talk(chat, now);
	if (chat->phase == PHASE_PARTING && wait_take_interrupt()) {
		chat->is_hurried = true;
		talk(chat, now);
	}
	if (chat->inbound.has_failed)
		fail(chat);
	check_deadlines(chat, now);
	show(chat, now);
	advance(chat, now);
	if (wait_signal() ||
		polled[POLL_OUTPUT].revents & (POLLERR | POLLHUP | POLLNVAL))
		chat->phase = PHASE_OVER;
}

/* ---- the end ---- */

/* Writes out what is queued; a signal shortens the patience. */
static void drain_output(struct chat *chat)
{
	struct instant end = INSTANT_NEVER;
	struct pollfd polled = {.fd = STDOUT_FILENO, .events = POLLOUT};

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

/* Tells what went, and what did not; its last line may go to stdout. */
static void tell_counts(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	outbound_tick(&chat->outbound, INSTANT_NEVER);
	if (config->has_stats || (config->verbosity == NOTICE_VERBOSE &&
					 config->format != VIEW_JSON))
		stats_show(&chat->outbound, &chat->inbound);
}

/* Says what was left undone, which is a failure even if nothing else was. */
static void conclude(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	size_t left = input_left(&chat->input) +
		      (chat->session.link ? 0 : outbound_left(&chat->outbound));
	bool lacks_messages =
		config->count > 0 && !display_has_all(&chat->display);
	const struct link *link = chat->session.link;
	/* Of a vain -w it was said that nothing was sent. */
	bool was_said = link && !link->may_talk && chat->has_failed;

	/* When the reader of stdout has left, the end is to be quiet. */
	if (left > 0 && !chat->output_was_closed && !was_said)
		notice_error("stopped with %zu line%s not yet sent", left,
			left == 1 ? "" : "s");
	if (lacks_messages && !chat->has_failed && !chat->output_was_closed)
		notice_error("stopped after %" PRIu64 " of %" PRIu64
			     " messages",
			chat->display.shown, config->count);
	if (left > 0 || lacks_messages || chat->input.has_failed)
		chat->has_failed = true;
	if (link ? !delivery_report(
			   &chat->delivery, link->engine, "", clock_now())
		 : chat->outbound.unsent > 0)
		chat->has_failed = true;
	/* Nothing at all went out, and that was said. */
	if (chat->outbound.sent == 0 && chat->outbound.unsent > 0)
		chat->has_failed = true;
}

/* ---- the beginning ---- */

static bool start(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	struct instant now = clock_now();

	if (!inbound_init(&chat->inbound) || !outbound_init(&chat->outbound)) {
		notice_failure("buffers", ENOMEM);
		return false;
	}
	if (config->has_timeout && config->count > 0)
		chat->deadline = instant_after(now, config->timeout);
	if (config->reads_input)
		console_open(&chat->console, config->format != VIEW_JSON);
	if (wait_open(console_is_on(&chat->console)) < 0) {
		notice_failure("signals", errno);
		return false;
	}
	begin(chat, now);
	talk(chat, now);
	show(chat, now);
	advance(chat, now);
	return true;
}

static void run(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	if (!start(chat)) {
		console_close(&chat->console);
		chat->has_failed = true;
		return;
	}
	while (chat->phase != PHASE_OVER)
		turn(chat);
	if (chat->session.link)
		leave(chat);
	/* What came before the end is shown, and what was lost by then told. */
	if (config->shows && !chat->output_was_closed)
		inbound_finish(&chat->inbound, clock_now());
	console_close(&chat->console);
	tell_counts(chat);
	drain_output(chat);
	conclude(chat);
}

static void init(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	struct input_config input = {
		.messages = config->messages,
		.message_count = config->message_count,
		.reads_stdin = config->reads_input,
		.limit = config->session.is_raw ? RAW_LINE_MAX
						: ENGINE_MESSAGE_MAX,
		.classify = config->session.is_raw ? NULL : command_kind,
		.verbosity = config->verbosity,
	};

	/* What is not shown leaves the terminal to stderr. */
	bool on_terminal = config->shows && isatty(STDOUT_FILENO);

	input_init(&chat->input, &input);
	output_init(&chat->output, STDOUT_FILENO);
	chat->display = (struct display){
		.verbosity = config->verbosity,
		.output = &chat->output,
		.lines = &chat->output.queue,
		.log = &chat->log,
		.is_off = !config->shows,
		.limit = config->count,
		.keeps = chat->input.is_terminal,
		.nick = chat->session.nick,
		.has_bell = config->has_bell && on_terminal,
	};
	view_init(&chat->display.view, config->format, on_terminal,
		config->color, clock_wall());
	chat->outbound = (struct outbound){
		.verbosity = config->verbosity,
		.input = &chat->input,
		.display = &chat->display,
		.session = &chat->session,
	};
	chat->inbound = (struct inbound){
		.verbosity = config->verbosity,
		.display = &chat->display,
		.session = &chat->session,
		.delivery = &chat->delivery,
		.faults = {.rates = config->faults, .prng = {config->seed}},
	};
	chat->console = (struct console){
		.input = &chat->input,
		.output = &chat->output,
		.display = &chat->display,
		.session = &chat->session,
		.delivery = &chat->delivery,
	};
	chat->delivery.wanted = config->wait;
	chat->delivery.timeout = config->has_timeout
					 ? config->timeout
					 : duration_ms(DELIVERY_TIMEOUT_MS);
}

static void fini(struct chat *chat)
{
	inbound_fini(&chat->inbound);
	display_fini(&chat->display);
	output_fini(&chat->output);
	outbound_fini(&chat->outbound);
	input_fini(&chat->input);
}

/* Goes where the chat is to be, and chats; returns the exit status. */
static int chat_there(struct chat *chat)
{
	enum place_result placed = session_open(&chat->session, clock_now());

	if (!chat->session.is_open)
		return placed == PLACE_USAGE ? 2 : 1;
	chat->has_failed = placed == PLACE_PARTLY;
	init(chat);
	run(chat);
	fini(chat);
	session_close(&chat->session);
	return chat->has_failed;
}

int chat_run(const struct chat_config *config, struct call_log *log)
{
	struct chat chat = {
		.config = config,
		.phase = PHASE_TALKING,
		.deadline = INSTANT_NEVER,
		.delivery.look_at = INSTANT_NEVER,
		.weather =
			{
				.verbosity = config->verbosity,
				.session = &chat.session,
				.trouble = &chat.outbound.trouble,
			},
	};
	int status;

	if (!log_open(&chat.log, config->log))
		return 1;
	session_init(&chat.session, &config->session, log);
	chat.session.config.has_color =
		color_is_wanted(config->color, isatty(STDERR_FILENO));
	/* Before the choice of interfaces, so that no change is missed. */
	weather_open(&chat.weather);
	status = chat_there(&chat);
	weather_close(&chat.weather);
	return log_close(&chat.log) || status > 0 ? status : 1;
}
