/* SPDX-License-Identifier: ISC */
#include "mchat/chat/display.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "tap.h"
#include "mchat/protocol/event.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
	struct display display;
	struct capture said;
};

static void fixture_init(struct fixture *f, enum view_format format)
{
	f->display = (struct display){
		.view = {.format = format},
		.verbosity = VERBOSITY_NORMAL,
		.transcript.fd = -1,
	};
	display_init(&f->display, -1);
	f->display.nick = "me";
	capture_begin(&f->said);
}

/* Ends the display, and checks what went to stdout and to stderr. */
static void fixture_is(struct fixture *f, const char *shown, const char *said,
	const char *what)
{
	const struct buffer *queue = &f->display.output.queue;

	tap_is_bytes(buffer_bytes(queue), buffer_size(queue), shown,
		strlen(shown), what);
	tap_is_string(capture_end(&f->said), said, "what is on stderr");
	display_fini(&f->display);
}

static struct event event_of(enum event_kind kind)
{
	return (struct event){
		.kind = kind,
		.member = {.id = 1, .nick = "lee", .nick_size = 3},
	};
}

static void say(struct display *display, const char *text)
{
	struct event event = event_of(EVENT_MESSAGE);

	event.message.text = text;
	event.message.size = strlen(text);
	display_event(display, &event);
}

/* An event of each kind; the message, the action and the plain datagram count
 * as messages. */
static void show_each(struct display *display)
{
	static const struct event_stat stat = {"sent", 5};
	struct event event = event_of(EVENT_JOIN);

	display_event(display, &event);
	say(display, "hi");
	event = event_of(EVENT_ACTION);
	event.message.text = "waves";
	event.message.size = 5;
	display_event(display, &event);
	event = event_of(EVENT_PLAIN);
	event.plain.from.family = ADDRESS_IPV4;
	event.plain.interface = "lo";
	event.plain.text = "plain";
	event.plain.size = 5;
	display_event(display, &event);
	event = event_of(EVENT_LOST);
	event.lost.count = 2;
	event.lost.why = "x";
	display_event(display, &event);
	event = event_of(EVENT_LEAVE);
	display_event(display, &event);
	event = event_of(EVENT_STATS);
	event.stats.items = &stat;
	event.stats.count = 1;
	display_event(display, &event);
}

#define SAID "lee: hi\n* lee waves\n[0.0.0.0:0] plain\n"
#define NOTICES                                                                \
	"mchat: lee joined\nmchat: 2 messages from lee lost: x\n"              \
	"mchat: lee left\n"
#define STATS "mchat: sent 5\n"

static void test_streams(void)
{
	struct fixture f;

	fixture_init(&f, VIEW_TEXT);
	show_each(&f.display);
	tap_is_int((intmax_t)f.display.shown, 3,
		"three of the events count as messages");
	fixture_is(&f, SAID, NOTICES STATS, "messages go to stdout");

	fixture_init(&f, VIEW_BARE);
	show_each(&f.display);
	fixture_is(&f, "hi\nwaves\nplain\n", NOTICES STATS,
		"bare: messages go to stdout");

	fixture_init(&f, VIEW_TEXT);
	f.display.verbosity = VERBOSITY_QUIET;
	show_each(&f.display);
	fixture_is(&f, SAID, STATS,
		"quiet: only the statistics, which were asked for, are said");

	fixture_init(&f, VIEW_TEXT);
	f.display.is_off = true;
	show_each(&f.display);
	tap_is_int((intmax_t)f.display.shown, 3,
		"switched off: messages are counted");
	fixture_is(&f, "", NOTICES STATS, "switched off: no message is shown");
}

/* While a line is typed everything is printed above it, in order. */
static void test_one_place(void)
{
	struct buffer *lines;
	struct fixture f;

	fixture_init(&f, VIEW_TEXT);
	f.display.is_edited = true;
	lines = display_lines(&f.display);
	f.display.keeps = true;
	show_each(&f.display);
	display_again(&f.display, 1);
	buffer_append_char(lines, '\0');
	tap_is_string(buffer_bytes(lines),
		"mchat: lee joined\n" SAID
		"mchat: 2 messages from lee lost: x\n"
		"mchat: lee left\n" STATS "[0.0.0.0:0] plain\n",
		"while a line is typed everything is among the lines above it");
	tap_is_int((intmax_t)buffer_size(&f.display.output.queue), 0,
		"while a line is typed nothing goes to stdout");
	buffer_clear(lines);
	buffer_append_string(lines, "what waits\n");
	display_end_edit(&f.display);
	say(&f.display, "x");
	fixture_is(&f, "what waits\nlee: x\n", "",
		"when no line is typed any more, the lines go to stdout");
}

/* In pieces of whole lines. */
static void test_above(void)
{
	struct buffer *lines;
	struct fixture f;

	fixture_init(&f, VIEW_TEXT);
	f.display.is_edited = true;
	lines = display_lines(&f.display);
	buffer_append_string(lines, "one\ntwo\nthree\nfour");
	tap_is_int((intmax_t)display_print_above(&f.display, 9), 8,
		"as many lines as fit are printed");
	tap_is_int((intmax_t)display_print_above(&f.display, 2), 6,
		"or one that does not");
	tap_is_int((intmax_t)display_print_above(&f.display, 2), 4,
		"or what is no line yet");
	tap_is_int((intmax_t)display_print_above(&f.display, 2), 0,
		"until nothing is left");
	while (buffer_size(lines) < DISPLAY_ABOVE_MAX) {
		if (display_is_full(&f.display))
			break;
		buffer_append_string(lines, "it waits\n");
	}
	tap_ok(display_is_full(&f.display) &&
			buffer_size(lines) >= DISPLAY_ABOVE_MAX,
		"what waits there has a bound");
	buffer_clear(lines);
	fixture_is(&f, "one\ntwo\nthree\nfour", "", "and all is in order");
}

/* Our own messages are shown, but do not count. */
static void test_own(void)
{
	struct event event = event_of(EVENT_MESSAGE);
	struct fixture f;

	fixture_init(&f, VIEW_TEXT);
	event.message.text = "mine";
	event.message.size = 4;
	event.message.is_own = true;
	display_event(&f.display, &event);
	tap_is_int(
		(intmax_t)f.display.shown, 0, "our own message does not count");
	fixture_is(&f, "lee> mine\n", "", "our own message is shown");
}

static void test_json(void)
{
	static const char *const kinds[] = {
		"join", "message", "action", "plain", "lost", "leave", "stats"};
	const char *line;
	struct fixture f;

	fixture_init(&f, VIEW_JSON);
	f.display.verbosity = VERBOSITY_QUIET;
	show_each(&f.display);
	buffer_append_char(&f.display.output.queue, '\0');
	line = buffer_bytes(&f.display.output.queue);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char start[32];

		snprintf(start, sizeof(start), "{\"event\":\"%s\"", kinds[i]);
		tap_ok(line && strncmp(line, start, strlen(start)) == 0,
			"%s is a line on stdout", kinds[i]);
		line = line ? strchr(line, '\n') : NULL;
		line = line ? line + 1 : NULL;
	}
	tap_ok(line && *line == '\0', "no other line is on stdout");
	buffer_clear(&f.display.output.queue);
	fixture_is(&f, "", "", "JSON puts nothing on stderr");
}

static void test_limit(void)
{
	struct fixture f;

	fixture_init(&f, VIEW_BARE);
	say(&f.display, "one");
	tap_ok(!display_has_all(&f.display),
		"without a limit no number of messages is enough");
	f.display.limit = 3;
	show_each(&f.display);
	tap_ok(display_has_all(&f.display), "messages count towards the limit");
	f.display.limit = 5;
	tap_ok(!display_has_all(&f.display),
		"other events do not count towards the limit");
	buffer_clear(&f.display.output.queue);
	fixture_is(
		&f, "", NOTICES STATS, "a limit does not change what is said");
}

static void test_again(void)
{
	struct fixture f;

	fixture_init(&f, VIEW_TEXT);
	f.display.keeps = true;
	display_again(&f.display, 5);
	tap_is_int((intmax_t)buffer_size(&f.display.output.queue), 0,
		"before any message there is none to show again");
	show_each(&f.display);
	buffer_clear(&f.display.output.queue);
	display_again(&f.display, 2);
	display_again(&f.display, 3);
	display_again(&f.display, 1000);
	fixture_is(&f, "* lee waves\n[0.0.0.0:0] plain\n" SAID SAID,
		NOTICES STATS, "the last messages come again, in order");

	fixture_init(&f, VIEW_TEXT);
	say(&f.display, "x");
	display_again(&f.display, 1);
	fixture_is(&f, "lee: x\n", "",
		"where no messages are kept none are shown again");
}

/* Who is ignored says nothing, but is counted. */
static void test_ignored(void)
{
	struct fixture f;

	fixture_init(&f, VIEW_TEXT);
	f.display.keeps = true;
	f.display.has_bell = true;
	f.display.nick = "hi";
	f.display.limit = 3;
	f.display.counts_plain = true;
	ignore_list_add(&f.display.ignored, NULL, "lee");
	show_each(&f.display);
	display_again(&f.display, 3);
	tap_ok(display_has_all(&f.display), "what is not shown is counted");
	fixture_is(&f,
		"[0.0.0.0:0] plain\n"
		"[0.0.0.0:0] plain\n",
		NOTICES STATS, "messages of who is ignored are not shown");
}

/* A thousand lines of a kibibyte and more do not fit. */
static void test_kept_bound(bool ends_with_nul)
{
	struct fixture f;
	char line[1100];
	size_t first;

	fixture_init(&f, VIEW_BARE);
	f.display.view.ends_with_nul = ends_with_nul;
	f.display.keeps = true;
	memset(line, 'x', sizeof(line));
	/* Where a NUL ends a message, a newline does not. */
	if (ends_with_nul)
		line[100] = '\n';
	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "%03d", i);
		line[3] = 'x';
		line[sizeof(line) - 1] = '\0';
		say(&f.display, line);
	}
	tap_ok(buffer_size(&f.display.kept.lines) <= DISPLAY_KEPT_SIZE &&
			buffer_size(&f.display.kept.lines) + sizeof(line) >
				DISPLAY_KEPT_SIZE,
		"as many as fit are kept");
	first = 1000 - DISPLAY_KEPT_SIZE / sizeof(line);
	buffer_clear(&f.display.output.queue);
	display_again(&f.display, DISPLAY_KEPT_MAX);
	tap_is_int((intmax_t)strtoul(
			   buffer_bytes(&f.display.output.queue), NULL, 10),
		(intmax_t)first, "the first message that is kept is whole");
	buffer_clear(&f.display.output.queue);
	display_again(&f.display, 1);
	tap_is_int((intmax_t)strtoul(
			   buffer_bytes(&f.display.output.queue), NULL, 10),
		999, "the last message that is kept is the last said");
	buffer_clear(&f.display.output.queue);
	fixture_is(&f, "", "", "keeping messages says nothing");
}

int main(void)
{
	test_streams();
	test_one_place();
	test_above();
	test_own();
	test_json();
	test_limit();
	test_again();
	test_ignored();
	test_kept_bound(false);
	test_kept_bound(true);
	return tap_done();
}
