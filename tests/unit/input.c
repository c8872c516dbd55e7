/* SPDX-License-Identifier: ISC */
/* Input from a pipe and from a pseudo-terminal, which stand in for stdin. */
#include "mchat/chat/input.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "capture.h"
#include "tap.h"

#define LIMIT 8 /* bytes of a message, so that long ones are short */

/* A stdin, and the end that feeds it. */
struct feed {
	int fd;
	struct input input;
	struct capture said;
};

/* "now" is at once, what begins with "do " is an action, the rest waits. */
static struct input_class classify(const char *line, size_t size)
{
	if (size == 3 && memcmp(line, "now", 3) == 0)
		return (struct input_class){.kind = LINE_AT_ONCE, .end = size};
	if (size < 3 || memcmp(line, "do ", 3) != 0)
		return (struct input_class){.kind = LINE_IN_TURN, .end = size};
	return (struct input_class){
		.kind = LINE_ACTION, .begin = 3, .end = size};
}

static struct input_config config(void)
{
	return (struct input_config){
		.reads_stdin = true,
		.limit = LIMIT,
		.classify = classify,
	};
}

static void feed_open(
	struct feed *feed, int in, int out, const struct input_config *config_)
{
	dup2(in, STDIN_FILENO);
	close(in);
	feed->fd = out;
	input_init(&feed->input, config_);
	capture_begin(&feed->said);
}

static void feed_pipe(struct feed *feed, const struct input_config *config_)
{
	int ends[2];

	if (pipe(ends) < 0)
		abort();
	feed_open(feed, ends[0], ends[1], config_);
}

/* A terminal that gives lines, without echo; false where there is none. */
static bool feed_terminal(struct feed *feed, const struct input_config *config_)
{
	struct termios settings;
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	int slave = -1;

	if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
		slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0)
		return false;
	tcgetattr(slave, &settings);
	settings.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(slave, TCSANOW, &settings);
	feed_open(feed, slave, master, config_);
	return true;
}

/* Returns what was said meanwhile. */
static const char *feed_close(struct feed *feed)
{
	close(feed->fd);
	input_fini(&feed->input);
	return capture_end(&feed->said);
}

/* Gives it bytes, which it reads, as one read at most. */
static void give(struct feed *feed, const char *text)
{
	if (write(feed->fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	input_read(&feed->input);
}

/* Gives each of these lines to a terminal, which has a line a read. */
static void type(struct feed *feed, const char *lines)
{
	if (write(feed->fd, lines, strlen(lines)) != (ssize_t)strlen(lines))
		abort();
	for (const char *c = lines; *c; c++)
		if (*c == '\n')
			input_read(&feed->input);
}

/* The next message, or command, with its end as text: NULL when none. */
static const char *next(
	bool (*get)(struct input *, struct input_line *), struct feed *feed)
{
	static char text[LIMIT + 2];
	struct input_line line;

	if (!get(&feed->input, &line))
		return NULL;
	memcpy(text, line.line.text, line.line.size);
	text[line.line.size] = '\0';
	return text;
}

/* As the line editor does. */
static void enter(struct input *input, const char *text, bool is_pasted)
{
	struct input_line line =
		input_classify(input, text, strlen(text), is_pasted);

	input_add(input, &line);
}

static void is_message(struct feed *feed, const char *text, const char *what)
{
	tap_is_string(next(input_next, feed), text, what);
}

static void is_command(struct feed *feed, const char *text, const char *what)
{
	tap_is_string(next(input_next_command, feed), text, what);
}

static void test_pipe(void)
{
	struct input_config c = config();
	struct feed feed;

	feed_pipe(&feed, &c);
	tap_ok(input_wants_more(&feed.input), "a pipe may have more");
	is_message(&feed, NULL, "nothing is there yet");
	give(&feed, "one\n\ntwo\nthr");
	tap_is_int((intmax_t)input_left(&feed.input), 3, "three whole lines");
	is_message(&feed, "one", "a line");
	is_message(&feed, "", "an empty one is a message, too");
	is_message(&feed, "two", "and the next");
	is_message(&feed, NULL, "but not half a line");
	tap_ok(!input_is_done(&feed.input), "which is not the end");
	close(feed.fd);
	input_read(&feed.input);
	tap_ok(!input_wants_more(&feed.input), "the end is the end");
	tap_is_int((intmax_t)input_left(&feed.input), 1, "one is left");
	is_message(&feed, "thr", "the last without its newline");
	tap_ok(input_is_done(&feed.input), "then all is done");
	tap_is_string(feed_close(&feed), "", "about which nothing is said");
}

static void test_messages(void)
{
	static const char *const messages[] = {"/one", "", "//two"};
	struct input_config c = config();
	struct feed feed;

	c.messages = messages;
	c.message_count = 3;
	feed_pipe(&feed, &c);
	give(&feed, "line\n");
	tap_is_int((intmax_t)input_left(&feed.input), 4, "four are left");
	is_command(&feed, NULL, "a message of the command line is no command");
	is_message(&feed, "/one", "it comes as it is");
	is_message(&feed, "", "an empty one is one");
	is_message(&feed, "//two", "nothing in it is an escape");
	is_message(&feed, "line", "then come the lines of stdin");
	feed_close(&feed);
}

static void test_messages_alone(void)
{
	static const char *const messages[] = {"one"};
	struct input_config c = config();
	struct feed feed;

	c.messages = messages;
	c.message_count = 1;
	c.reads_stdin = false;
	feed_pipe(&feed, &c);
	tap_ok(!input_wants_more(&feed.input), "stdin is not read");
	tap_ok(!input_is_done(&feed.input), "a message is left");
	is_message(&feed, "one", "it comes");
	tap_ok(input_is_done(&feed.input), "and that is all");
	feed_close(&feed);
}

static void test_put_back(void)
{
	struct input_config c = config();
	struct feed feed;

	feed_pipe(&feed, &c);
	give(&feed, "one\n123456789\n");
	is_message(&feed, "one", "a line");
	input_put_back(&feed.input);
	tap_ok(!input_wants_more(&feed.input), "one put back stops reading");
	tap_is_int((intmax_t)input_left(&feed.input), 2, "it is left again");
	is_message(&feed, "one", "and comes again");
	is_message(&feed, "12345678", "a piece of a long one");
	input_put_back(&feed.input);
	is_message(&feed, "12345678", "may come again, too");
	input_put_back(&feed.input);
	input_end(&feed.input);
	tap_ok(!input_is_done(&feed.input), "one put back is not done with");
	is_message(&feed, "12345678", "but comes at the end, too");
	is_message(&feed, "9", "and then its rest");
	tap_ok(input_is_done(&feed.input), "now it is");
	feed_close(&feed);
}

/* What is typed on while a line waits to be taken comes behind it. */
static void test_enter(void)
{
	static const char more[] = "more of it";
	struct input_config c = config();
	struct feed feed;
	size_t entered = 0;
	struct input_line line;

	c.limit = 64;
	feed_pipe(&feed, &c);
	enter(&feed.input, "first", false);
	is_message(&feed, "first", "a line that was entered");
	input_put_back(&feed.input);
	while (input_takes(&feed.input)) {
		enter(&feed.input, more, false);
		entered++;
	}
	tap_ok(entered > 100, "much is taken behind it, and not without end");
	is_message(&feed, "first", "it is what it was, and comes first");
	while (input_next(&feed.input, &line))
		entered -= line.line.size == sizeof(more) - 1 &&
			   memcmp(line.line.text, more, line.line.size) == 0;
	tap_is_int((intmax_t)entered, 0, "then all that came behind");
	tap_ok(input_takes(&feed.input), "there is room again");
	feed_close(&feed);
}

static void kind_is(const struct feed *feed, const char *text,
	enum line_kind kind, const char *rest)
{
	struct input_line line =
		input_classify(&feed->input, text, strlen(text), false);

	tap_is_int(line.kind, kind, text);
	tap_is_bytes(line.line.text, line.line.size, rest, strlen(rest),
		"with this behind it");
}

static void test_kinds(void)
{
	struct input_config c = config();
	struct feed feed;

	feed_pipe(&feed, &c);
	kind_is(&feed, "/who", LINE_IN_TURN, "who");
	kind_is(&feed, "/now", LINE_AT_ONCE, "now");
	kind_is(&feed, "/do it", LINE_ACTION, "it");
	kind_is(&feed, "/", LINE_IN_TURN, "");
	kind_is(&feed, "//now", LINE_MESSAGE, "/now");
	kind_is(&feed, "now/", LINE_MESSAGE, "now/");
	kind_is(&feed, "", LINE_MESSAGE, "");
	feed.input.config.classify = NULL;
	kind_is(&feed, "/now", LINE_MESSAGE, "/now");
	feed_close(&feed);
}

/* Two characters of three bytes and one of four do not fit into eight. */
#define WIDE "\xed\x95\x9c\xea\xb8\x80\xf0\x9f\x98\x80"

static void is_piece(
	struct feed *feed, const char *text, bool is_option, bool is_rest)
{
	struct input_line line = {0};

	tap_ok(input_next(&feed->input, &line), "a piece");
	tap_is_bytes(line.line.text, line.line.size, text, strlen(text),
		"cut between characters");
	tap_ok(line.line.is_cut == !is_rest && line.line.is_rest == is_rest &&
			line.is_option == is_option,
		"is known as one, and where it comes from");
}

static void test_long(void)
{
	static const char *const messages[] = {WIDE};
	struct input_config c = config();
	struct feed feed;

	c.messages = messages;
	c.message_count = 1;
	feed_pipe(&feed, &c);
	give(&feed, WIDE "\n");
	enter(&feed.input, WIDE, false);
	for (int i = 0; i < 3; i++) {
		is_piece(&feed, "\xed\x95\x9c\xea\xb8\x80", i == 0, false);
		is_piece(&feed, "\xf0\x9f\x98\x80", i == 0, true);
	}
	tap_is_string(feed_close(&feed), "", "about which nothing is said");
}

static void test_waits_in_turn(void)
{
	struct input_config c = config();
	struct input input;
	struct input_line line;

	input_init(&input, &c);
	input.is_terminal = true;
	enter(&input, "one", false);
	enter(&input, "/who", true);
	tap_ok(!input_waits_in_turn(&input), "messages are no commands");
	enter(&input, "/who", false);
	enter(&input, "two", false);
	tap_ok(input_waits_in_turn(&input), "a command waits for its turn");
	while (input_next(&input, &line))
		continue;
	tap_ok(input_waits_in_turn(&input), "also when that has come");
	tap_ok(input_next_command(&input, &line) &&
			!input_waits_in_turn(&input),
		"until it is taken");
	tap_ok(input_next(&input, &line) && !input_waits_in_turn(&input),
		"what came behind it does not count");
	input_fini(&input);
}

/* Programs write such lines without meaning us. */
static void test_no_commands_on_a_pipe(void)
{
	struct input_config c = config();
	struct feed feed;

	feed_pipe(&feed, &c);
	give(&feed, "/quit\n//x\n");
	is_command(&feed, NULL, "a line of a pipe is no command");
	is_message(&feed, "/quit", "but a message");
	is_message(&feed, "//x", "and no '/' of it is lost");
	feed_close(&feed);
}

static void test_terminal(void)
{
	struct input_config c = config();
	struct feed feed;

	if (!feed_terminal(&feed, &c)) {
		tap_skip("typed lines", "no pseudo-terminals");
		return;
	}
	type(&feed, "one\n\n/who\n//x\n/\n//\n/a/b\n x /\n");
	is_command(&feed, NULL, "a typed message is no command");
	is_message(&feed, "one", "it comes");
	is_message(&feed, NULL, "an empty line is none; '/' is no message");
	is_message(&feed, NULL, "not at the second look either");
	is_command(&feed, "who", "but a command");
	is_command(&feed, NULL, "a second '/' makes it none");
	is_message(&feed, "/x", "but a message that begins with one");
	is_command(&feed, "", "a '/' alone is a command without a name");
	is_message(&feed, "/", "two are a message of one");
	is_command(&feed, "a/b", "a '/' further behind is any character");
	is_message(&feed, " x /", "and does not make a command");
	tap_is_string(feed_close(&feed), "", "nothing is said about that");

	feed_terminal(&feed, &c);
	type(&feed, "12345678/who\n");
	is_message(&feed, "12345678", "a long line");
	is_command(&feed, NULL, "whose second piece begins with a '/'");
	is_message(&feed, "/who", "has no command in it");
	feed_close(&feed);
}

static void is_action(struct feed *feed, const char *text, const char *what)
{
	is_message(feed, text, what);
	tap_is_int(feed->input.last.kind, LINE_ACTION, "as an action");
}

/* Of what is typed behind a line that waits, some does not wait. */
static void test_at_once(void)
{
	struct input_config c = config();
	struct feed feed;

	if (!feed_terminal(&feed, &c)) {
		tap_skip("commands that overtake", "no pseudo-terminals");
		return;
	}
	type(&feed, "one\n");
	is_message(&feed, "one", "a line");
	input_put_back(&feed.input);
	tap_ok(input_wants_more(&feed.input), "one that waits stops no typing");
	type(&feed, "/now\n/who\n/do it\n/now\n");
	for (int i = 0; i < 2; i++) {
		tap_ok(input_has_at_once(&feed.input), "some do not wait");
		tap_is_string(next(input_next_at_once, &feed), "now",
			"they come before it");
	}
	tap_is_string(next(input_next_at_once, &feed), NULL, "and no others");
	tap_ok(!input_has_at_once(&feed.input), "then there are none");
	is_message(&feed, "one", "the line comes again");
	is_command(&feed, "who", "a command behind it");
	is_action(&feed, "it", "and what we do");
	type(&feed, "/do 123456789\n");
	is_action(&feed, "12345678", "a long one, in two pieces,");
	is_action(&feed, "9", "is one all through");
	enter(&feed.input, "/now", true);
	is_message(&feed, "/now", "what is pasted is said");
	tap_ok(!input_has_at_once(&feed.input), "and never done");
	feed_close(&feed);
}

static void test_terminal_ends(void)
{
	struct input_config c = config();
	struct feed feed;

	c.classify = NULL;
	if (!feed_terminal(&feed, &c)) {
		tap_skip("a terminal that ends", "no pseudo-terminals");
		return;
	}
	type(&feed, "/who\n");
	is_command(&feed, NULL, "where there are no commands it is none");
	is_message(&feed, "/who", "but a message");
	close(feed.fd);
	input_read(&feed.input);
	tap_ok(input_is_done(&feed.input) && !feed.input.has_failed,
		"a terminal that hangs up is the end, and no failure");
	tap_is_string(feed_close(&feed), "", "about which nothing is said");
}

static void test_failure(void)
{
	struct input_config c = config();
	struct feed feed;
	const char *said;

	feed_open(&feed, open("/", O_RDONLY), -1, &c);
	input_read(&feed.input);
	tap_ok(feed.input.has_failed && input_is_done(&feed.input),
		"what cannot be read has failed, and is at its end");
	said = feed_close(&feed);
	tap_ok(strstr(said, "mchat: input: ") == said, "which is said: %s",
		said);
}

int main(void)
{
	test_pipe();
	test_messages();
	test_messages_alone();
	test_put_back();
	test_enter();
	test_kinds();
	test_long();
	test_waits_in_turn();
	test_no_commands_on_a_pipe();
	test_terminal();
	test_at_once();
	test_terminal_ends();
	test_failure();
	return tap_done();
}
