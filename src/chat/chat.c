/* SPDX-License-Identifier: ISC */
#include "mchat/chat/chat.h"

#include <errno.h>
#include <unistd.h>

#include "mchat/chat/chat_internal.h"
#include "mchat/chat/input_dispatch.h"
#include "mchat/chat/lifecycle.h"
#include "mchat/chat/loop.h"
#include "mchat/chat/raw.h"
#include "mchat/chat/shutdown.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/signals.h"
#include "mchat/protocol/engine.h"

static enum signals_terminal find_terminal(const struct chat *chat)
{
	if (console_is_on(&chat->console))
		return SIGNALS_EDITED_TERMINAL;
	return chat->input.is_terminal || tty_controls_us()
		       ? SIGNALS_TERMINAL
		       : SIGNALS_NO_TERMINAL;
}

static bool start(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	struct instant now = clock_now();

	if (!receive_path_init(&chat->receive_path) ||
		!send_path_init(&chat->send_path, config->session.is_raw)) {
		diagnostics_failure("buffers", ENOMEM);
		return false;
	}
	if (config->has_timeout && config->count > 0)
		chat->deadline = instant_after(now, config->timeout);
	if (signals_open(find_terminal(chat)) < 0) {
		diagnostics_failure("signals", errno);
		return false;
	}
	lifecycle_begin(chat, now);
	input_dispatch_run(chat, now);
	loop_show(chat, now);
	lifecycle_advance(chat, now);
	return true;
}

static void open_console(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	console_open(&chat->console,
		config->format != VIEW_JSON && !config->is_plain,
		chat->notify.how != NOTIFY_OFF, config->verbosity);
	chat->display.is_edited = console_is_on(&chat->console);
	if (chat->display.is_edited)
		return;
	/* What the terminal echoes has no time, and may be torn by what came
	 * meanwhile. */
	chat->display.echoes_own = config->format != VIEW_JSON &&
				   chat->input.is_terminal &&
				   chat->display.view.on_terminal;
	/* It may know no sequences. */
	if (chat->notify.how == NOTIFY_OSC)
		chat->notify.how = NOTIFY_BELL;
}

static void run(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	if (config->reads_input)
		open_console(chat);
	stderr_queue_open(&chat->stderr_queue, console_is_on(&chat->console));
	if (!start(chat)) {
		stderr_queue_close(&chat->stderr_queue);
		console_close(&chat->console, &chat->display);
		phase_note_failure(&chat->phase);
		return;
	}
	while (chat->phase.now != PHASE_OVER)
		loop_turn(chat);
	shutdown_run(chat);
}

static void init_display(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	struct display *display = &chat->display;
	/* What is not shown leaves the terminal to stderr. */
	bool on_terminal = config->shows && isatty(STDOUT_FILENO);

	display->nick = chat->session.nick;
	display_init(display, STDOUT_FILENO);
	display->verbosity = config->verbosity;
	display->is_off = !config->shows;
	display->limit = config->count;
	display->counts_plain = config->session.is_raw;
	display->keeps = chat->input.is_terminal;
	display->has_bell = config->has_bell && on_terminal;
	view_init(&display->view, config->format, on_terminal, config->color,
		clock_wall());
	display->view.ends_with_nul = config->ends_with_nul;
	display->fold.is_on = on_terminal && config->format == VIEW_TEXT &&
			      config->reads_input && chat->input.is_terminal &&
			      !config->session.is_raw;
	display->view.nick = display->nick;
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
		.classify = config->session.is_raw ? NULL : commands_classify,
		.lacks_slash =
			config->session.is_raw ? NULL : commands_lacks_slash,
	};

	input_init(&chat->input, &input);
	init_display(chat);
	chat->receive_path.faults = (struct fault_injection){
		.rates = config->faults, .prng = {config->seed}};
	clock_offsets_init(&chat->clock_offsets);
	history_merge_init(&chat->history_merge);
	presence_notices_init(&chat->presence_notices);
	prompt_init(&chat->prompt);
	/* Where each mention rings, it does so here, too. */
	if (chat->display.view.on_terminal && !chat->display.has_bell)
		chat->notify.how = config->notify;
	chat->delivery.wanted = config->wait;
	chat->delivery.timeout = config->has_timeout
					 ? config->timeout
					 : duration_ms(DELIVERY_TIMEOUT_MS);
}

static void fini(struct chat *chat)
{
	receive_path_fini(&chat->receive_path);
	history_merge_fini(&chat->history_merge);
	display_fini(&chat->display);
	send_path_fini(&chat->send_path);
	input_fini(&chat->input);
}

/* Goes where the chat is to be, and chats; returns the exit status. */
static int chat_there(struct chat *chat)
{
	enum membership_result placed =
		session_open(&chat->session, clock_now());

	if (!chat->session.is_open)
		return placed == MEMBERSHIP_USAGE ? 2 : 1;
	if (placed == MEMBERSHIP_PARTLY)
		phase_note_failure(&chat->phase);
	init(chat);
	run(chat);
	/* What was asked for by name never came; why was said at the start. */
	if (chat->session.is_open &&
		!membership_was_whole(&chat->session.membership))
		phase_note_failure(&chat->phase);
	fini(chat);
	/* What --explain says of the end is nothing to wait for. */
	stderr_queue_open(&chat->stderr_queue, false);
	session_close(&chat->session);
	stderr_queue_close(&chat->stderr_queue);
	return chat->phase.has_failed;
}

int chat_run(const struct chat_config *config, struct call_log *log)
{
	struct chat chat = {
		.config = config,
		.phase.now = PHASE_TALKING,
		.deadline = INSTANT_NEVER,
		.delivery.check_at = INSTANT_NEVER,
		.one_way.check_at = INSTANT_NEVER,
	};
	int status;

	if (!transcript_open(&chat.display.transcript, config->log))
		return 1;
	session_init(&chat.session, &config->session, log);
	chat.session.config.has_color =
		color_is_wanted(config->color, isatty(STDERR_FILENO));
	/* Before the choice of interfaces, so that no change is missed. */
	interface_monitor_open(&chat.interface_monitor,
		config->session.membership.interface_count == 0,
		config->verbosity, log);
	status = chat_there(&chat);
	interface_monitor_close(&chat.interface_monitor, log);
	return transcript_close(&chat.display.transcript) || status > 0 ? status
									: 1;
}
