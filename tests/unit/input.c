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

/* "now" runs at once, what begins with "do " is an action, any other command
 * waits its turn. */
static struct input_class classify(const char *line, size_t size)
{
	if (size == 3 && memcmp(line, "now", 3) == 0)
		return (struct input_class){.kind = LINE_AT_ONCE, .end = size};
	if (size < 3 || memcmp(line, "do ", 3) != 0)
		return (struct input_class){.kind = LINE_IN_TURN, .end = size};
	return (struct input_class){
		.kind = LINE_ACTION, .begin = 3, .end = size};
}

static bool lacks_slash(const char *line, size_t size)
{
	return size == 4 &&
	       (memcmp(line, "quit", 4) == 0 || memcmp(line, "exit", 4) == 0);
}

static struct input_config config(void)
{
	return (struct input_config){
		.reads_stdin = true,
		.limit = LIMIT,
		.classify = classify,
		.lacks_slash = lacks_slash,
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

/* Writes bytes to the input, which makes one read. */
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

/* The next message, or command, as a string: NULL when there is none. */
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
	tap_ok(input_wants_more(&feed.input), "more of an open pipe is wanted");
	is_message(&feed, NULL, "at first there is no message");
	give(&feed, "one\n\ntwo\nthr");
	tap_is_int((intmax_t)input_left(&feed.input), 3,
		"three whole lines are left");
	is_message(&feed, "one", "a line of a pipe is a message");
	is_message(&feed, "", "an empty line of a pipe is a message");
	is_message(&feed, "two", "the next line of the pipe follows");
	is_message(&feed, NULL, "half a line is no message");
	tap_ok(!input_is_done(&feed.input), "half a line is not the end");
	close(feed.fd);
	input_read(&feed.input);
	tap_ok(!input_wants_more(&feed.input),
		"after the end of the pipe no more is wanted");
	tap_is_int((intmax_t)input_left(&feed.input), 1,
		"at the end half a line is left");
	is_message(&feed, "thr", "the last line comes without its newline");
	tap_ok(input_is_done(&feed.input), "after the last line input is done");
	tap_is_string(
		feed_close(&feed), "", "a pipe that ends makes no message");
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
	tap_is_int((intmax_t)input_left(&feed.input), 4,
		"three messages of -m and a line are left");
	is_command(&feed, NULL, "a message of the command line is no command");
	is_message(
		&feed, "/one", "a message of the command line comes as it is");
	is_message(
		&feed, "", "an empty message of the command line is a message");
	is_message(&feed, "//two",
		"\"//\" in a message of the command line is no escape");
	is_message(&feed, "line", "lines of stdin come after the messages");
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
	tap_ok(!input_wants_more(&feed.input),
		"with messages alone stdin is not wanted");
	tap_ok(!input_is_done(&feed.input),
		"with a message left input is not done");
	is_message(&feed, "one", "the message alone comes");
	tap_ok(input_is_done(&feed.input),
		"after the message alone input is done");
	feed_close(&feed);
}

static void test_put_back(void)
{
	struct input_config c = config();
	struct feed feed;

	feed_pipe(&feed, &c);
	give(&feed, "one\n123456789\n");
	is_message(&feed, "one", "a line to put back comes");
	input_put_back(&feed.input);
	tap_ok(!input_wants_more(&feed.input), "a line put back stops reading");
	tap_is_int((intmax_t)input_left(&feed.input), 2,
		"a line put back counts as left");
	is_message(&feed, "one", "a line put back comes again");
	is_message(&feed, "12345678", "a piece of a long line comes");
	input_put_back(&feed.input);
	is_message(&feed, "12345678", "a piece put back comes again");
	input_put_back(&feed.input);
	input_end(&feed.input);
	tap_ok(!input_is_done(&feed.input),
		"with a piece put back input is not done");
	is_message(&feed, "12345678",
		"a piece put back comes after input was ended");
	is_message(&feed, "9",
		"the rest of the long line comes after input was ended");
	tap_ok(input_is_done(&feed.input), "after the rest input is done");
	feed_close(&feed);
}

/* Lines that are typed while one waits to be taken come after it. */
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
	is_message(&feed, "first", "a line that was entered comes");
	input_put_back(&feed.input);
	while (input_takes(&feed.input)) {
		enter(&feed.input, more, false);
		entered++;
	}
	tap_ok(entered > 100,
		"many lines are taken behind one put back, but not endlessly");
	is_message(&feed, "first",
		"the line put back is unchanged and comes first");
	while (input_next(&feed.input, &line))
		entered -= line.line.size == sizeof(more) - 1 &&
			   memcmp(line.line.text, more, line.line.size) == 0;
	tap_is_int((intmax_t)entered, 0, "every line entered behind it comes");
	tap_ok(input_takes(&feed.input),
		"when all are taken there is room again");
	feed_close(&feed);
}

static void kind_is(struct feed *feed, const char *text, enum line_kind kind,
	const char *rest)
{
	struct input_line line =
		input_classify(&feed->input, text, strlen(text), false);

	tap_is_int(line.kind, kind, text);
	tap_is_bytes(line.line.text, line.line.size, rest, strlen(rest),
		"what follows the command, or the message");
}

/* Whether a line is asked about before it is said. */
static void is_asked(
	struct feed *feed, const char *text, bool is_pasted, bool expected)
{
	struct input_line line =
		input_classify(&feed->input, text, strlen(text), is_pasted);

	tap_ok(line.lacks_slash == expected &&
			line.kind == (expected ? LINE_AT_ONCE : LINE_MESSAGE) &&
			line.line.size == strlen(text),
		"%s is %s", text, expected ? "asked about" : "said");
}

static void test_slips(void)
{
	struct input_config c = config();
	struct feed feed;

	feed_pipe(&feed, &c);
	is_asked(&feed, "quit", true, false);
	is_asked(&feed, "quit", false, true);
	is_asked(&feed, "quit", false, false);
	is_asked(&feed, "quit", false, true);
	is_asked(&feed, "exit", false, true);
	is_asked(&feed, "hello", false, false);
	is_asked(&feed, "exit", false, true);
	is_asked(&feed, "exit now", false, false);
	is_asked(&feed, "/home/lee/x is broken", false, false);
	is_asked(&feed, "/tmp/", false, false);
	feed.input.config.lacks_slash = NULL;
	is_asked(&feed, "quit", false, false);
	feed_close(&feed);
}

/* What a pipe with these bytes has to say: messages, each behind a '|'. */
static void reads(const char *bytes, size_t size, const char *expected)
{
	struct input_config c = config();
	struct feed feed;
	struct input_line line;
	char got[128] = "";

	feed_pipe(&feed, &c);
	/* Byte by byte: a BOM may come in pieces. */
	for (size_t i = 0; i < size; i++) {
		if (write(feed.fd, bytes + i, 1) != 1)
			abort();
		input_read(&feed.input);
	}
	close(feed.fd);
	input_read(&feed.input);
	while (input_next(&feed.input, &line)) {
		size_t at = strlen(got);

		snprintf(got + at, sizeof(got) - at, "|%.*s",
			(int)line.line.size, line.line.text);
	}
	tap_is_string(got, expected, expected);
	feed.fd = -1;
	feed_close(&feed);
}

#define BOM     "\xef\xbb\xbf"
#define R(a, b) reads(a, sizeof(a) - 1, b)

static void test_bom(void)
{
	R(BOM "a\r\nb\r\n\r\nc\rd", "|a|b||c\rd");
	R("a\r\n" BOM "b\r\n", "|a\r|" BOM "b\r");
	R(BOM "a\n" BOM "\n", "|a|" BOM);
	R(BOM "\r\n", "|");
	R(BOM "1234567890\r\n", "|12345|67890");
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

	tap_ok(input_next(&feed->input, &line), "a piece of a long line comes");
	tap_is_bytes(line.line.text, line.line.size, text, strlen(text),
		"a piece is cut between characters");
	tap_ok(line.line.is_cut == !is_rest && line.line.is_rest == is_rest &&
			line.is_option == is_option,
		"a piece is marked as such, with where it comes from");
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
	tap_is_string(feed_close(&feed), "", "cutting a line makes no message");
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
	tap_ok(!input_waits_in_turn(&input),
		"messages and pasted lines are no commands that wait");
	enter(&input, "/who", false);
	enter(&input, "two", false);
	tap_ok(input_waits_in_turn(&input), "a command waits for its turn");
	while (input_next(&input, &line))
		continue;
	tap_ok(input_waits_in_turn(&input),
		"a command still waits when it is the next line");
	tap_ok(input_next_command(&input, &line) &&
			!input_waits_in_turn(&input),
		"a command that was taken waits no more");
	tap_ok(input_next(&input, &line) && !input_waits_in_turn(&input),
		"a message behind a command does not wait as one");
	input_fini(&input);
}

/* Programs may write lines that begin with '/' and are not meant for mchat. */
static void test_no_commands_on_a_pipe(void)
{
	struct input_config c = config();
	struct feed feed;

	feed_pipe(&feed, &c);
	give(&feed, "/quit\n//x\n");
	is_command(&feed, NULL, "a line of a pipe is no command");
	is_message(&feed, "/quit", "\"/quit\" of a pipe is a message");
	is_message(&feed, "//x", "\"//\" of a pipe is no escape");
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
	is_message(&feed, "one", "a typed line is a message");
	is_message(&feed, NULL,
		"a typed empty line is no message; a command is none, either");
	is_message(&feed, NULL, "a command is no message at a second look");
	is_command(&feed, "who", "\"/who\" is a command");
	is_command(&feed, NULL, "\"//x\" is no command");
	is_message(&feed, "/x", "\"//x\" is the message \"/x\"");
	is_command(&feed, "", "a '/' alone is a command without a name");
	is_message(&feed, "/", "\"//\" is the message \"/\"");
	is_message(&feed, "/a/b",
		"a second '/' in the first word makes it a message");
	is_message(&feed, " x /",
		"a '/' that is not the first character makes no command");
	tap_is_string(
		feed_close(&feed), "", "typed lines make no message on stderr");

	feed_terminal(&feed, &c);
	type(&feed, "12345678/who\n");
	is_message(&feed, "12345678", "a long typed line comes in pieces");
	is_command(&feed, NULL,
		"a second piece that begins with '/' is no command");
	is_message(&feed, "/who",
		"a second piece that begins with '/' is a message");
	feed_close(&feed);
}

static void is_action(struct feed *feed, const char *text, const char *what)
{
	is_message(feed, text, what);
	tap_is_int(feed->input.last.kind, LINE_ACTION, "the line is an action");
}

/* Of the lines typed behind one that waits, some need not wait. */
static void test_at_once(void)
{
	struct input_config c = config();
	struct feed feed;

	if (!feed_terminal(&feed, &c)) {
		tap_skip("commands that overtake", "no pseudo-terminals");
		return;
	}
	type(&feed, "one\n");
	is_message(&feed, "one", "a line that will wait comes");
	input_put_back(&feed.input);
	tap_ok(input_wants_more(&feed.input),
		"a line that waits does not stop typing");
	type(&feed, "/now\n/who\n/do it\n/now\n");
	for (int i = 0; i < 2; i++) {
		tap_ok(input_has_at_once(&feed.input),
			"a command that need not wait is there");
		tap_is_string(next(input_next_at_once, &feed), "now",
			"a command that need not wait overtakes the line");
	}
	tap_is_string(next(input_next_at_once, &feed), NULL,
		"no other line overtakes it");
	tap_ok(!input_has_at_once(&feed.input),
		"no command that need not wait is left");
	is_message(&feed, "one", "the line that waited comes again");
	is_command(&feed, "who", "a command in turn comes after the line");
	is_action(&feed, "it", "an action in turn comes after the line");
	type(&feed, "/do 123456789\n");
	is_action(&feed, "12345678",
		"the first piece of a long action is an action");
	is_action(&feed, "9", "the second piece of a long action is an action");
	enter(&feed.input, "/now", true);
	is_message(&feed, "/now", "a pasted command is a message");
	tap_ok(!input_has_at_once(&feed.input),
		"a pasted command never overtakes");
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
	is_command(&feed, NULL, "where there are no commands \"/who\" is none");
	is_message(&feed, "/who",
		"where there are no commands \"/who\" is a message");
	close(feed.fd);
	input_read(&feed.input);
	tap_ok(input_is_done(&feed.input) && !feed.input.has_failed,
		"a terminal that hangs up is the end, and no failure");
	tap_is_string(feed_close(&feed), "",
		"a terminal that hangs up makes no message");
}

static void test_failure(void)
{
	struct input_config c = config();
	struct feed feed;
	const char *said;

	feed_open(&feed, open("/", O_RDONLY), -1, &c);
	input_read(&feed.input);
	tap_ok(feed.input.has_failed && input_is_done(&feed.input),
		"input that cannot be read has failed, and is done");
	said = feed_close(&feed);
	tap_ok(strstr(said, "mchat: input: ") == said,
		"input that cannot be read is told: %s", said);
}

int main(void)
{
	test_pipe();
	test_messages();
	test_messages_alone();
	test_put_back();
	test_enter();
	test_slips();
	test_bom();
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
