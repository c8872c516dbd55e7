/* SPDX-License-Identifier: ISC */
#include "mchat/chat/display.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/terminal/tty.h"
#include "mchat/view/event_payload.h"
#include "mchat/view/mention.h"
#include "mchat/view/wrap.h"

void display_init(struct display *display, int fd)
{
	if (!display->nick)
		display->nick = "";
	fold_init(&display->fold);
	display->kept.size_max = DISPLAY_KEPT_SIZE;
	output_queue_init(&display->output, fd);
}

void display_fini(struct display *display)
{
	output_queue_fini(&display->output);
	buffer_fini(&display->above);
	kept_lines_fini(&display->kept);
	fold_fini(&display->fold);
}

struct buffer *display_lines(struct display *display)
{
	return display->is_edited ? &display->above : &display->output.queue;
}

static bool is_end(char c)
{
	return c == '\n' || c == '\0';
}

/* The bytes of the lines that fit into `size`, or of the first one. */
static size_t measure_lines(const struct buffer *lines, size_t size)
{
	const char *bytes = buffer_bytes(lines);
	size_t all = buffer_size(lines);
	size_t end = size;

	if (size >= all)
		return all;
	while (end > 0 && !is_end(bytes[end - 1]))
		end--;
	if (end > 0)
		return end;
	end = size;
	while (end < all && !is_end(bytes[end]))
		end++;
	return end < all ? end + 1 : all;
}

size_t display_print_above(struct display *display, size_t size)
{
	struct buffer *above = &display->above;
	size_t printed = measure_lines(above, size);

	buffer_append(&display->output.queue, buffer_bytes(above), printed);
	buffer_consume(above, printed);
	return printed;
}

void display_end_edit(struct display *display)
{
	display_print_above(display, SIZE_MAX);
	display->is_edited = false;
}

bool display_is_full(const struct display *display)
{
	return output_queue_is_full(&display->output) ||
	       buffer_size(&display->above) >= DISPLAY_ABOVE_MAX;
}

static bool is_own(const struct event *event)
{
	return event_payload_is_message(event) && event->message.is_own;
}

/* Keeps the lines that were added behind `before` bytes. */
static void keep(struct display *display, size_t before)
{
	const struct buffer *lines = display_lines(display);

	display->kept.end = view_end(&display->view);
	kept_lines_add(&display->kept, buffer_bytes(lines) + before,
		buffer_size(lines) - before);
}

/* Rings when we are spoken of; `before` is what was queued already. */
static void ring(
	struct display *display, const struct event *event, size_t before)
{
	if (before == 0)
		display->has_rung = false;
	if (!display->has_bell || display->has_rung ||
		!mention_is_in(event, display->nick, strlen(display->nick)))
		return;
	buffer_append_char(display_lines(display), '\a');
	display->has_rung = true;
}

/* What is no message is wrapped to the window as it is just now. */
static void set_columns(
	struct display *display, const struct event *event, int fd)
{
	if (!event || !event_payload_exists(event))
		display->view.columns = wrap_columns(tty_window_columns(fd));
}

static void show_on_stdout(struct display *display, const struct event *event)
{
	struct buffer *lines = display_lines(display);
	size_t before = buffer_size(lines);

	set_columns(display, event, display->output.fd);
	fold_event(&display->fold, &display->view, event, lines);
	if (display->keeps && event_payload_exists(event))
		keep(display, before);
	ring(display, event, before);
}

/* Whether nobody wants to see it. */
static bool is_unwanted(const struct display *display,
	const struct event *event, enum view_stream stream)
{
	/* Statistics are shown to who asked for them. */
	if (event->kind == EVENT_STATS)
		return false;
	if (display->is_off && stream == VIEW_STDOUT)
		return true;
	return display->verbosity == VERBOSITY_QUIET &&
	       !event_payload_exists(event) &&
	       display->view.format != VIEW_JSON;
}

void display_log(struct display *display, const struct event *event)
{
	/* What we say is logged when it goes out, not when it is typed. */
	if (!is_own(event))
		transcript_event(&display->transcript, event);
}

void display_event(struct display *display, const struct event *event)
{
	display_log(display, event);
	display_show(display, event);
}

void display_aside(struct display *display, const struct buffer *words)
{
	if (display->is_off || display->verbosity == VERBOSITY_QUIET)
		return;
	set_columns(display, NULL, display->output.fd);
	view_aside(&display->view, words, display_lines(display));
}

static void show_on_stderr(struct display *display, const struct event *event)
{
	struct buffer line = BUFFER_EMPTY;

	set_columns(display, event, STDERR_FILENO);
	view_event(&display->view, event, &line);
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
}

void display_show(struct display *display, const struct event *event)
{
	enum view_stream stream = view_stream(&display->view, event);

	if (event_payload_exists(event) && !is_own(event)) {
		display->shown++;
		display->counted +=
			event->kind != EVENT_PLAIN || display->counts_plain;
	}
	if (is_unwanted(display, event, stream) ||
		ignore_list_hides(&display->ignored, event))
		return;
	if (stream == VIEW_STDOUT) {
		show_on_stdout(display, event);
		return;
	}
	if (display->is_edited) {
		set_columns(display, event, display->output.fd);
		view_event(&display->view, event, &display->above);
		return;
	}
	show_on_stderr(display, event);
}

static struct event own_event(const struct display *display,
	enum event_kind kind, const char *text, size_t size,
	struct wall_time time)
{
	return (struct event){
		.kind = kind,
		.time = time,
		.member =
			{
				.nick = display->nick,
				.nick_size = strlen(display->nick),
			},
		.message = {.text = text, .size = size, .is_own = true},
	};
}

void display_own(struct display *display, enum event_kind kind,
	const char *text, size_t size, struct wall_time time)
{
	struct event event;

	if (!transcript_is_open(&display->transcript))
		return;
	event = own_event(display, kind, text, size, time);
	transcript_event(&display->transcript, &event);
}

void display_typed(struct display *display, enum event_kind kind,
	const char *text, size_t size, struct wall_time time)
{
	struct event event = own_event(display, kind, text, size, time);

	display_event(display, &event);
}

void display_again(struct display *display, size_t count)
{
	kept_lines_append(&display->kept, count, display_lines(display));
}

size_t display_whole(struct display *display, size_t count)
{
	return fold_show(&display->fold, count, display_lines(display));
}

uint64_t display_lacks(const struct display *display)
{
	return display->shown < display->limit ? display->limit - display->shown
					       : 0;
}

bool display_has_all(const struct display *display)
{
	return display->limit > 0 && display->counted >= display->limit;
}
