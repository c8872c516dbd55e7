/* SPDX-License-Identifier: ISC */
#include "mchat/chat/chat.h"

#include <errno.h>
#include <unistd.h>

#include "mchat/chat/clock.h"
#include "mchat/chat/ending.h"
#include "mchat/chat/notice.h"
#include "mchat/chat/phase.h"
#include "mchat/chat/raw.h"
#include "mchat/chat/state.h"
#include "mchat/chat/talk.h"
#include "mchat/chat/turn.h"
#include "mchat/chat/wait.h"
#include "mchat/protocol/engine.h"

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
	if (wait_open(console_is_on(&chat->console)) < 0) {
		notice_failure("signals", errno);
		return false;
	}
	phase_begin(chat, now);
	talk_do(chat, now);
	turn_show(chat, now);
	phase_advance(chat, now);
	return true;
}

static void run(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	if (config->reads_input)
		console_open(&chat->console, config->format != VIEW_JSON);
	errors_open(&chat->errors, console_is_on(&chat->console));
	if (!start(chat)) {
		errors_close(&chat->errors);
		console_close(&chat->console);
		chat->has_failed = true;
		return;
	}
	while (chat->phase != PHASE_OVER)
		turn_take(chat);
	ending_run(chat);
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
	chat->display.view.ends_with_nul = config->ends_with_nul;
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
	/* What --explain says of the end is nothing to wait for. */
	errors_open(&chat->errors, false);
	session_close(&chat->session);
	errors_close(&chat->errors);
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
