/* SPDX-License-Identifier: ISC */
/* Each kind of event in each format, on a terminal and off it. */
#include "mchat/view/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tap.h"
#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"
#include "mchat/view/calendar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define NASTY      "a\x1b\t\n\xe2\x80\xae\xff"
#define NASTY_LINE "a\x1b\t\\n\xe2\x80\xae\xff"
#define NASTY_SAFE "a\\x1b\t\\n\\u{202e}\\xff"
#define NASTY_NAME "a\\x1b\\x09\\n\\u{202e}\\xff"
#define NASTY_JSON "\"a\\u001b\\t\\n\\u202e\xef\xbf\xbd\""
#define NASTY_64   "\"YRsJCuKArv8=\""

#define DASH "\xe2\x80\x94"

#define TIME "\"time\":\"2026-11-22T10:44:10.123Z\""

/* 10:44:10.123 in UTC. */
static const struct wall_time morning = {1795344250123};

static struct event plain(const char *text)
{
	return (struct event){
		.kind = EVENT_PLAIN,
		.time = morning,
		.plain =
			{
				.from = {.family = ADDRESS_IPV4,
					.bytes = {10, 77, 0, 1},
					.port = 5000},
				.interface = "eth0",
				.hop_limit = 1,
				.text = text,
				.size = strlen(text),
			},
	};
}

static struct event lost(uint64_t count, const char *why)
{
	return (struct event){
		.kind = EVENT_LOST,
		.time = morning,
		.lost = {.count = count, .why = why},
	};
}

/* An event of a member of this nick; its details are to be filled in. */
static struct event of(enum event_kind kind, const char *nick)
{
	return (struct event){
		.kind = kind,
		.time = morning,
		.member = {.id = UINT64_C(0x00c0ffee12345678),
			.nick = nick,
			.nick_size = strlen(nick)},
	};
}

static struct event said(
	enum event_kind kind, const char *nick, const char *words)
{
	struct event event = of(kind, nick);

	event.message = (struct event_message){
		.number = 7, .text = words, .size = strlen(words)};
	return event;
}

static void expect(struct view view, const struct event *event,
	enum view_stream stream, const char *expected, const char *name)
{
	struct buffer out = BUFFER_EMPTY;

	view.day = calendar_day(event->time);
	view_event(&view, event, &out);
	tap_is_int(view_stream(&view, event), stream, name);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), name);
	buffer_fini(&out);
}

static const struct view text = {.format = VIEW_TEXT};
static const struct view text_color = {.format = VIEW_TEXT, .has_color = true};
static const struct view text_terminal = {
	.format = VIEW_TEXT, .on_terminal = true};
static const struct view color_terminal = {
	.format = VIEW_TEXT, .on_terminal = true, .has_color = true};
static const struct view bare = {.format = VIEW_BARE};
static const struct view bare_terminal = {
	.format = VIEW_BARE, .on_terminal = true};
static const struct view bare_nul = {
	.format = VIEW_BARE, .ends_with_nul = true};
static const struct view json = {.format = VIEW_JSON};
static const struct view json_terminal = {
	.format = VIEW_JSON, .on_terminal = true};
static const struct view transcript = {.format = VIEW_LOG};

/* A line of the transcript, which has one stream only. */
static void expect_logged(
	const struct event *event, const char *expected, const char *name)
{
	struct view view = transcript;
	struct buffer out = BUFFER_EMPTY;

	view_event(&view, event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), name);
	buffer_fini(&out);
}

/* How the terminal and the transcript show an event that is no message. */
static void expect_told(
	const struct event *event, const char *words, const char *name)
{
	char line[160];

	snprintf(line, sizeof(line), DASH " %s " DASH "\n", words);
	expect(text_terminal, event, VIEW_STDOUT, line, name);
	snprintf(line, sizeof(line),
		"2026-11-22 10:44:10 " DASH " %s " DASH "\n", words);
	expect_logged(event, line, name);
}

static void plain_in_each_format(void)
{
	static const char object[] =
		"{\"event\":\"plain\",\"address\":\"10.77.0.1\","
		"\"port\":5000,\"interface\":\"eth0\",\"ttl\":1," TIME
		",\"text\":" NASTY_JSON ",\"base64\":" NASTY_64 "}\n";
	struct event event = plain(NASTY);

	expect(text, &event, VIEW_STDOUT, "[10.77.0.1:5000] " NASTY_SAFE "\n",
		"text");
	expect(text_terminal, &event, VIEW_STDOUT,
		"10:44 [10.77.0.1:5000] " NASTY_SAFE "\n",
		"text on a terminal");
	expect_logged(&event,
		"2026-11-22 10:44:10 [10.77.0.1:5000] " NASTY_SAFE "\n",
		"transcript");
	expect(bare, &event, VIEW_STDOUT, NASTY_LINE "\n", "bare");
	expect(bare_terminal, &event, VIEW_STDOUT, NASTY_SAFE "\n",
		"bare on a terminal");
	expect(json, &event, VIEW_STDOUT, object, "json");
	expect(json_terminal, &event, VIEW_STDOUT, object,
		"json on a terminal");
}

static void plain_without_details(void)
{
	struct event event = plain("");

	event.plain.from = (struct address){.family = ADDRESS_IPV6,
		.bytes = {0xfe, 0x80, [15] = 1},
		.port = 9,
		.scope = 2};
	event.plain.interface = NULL;
	event.plain.hop_limit = -1;
	expect(text, &event, VIEW_STDOUT, "[[fe80::1%2]:9] \n", "IPv6 text");
	expect(bare, &event, VIEW_STDOUT, "\n", "an empty line");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"plain\",\"address\":\"fe80::1%2\",\"port\":9,"
		"\"time\":\"2026-11-22T10:44:10.123Z\",\"text\":\"\"}\n",
		"json: what is unknown is left out");
	event.plain.hop_limit = 0;
	event.plain.interface = "\x1b\"";
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"plain\",\"address\":\"fe80::1%2\",\"port\":9,"
		"\"interface\":\"\\u001b\\\"\",\"ttl\":0,"
		"\"time\":\"2026-11-22T10:44:10.123Z\",\"text\":\"\"}\n",
		"json: a TTL of 0 is known");
}

static void bytes_are_counted(void)
{
	struct event event = plain("");

	event.plain.text = "a\0b---";
	event.plain.size = 3;
	expect(text, &event, VIEW_STDOUT, "[10.77.0.1:5000] a\\x00b\n",
		"a text has a size, not an end");
}

static void lost_in_each_format(void)
{
	struct event event = lost(12, "too slow\x1b");
	struct event one = lost(1, "gone");

	expect(text, &event, VIEW_STDERR,
		"mchat: 12 messages lost: too slow\\x1b\n", "lost as text");
	expect_told(&event, "12 messages were lost: too slow\\x1b", "lost");
	expect_told(&one, "1 message was lost: gone", "lost, one");
	expect(bare, &one, VIEW_STDERR, "mchat: 1 message lost: gone\n",
		"bare, one");
	one.lost.count = UINT64_MAX;
	expect(text, &one, VIEW_STDERR,
		"mchat: 18446744073709551615 messages lost: gone\n",
		"the largest count of lost messages");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"lost\",\"count\":12,\"why\":\"too "
		"slow\\u001b\"," TIME "}\n",
		"json");
	expect(json, &one, VIEW_STDOUT,
		"{\"event\":\"lost\",\"count\":9223372036854775807,"
		"\"why\":\"gone\",\"time\":\"2026-11-22T10:44:10.123Z\"}\n",
		"json: no count of lost messages is negative");
}

/* An author whose nick is not known is named by its id. */
static void lost_of_an_unknown_nick(void)
{
	struct event event = lost(3, "gone");

	event.member.id = UINT64_C(0x00c0ffee12345678);
	event.member.nick = "";
	expect(text, &event, VIEW_STDERR,
		"mchat: 3 messages from 00c0ffee12345678 lost: gone\n",
		"the id stands for the nick");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"lost\",\"nick\":\"\",\"id\":"
		"\"00c0ffee12345678\",\"count\":3,\"why\":\"gone\"," TIME "}\n",
		"JSON has nick and id");
	event.lost.count = 0;
	event.lost.is_before = true;
	expect(text, &event, VIEW_STDERR,
		"mchat: what 00c0ffee12345678 said before this may be lost: "
		"gone\n",
		"a loss at the beginning that nobody can count");
}

/* Each message is one record of the output, whatever is in it. */
static void bare_is_a_record_a_message(void)
{
	struct event event = said(EVENT_MESSAGE, "lee", "");
	struct buffer out = BUFFER_EMPTY;
	struct view view = bare_nul;
	static const char words[] = "a\nb\\n\0c\r";

	event.message.text = words;
	event.message.size = sizeof(words) - 1;
	view_event(&view, &event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), "a\nb\\n\\0c\r\0",
		10, "--null: all bytes but NUL as they are");
	buffer_clear(&out);
	view = bare;
	view_event(&view, &event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), "a\\nb\\n\0c\r\n",
		10, "without --null: all bytes but newlines as they are");
	buffer_clear(&out);
	event.message.size = 0;
	view = bare_nul;
	view_event(&view, &event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), "\0", 1,
		"--null: an empty message");
	buffer_clear(&out);
	event = said(EVENT_MESSAGE, "lee", NASTY);
	view.on_terminal = true;
	view_event(&view, &event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), NASTY_SAFE "\n",
		strlen(NASTY_SAFE "\n"), "--null on a terminal: a safe line");
	buffer_fini(&out);
}

static void full_in_each_format(void)
{
	struct event event = of(EVENT_FULL, "");

	event.full.members = 2048;
	expect(text, &event, VIEW_STDERR,
		"mchat: 2048 members are known, and no more are let in: what "
		"others say is not shown until some have left\n",
		"a newcomer is not let in");
	event.full.is_refused = true;
	expect(text, &event, VIEW_STDERR,
		"mchat: the others know 2048 members and let in no more: they "
		"do not see what is said here until some have left\n",
		"we are not let in");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"full\",\"members\":2048,\"refused\":true," TIME
		"}\n",
		"JSON");
}

/* The same words in text and bare, and the same object in JSON, with and
 * without a terminal. */
static void expect_notice(const struct event *event, const char *words,
	const char *object, const char *name)
{
	char line[192];

	snprintf(line, sizeof(line), "mchat: %s\n", words);
	expect(text, event, VIEW_STDERR, line, name);
	expect(bare, event, VIEW_STDERR, line, name);
	expect(bare_terminal, event, VIEW_STDERR, line, name);
	expect(json, event, VIEW_STDOUT, object, name);
	expect(json_terminal, event, VIEW_STDOUT, object, name);
	expect_told(event, words, name);
}

#define WHO(nick) "\"nick\":" nick ",\"id\":\"00c0ffee12345678\","
#define ANN       WHO("\"ann\"")

static void path_mtu_in_each_format(void)
{
	struct event event = of(EVENT_PATH_MTU, "ann");

	expect_notice(&event,
		"large packets do not reach ann, small ones do: something on "
		"the way has a smaller MTU; sending small ones from now on",
		"{\"event\":\"path_mtu\"," ANN TIME "}\n",
		"large packets do not reach a member");
}

static void peers_in_each_format(void)
{
	struct event event = of(EVENT_PEER, "");

	event.peer.name = "there.example";
	event.peer.state = EVENT_PEER_UNKNOWN;
	expect_notice(&event, "peer there.example: its name leads nowhere",
		"{\"event\":\"peer\",\"peer\":\"there.example\","
		"\"state\":\"unknown\"," TIME "}\n",
		"a peer whose name is unknown");
	event.peer.address = (struct address){.family = ADDRESS_IPV6,
		.bytes = {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
		.port = 5};
	event.peer.state = EVENT_PEER_REACHED;
	expect_notice(&event, "peer there.example is heard",
		"{\"event\":\"peer\",\"peer\":\"there.example\","
		"\"address\":\"2001:db8::1\",\"port\":5,"
		"\"state\":\"reached\"," TIME "}\n",
		"a peer that is reached");
}

static void private_in_each_format(void)
{
	struct event event = of(EVENT_PRIVATE, "");

	event.private.key = "02e8-a717";
	event.private.group = (struct address){.family = ADDRESS_IPV4,
		.bytes = {239, 255, 39, 182},
		.port = 5};
	expect_notice(&event, "private, key 02e8-a717",
		"{\"event\":\"private\",\"key\":\"02e8-a717\","
		"\"group\":\"239.255.39.182\",\"port\":5," TIME "}\n",
		"a private group");
}

/* What people are told of those outside, and programs as JSON. */
static void outside_in_each_format(void)
{
	static const struct {
		enum event_outside_kind kind;
		uint64_t count;
		const char *text;
		const char *json;
	} cases[] = {
		{EVENT_OUTSIDE_OTHER_KEY, 2,
			"others here (192.0.2.9) have another key or room; "
			"what they say is not for us",
			"other-key\",\"address\":\"192.0.2.9\",\"count\":2,"},
		{EVENT_OUTSIDE_PLAIN, 1,
			"somebody here (192.0.2.9) speaks without a key; that "
			"is not shown",
			"plain\",\"address\":\"192.0.2.9\",\"count\":1,"},
		{EVENT_OUTSIDE_FORGED, 1,
			"1 packet from 192.0.2.9, or in its name, was forged "
			"or damaged, and ignored",
			"forged\",\"address\":\"192.0.2.9\",\"count\":1,"},
		{EVENT_OUTSIDE_FORGED, 3,
			"3 packets from 192.0.2.9, or in its name, were forged "
			"or damaged, and ignored",
			"forged\",\"address\":\"192.0.2.9\",\"count\":3,"},
	};
	struct event event = of(EVENT_OUTSIDE, "");

	event.member = (struct event_member){0};
	event.outside.address = (struct address){
		.family = ADDRESS_IPV4, .bytes = {192, 0, 2, 9}, .port = 5};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char object[256];

		event.outside.kind = cases[i].kind;
		event.outside.count = cases[i].count;
		snprintf(object, sizeof(object),
			"{\"event\":\"outside\",\"kind\":\"%s" TIME "}\n",
			cases[i].json);
		expect_notice(&event, cases[i].text, object, cases[i].text);
	}
	event = of(EVENT_OUTSIDE, "lee");
	event.outside = (struct event_outside){
		.kind = EVENT_OUTSIDE_TIME,
		.address = {.family = ADDRESS_IPV4, .bytes = {192, 0, 2, 5}},
		.count = 1,
		.ahead_s = -10800,
	};
	expect_notice(&event,
		"the clock of lee (192.0.2.5) is 3 hours behind ours",
		"{\"event\":\"outside\",\"nick\":\"lee\","
		"\"id\":\"00c0ffee12345678\",\"kind\":\"time\","
		"\"address\":\"192.0.2.5\",\"count\":1,\"ahead_s\":-10800," TIME
		"}\n",
		"a member whose clock is slow");
}

static void messages(void)
{
	static const char object[] = "{\"event\":\"message\"," ANN
				     "\"seq\":7," TIME ",\"text\":\"hi\"}\n";
	struct event event = said(EVENT_MESSAGE, "ann", "hi");

	expect(text, &event, VIEW_STDOUT, "ann: hi\n", "text");
	expect(text_terminal, &event, VIEW_STDOUT, "10:44 ann: hi\n",
		"text on a terminal");
	expect_logged(&event, "2026-11-22 10:44:10 ann: hi\n", "transcript");
	expect(bare, &event, VIEW_STDOUT, "hi\n", "bare");
	expect(bare_terminal, &event, VIEW_STDOUT, "hi\n",
		"bare on a terminal");
	expect(json, &event, VIEW_STDOUT, object, "json");
	expect(json_terminal, &event, VIEW_STDOUT, object,
		"json on a terminal");
}

static void actions(void)
{
	struct event event = said(EVENT_ACTION, "ann", "waves");

	expect(text, &event, VIEW_STDOUT, "* ann waves\n", "action");
	expect(text_terminal, &event, VIEW_STDOUT, "10:44 * ann waves\n",
		"action on a terminal");
	expect(bare, &event, VIEW_STDOUT, "waves\n", "bare action");
	expect(bare_terminal, &event, VIEW_STDOUT, "waves\n",
		"bare action on a terminal");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"action\"," ANN "\"seq\":7," TIME
		",\"text\":\"waves\"}\n",
		"json action");
}

static void history(void)
{
	struct event event = said(EVENT_MESSAGE, "ann", "hi");

	event.message.is_history = true;
	expect(text, &event, VIEW_STDOUT, "ann: hi\n", "history as any other");
	expect(text_terminal, &event, VIEW_STDOUT, "10:44 ~ann: hi\n",
		"history has its author's time, and a mark");
	expect_logged(&event, "2026-11-22 10:44:10 ~ann: hi\n",
		"history has a mark in the transcript, too");
	expect(color_terminal, &event, VIEW_STDOUT,
		"\033[38;5;244m10:44\033[0m ~\033[38;5;62mann\033[0m: hi\n",
		"with colour the time of history is dim");
	expect(bare, &event, VIEW_STDOUT, "hi\n", "bare history");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"message\"," ANN "\"seq\":7," TIME
		",\"text\":\"hi\",\"history\":true}\n",
		"json history");
	event = said(EVENT_ACTION, "ann", "\xff");
	event.message.is_history = true;
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"action\"," ANN "\"seq\":7," TIME
		",\"text\":\"\xef\xbf\xbd\",\"base64\":\"/w==\","
		"\"history\":true}\n",
		"json history in base64");
}

/* Somebody's clock is wrong: days behind ours. */
static void misdated(void)
{
	struct event event = said(EVENT_MESSAGE, "ann", "hi");

	event.received = morning;
	event.time.ms -= 3 * INT64_C(86400000) + 60000;
	event.is_misdated = true;
	expect_logged(&event, "2026-11-22 10:44:10 ann: hi\n",
		"what is misdated has our time in the transcript");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"message\"," ANN
		"\"seq\":7,\"time\":\"2026-11-19T10:43:10.123Z\","
		"\"received\":\"2026-11-22T10:44:10.123Z\","
		"\"text\":\"hi\"}\n",
		"json has both times");
	event.is_misdated = false;
	expect_logged(&event, "2026-11-19 10:43:10 ann: hi\n",
		"what is not has the author's");
}

static void own(void)
{
	struct event event = said(EVENT_MESSAGE, "ann", "hi");

	event.message.is_own = true;
	expect(text, &event, VIEW_STDOUT, "ann> hi\n", "own text");
	expect(text_terminal, &event, VIEW_STDOUT, "10:44 ann> hi\n",
		"own text on a terminal");
	expect(color_terminal, &event, VIEW_STDOUT,
		"10:44 \033[1;38;5;62mann\033[0m> hi\n",
		"our own nick is bold");
	expect_logged(&event, "2026-11-22 10:44:10 ann> hi\n",
		"own text in the transcript");
	event.kind = EVENT_ACTION;
	expect(text, &event, VIEW_STDOUT, "* ann hi\n", "own action");
	expect(color_terminal, &event, VIEW_STDOUT,
		"10:44 * \033[1;38;5;62mann\033[0m hi\n",
		"our own nick is bold in an action");
}

static void colors(void)
{
	struct event event = said(EVENT_MESSAGE, "ann", NASTY);
	struct event plain_event = plain(NASTY);

	expect(color_terminal, &event, VIEW_STDOUT,
		"10:44 \033[38;5;62mann\033[0m: " NASTY_SAFE "\n",
		"a nick in its colour");
	expect(text_color, &event, VIEW_STDOUT,
		"\033[38;5;62mann\033[0m: " NASTY_SAFE "\n",
		"a nick has its colour without a terminal, if asked for");
	expect(color_terminal, &plain_event, VIEW_STDOUT,
		"10:44 [10.77.0.1:5000] " NASTY_SAFE "\n",
		"an address has no colour");
	event = of(EVENT_JOIN, "ann");
	expect(color_terminal, &event, VIEW_STDOUT,
		"\033[38;5;244m" DASH " ann joined " DASH "\033[0m\n",
		"join dimmed");
	expect(text_color, &event, VIEW_STDERR,
		"\033[38;5;244mmchat: ann joined\033[0m\n",
		"join dimmed without a terminal");
	event.kind = EVENT_LEAVE;
	expect(color_terminal, &event, VIEW_STDOUT,
		"\033[38;5;244m" DASH " ann left " DASH "\033[0m\n",
		"leave dimmed");
	event.kind = EVENT_NICK;
	event.nick = (struct event_nick){"bob", 3, false};
	expect(color_terminal, &event, VIEW_STDOUT,
		"\033[38;5;244m" DASH " bob is now called ann " DASH
		"\033[0m\n",
		"new nick dimmed");
}

static void stats_in_each_format(void)
{
	static const struct event_stat items[] = {
		{"sent", 5}, {"repaired_by_me", 2}};
	struct event event = {
		.kind = EVENT_STATS,
		.time = morning,
		.stats = {items, COUNT(items)},
	};
	static const char line[] = "mchat: sent 5, repaired by me 2\n";

	expect(text, &event, VIEW_STDERR, line, "stats");
	expect(color_terminal, &event, VIEW_STDERR, line,
		"stats are not dimmed on a terminal");
	expect(bare, &event, VIEW_STDERR, line, "bare stats");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"stats\",\"sent\":5,\"repaired_by_me\":2," TIME
		"}\n",
		"json stats");
}

/* The line that is shown where a new day begins. */
static void days(void)
{
	struct event event = said(EVENT_MESSAGE, "ann", "hi");
	struct event join = of(EVENT_JOIN, "ann");
	struct buffer out = BUFFER_EMPTY;
	struct view view;
	static const char expected[] =
		"10:44 ann: hi\n" DASH " Saturday, 21 November 2026 " DASH "\n"
		"10:44 ~ann: hi\n10:44 ~ann: hi\n" DASH
		" Sunday, 22 November 2026 " DASH "\n" DASH " ann joined " DASH
		"\n10:44 ann: hi\n10:44 ann: hi\n";

	view_init(&view, VIEW_TEXT, true, COLOR_NEVER, morning);
	view_event(&view, &event, &out);
	event.time.ms -= 86400000;
	event.message.is_history = true;
	view_event(&view, &event, &out);
	view_event(&view, &event, &out);
	view_event(&view, &join, &out);
	event = said(EVENT_MESSAGE, "ann", "hi");
	view_event(&view, &event, &out);
	event.received = event.time;
	event.time.ms = 0;
	event.is_misdated = true;
	view_event(&view, &event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), "a line where the day changes");

	buffer_clear(&out);
	view_init(&view, VIEW_TEXT, false, COLOR_NEVER, (struct wall_time){0});
	view_event(&view, &event, &out);
	view_init(&view, VIEW_BARE, true, COLOR_NEVER, (struct wall_time){0});
	view_event(&view, &event, &out);
	view_init(&view, VIEW_LOG, false, COLOR_NEVER, (struct wall_time){0});
	view_event(&view, &event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out),
		"ann: hi\nhi\n2026-11-22 10:44:10 ann: hi\n", 39,
		"off a terminal, bare and in the transcript no line of the "
		"day");

	buffer_clear(&out);
	view_init(&view, VIEW_TEXT, true, COLOR_ALWAYS, (struct wall_time){0});
	view_event(&view, &join, &out);
	buffer_append_char(&out, 0);
	tap_is_string(buffer_bytes(&out),
		"\033[38;5;244m" DASH " Sunday, 22 November 2026 " DASH
		"\033[0m\n"
		"\033[38;5;244m" DASH " ann joined " DASH "\033[0m\n",
		"the line of the day is dimmed");
	buffer_fini(&out);
}

/* A message on a terminal of lee, and what is shown of it. */
static void shows_mention(enum color_when when, const struct event *event,
	const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;
	struct view view;

	view_init(&view, VIEW_TEXT, true, when, morning);
	view.nick = "lee";
	view_event(&view, event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), what);
	buffer_fini(&out);
}

static void mentions(void)
{
	static const char named[] = "10:44 \033[38;5;62mkim\033[0m";
	struct event event =
		said(EVENT_MESSAGE, "kim", "sleepy LEE\x1b, lee\r");
	char expected[256];

	snprintf(expected, sizeof(expected),
		"%s: sleepy \033[1;7mLEE\033[0m\\x1b, \033[1;7mlee\033[0m\n",
		named);
	shows_mention(COLOR_ALWAYS, &event, expected,
		"our nick is highlighted, wherever it is a word");
	shows_mention(COLOR_NEVER, &event, "10:44 !kim: sleepy LEE\\x1b, lee\n",
		"without colour a mark stands behind the time");
	event.kind = EVENT_ACTION;
	shows_mention(COLOR_NEVER, &event,
		"10:44 !* kim sleepy LEE\\x1b, lee\n", "of an action, too");
	event.message.is_history = true;
	shows_mention(COLOR_NEVER, &event,
		"10:44 ~!* kim sleepy LEE\\x1b, lee\n", "and of history");
	event = said(EVENT_MESSAGE, "lee", "I am lee");
	event.message.is_own = true;
	shows_mention(COLOR_NEVER, &event, "10:44 lee> I am lee\n",
		"what we say ourselves is no mention");
	event = said(EVENT_MESSAGE, "kim", "sleepy");
	shows_mention(COLOR_NEVER, &event, "10:44 kim: sleepy\n",
		"nor is a part of a word");
	event = plain("lee?");
	shows_mention(COLOR_NEVER, &event, "10:44 ![10.77.0.1:5000] lee?\n",
		"a plain datagram may be one");
}

static void color_is_for_text(void)
{
	static const enum view_format others[] = {
		VIEW_BARE, VIEW_JSON, VIEW_LOG};
	struct view view;

	view_init(&view, VIEW_TEXT, false, COLOR_ALWAYS, morning);
	tap_ok(view.has_color, "text has colour when it is forced");
	view_init(&view, VIEW_TEXT, false, COLOR_AUTO, morning);
	tap_ok(!view.has_color,
		"text has no colour without a terminal unless it is forced");
	for (size_t i = 0; i < COUNT(others); i++) {
		view_init(&view, others[i], true, COLOR_ALWAYS, morning);
		tap_ok(!view.has_color, "format %d never has colour",
			(int)others[i]);
	}
}

static void nasty_messages(void)
{
	struct event event = said(EVENT_MESSAGE, NASTY, NASTY);

	expect(text, &event, VIEW_STDOUT, NASTY_NAME ": " NASTY_SAFE "\n",
		"nasty text");
	expect(text_terminal, &event, VIEW_STDOUT,
		"10:44 " NASTY_NAME ": " NASTY_SAFE "\n",
		"nasty text on a terminal");
	expect(bare, &event, VIEW_STDOUT, NASTY_LINE "\n", "nasty bare");
	expect(bare_terminal, &event, VIEW_STDOUT, NASTY_SAFE "\n",
		"nasty bare on a terminal");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"message\"," WHO(
			NASTY_JSON) "\"seq\":7," TIME ",\"text\":" NASTY_JSON
				    ",\"base64\":" NASTY_64 "}\n",
		"nasty json: base64 is of the text only");
	event = said(EVENT_ACTION, NASTY, "hi");
	expect(text, &event, VIEW_STDOUT, "* " NASTY_NAME " hi\n",
		"nasty action");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"action\"," WHO(NASTY_JSON) "\"seq\":7," TIME
							 ",\"text\":\"hi\"}\n",
		"a nick has no base64");
}

static void ends_of_messages(void)
{
	struct event event = said(EVENT_MESSAGE, "ann", "");

	expect(text, &event, VIEW_STDOUT, "ann: \n", "an empty message");
	event.message.text = NULL;
	expect(bare, &event, VIEW_STDOUT, "\n", "no bytes need no pointer");
	expect(bare_terminal, &event, VIEW_STDOUT, "\n",
		"no bytes need no pointer on a terminal, either");
	event.message.number = UINT64_MAX;
	event.member.id = UINT64_MAX;
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"message\",\"nick\":\"ann\","
		"\"id\":\"ffffffffffffffff\",\"seq\":9223372036854775807," TIME
		",\"text\":\"\"}\n",
		"json: the last id, and no number is negative");
	event = said(EVENT_MESSAGE, "ann", "a\r\r");
	expect(text, &event, VIEW_STDOUT, "ann: a\\r\n",
		"the CR of a line end is cut off");
	event.message.text = "a\0b---";
	event.message.size = 3;
	expect(text, &event, VIEW_STDOUT, "ann: a\\x00b\n",
		"a message has a size, not an end");
}

static void people(void)
{
	struct event event = of(EVENT_JOIN, "ann");

	expect_notice(&event, "ann joined",
		"{\"event\":\"join\"," ANN TIME "}\n", "join");
	event.kind = EVENT_LEAVE;
	expect_notice(&event, "ann left",
		"{\"event\":\"leave\"," ANN "\"reason\":\"bye\"," TIME "}\n",
		"leave");
	event.leave.is_timeout = true;
	expect_notice(&event, "ann left (timed out)",
		"{\"event\":\"leave\"," ANN "\"reason\":\"timeout\"," TIME
		"}\n",
		"timeout");
	event.kind = EVENT_NICK;
	event.nick = (struct event_nick){"bob", 3, false};
	expect_notice(&event, "bob is now called ann",
		"{\"event\":\"nick\"," ANN "\"old\":\"bob\"," TIME "}\n",
		"nick");
}

static void nasty_people(void)
{
	struct event event = of(EVENT_JOIN, NASTY);

	expect_notice(&event, NASTY_NAME " joined",
		"{\"event\":\"join\"," WHO(NASTY_JSON) TIME "}\n",
		"nasty join");
	event.kind = EVENT_LEAVE;
	expect_notice(&event, NASTY_NAME " left",
		"{\"event\":\"leave\"," WHO(
			NASTY_JSON) "\"reason\":\"bye\"," TIME "}\n",
		"nasty leave");
	event.kind = EVENT_NICK;
	event.nick = (struct event_nick){NASTY, strlen(NASTY), false};
	expect_notice(&event, NASTY_NAME " is now called " NASTY_NAME,
		"{\"event\":\"nick\"," WHO(NASTY_JSON) "\"old\":" NASTY_JSON
						       "," TIME "}\n",
		"nasty nicks");
}

static void nicks(void)
{
	static const struct {
		const char *nick;
		size_t size;
		const char *safe;
		const char *object; /* without quotes */
	} cases[] = {
		{"a\0b---", 3, "a\\x00b", "a\\u0000b"},
		{"ann\nmchat: eve left", 19, "ann\\nmchat\\x3a eve left",
			"ann\\nmchat: eve left"},
		{"\",\"id\":\"", 8, "\",\"id\":\"", "\\\",\\\"id\\\":\\\""},
		{"\xc2\x9b"
		 "2J",
			4, "\\u{9b}2J", "\\u009b2J"},
		{"\xed\x95\x9c", 3, "\xed\x95\x9c", "\xed\x95\x9c"},
		{"\xed\x95\x9c", 2, "\\xed\\x95", "\xef\xbf\xbd"},
		{"", 0, "00c0ffee12345678", ""},
		{NULL, 0, "00c0ffee12345678", ""},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct event event = of(EVENT_NICK, "ann");
		char line[100];
		char object[200];

		event.nick.old_nick = cases[i].nick;
		event.nick.old_nick_size = cases[i].size;
		snprintf(line, sizeof(line), "%s is now called ann",
			cases[i].safe);
		snprintf(object, sizeof(object),
			"{\"event\":\"nick\"," ANN "\"old\":\"%s\"," TIME "}\n",
			cases[i].object);
		expect_notice(&event, line, object, cases[i].safe);

		event = said(EVENT_MESSAGE, "", "hi");
		event.member.nick = cases[i].nick;
		event.member.nick_size = cases[i].size;
		snprintf(line, sizeof(line), "%s: hi\n", cases[i].safe);
		snprintf(object, sizeof(object),
			"{\"event\":\"message\"," WHO(
				"\"%s\"") "\"seq\":7," TIME
					  ",\"text\":\"hi\"}\n",
			cases[i].object);
		expect(text, &event, VIEW_STDOUT, line, cases[i].safe);
		expect(json, &event, VIEW_STDOUT, object, cases[i].safe);
	}
}

static void lost_of_a_member(void)
{
	struct event event = of(EVENT_LOST, "ann");

	event.lost = (struct event_lost){.count = 12, .why = "gone"};
	expect(text, &event, VIEW_STDERR,
		"mchat: 12 messages from ann lost: gone\n", "lost of a member");
	expect_told(&event, "12 messages from ann were lost: gone",
		"lost of a member");
	expect(color_terminal, &event, VIEW_STDOUT,
		DASH " 12 messages from ann were lost: gone " DASH "\n",
		"a loss is not dimmed");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"lost\"," ANN "\"count\":12,\"why\":\"gone\"," TIME
		"}\n",
		"lost of a member");
	event.lost.count = 0;
	expect(text, &event, VIEW_STDERR,
		"mchat: what ann said last may be lost: gone\n",
		"perhaps lost, as text");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"lost\"," ANN
		"\"count\":null,\"why\":\"gone\"," TIME "}\n",
		"perhaps lost");
	event.member = of(EVENT_LOST, NASTY).member;
	event.lost.count = 1;
	expect(text, &event, VIEW_STDERR,
		"mchat: 1 message from " NASTY_NAME " lost: gone\n",
		"lost of a nasty member");
	expect_told(&event, "1 message from " NASTY_NAME " was lost: gone",
		"lost of a nasty member");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"lost\"," WHO(NASTY_JSON) "\"count\":1,"
						       "\"why\":\"gone\"," TIME
						       "}\n",
		"lost of a nasty member");
}

static void clock_in(const char *zone, int64_t ms, const char *expected)
{
	struct event event = plain("x");
	char line[64];
	char name[64];

	setenv("TZ", zone, 1);
	tzset();
	event.time.ms = ms;
	snprintf(line, sizeof(line), "%s [10.77.0.1:5000] x\n", expected);
	snprintf(name, sizeof(name), "%jd ms in %s", (intmax_t)ms, zone);
	expect(text_terminal, &event, VIEW_STDOUT, line, name);
}

static void clocks(void)
{
	clock_in("UTC0", 0, "00:00");
	clock_in("UTC0", 59999, "00:00");
	clock_in("UTC0", 60000, "00:01");
	clock_in("UTC0", 86399999, "23:59");
	clock_in("UTC0", -1, "23:59");
	clock_in("UTC0", -60000, "23:59");
	clock_in("UTC0", -60001, "23:58");
	clock_in("KST-9", morning.ms, "19:44");
	clock_in("IST-5:30", morning.ms, "16:14");
	clock_in("NST3:30", morning.ms, "07:14");
	if (sizeof(time_t) == 8) {
		/* 17 August 292278994 and 16 May 292275055 BC. */
		clock_in("UTC0", INT64_MAX, "07:12");
		clock_in("UTC0", INT64_MIN, "16:47");
	} else {
		tap_skip("the ends of the wall clock", "time_t is short");
	}
}

static void formats_by_name(void)
{
	static const struct {
		const char *name;
		enum view_format format;
	} cases[] = {
		{"text", VIEW_TEXT}, {"bare", VIEW_BARE}, {"json", VIEW_JSON}};
	static const char *const others[] = {"", "TEXT", "tex", "texts", "xml"};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		enum view_format format = cases[(i + 1) % COUNT(cases)].format;

		tap_ok(view_format_find(cases[i].name, &format) &&
				format == cases[i].format,
			"%s is a format", cases[i].name);
	}
	for (i = 0; i < COUNT(others); i++) {
		enum view_format format = VIEW_JSON;

		tap_ok(!view_format_find(others[i], &format) &&
				format == VIEW_JSON,
			"\"%s\" is no format", others[i]);
	}
}

static void it_appends(void)
{
	struct event event = plain("x");
	struct buffer out = BUFFER_EMPTY;
	struct view bytes = bare;
	struct view line = text;

	view_event(&bytes, &event, &out);
	view_event(&line, &event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out),
		"x\n[10.77.0.1:5000] x\n", 21, "lines follow one another");
	buffer_fini(&out);
}

/* Members with the same nick are told apart by the beginning of their ids. */
static void shared_nicks(void)
{
	struct event event = said(EVENT_MESSAGE, "lee", "hi");

	event.member.is_nick_shared = true;
	event.member.id = UINT64_C(0x2f3a456789abcdef);
	expect(text, &event, VIEW_STDOUT, "lee#2f3a: hi\n",
		"a shared nick has a part of the id");
	expect(bare, &event, VIEW_STDOUT, "hi\n", "bare shows no nick");
	event.kind = EVENT_ACTION;
	expect(text, &event, VIEW_STDOUT, "* lee#2f3a hi\n",
		"a shared nick has a part of the id in an action");
	event = of(EVENT_JOIN, "lee");
	event.member.is_nick_shared = true;
	event.member.id = UINT64_C(0x0003456789abcdef);
	expect(text, &event, VIEW_STDERR, "mchat: lee#0003 joined\n",
		"the part of the id has four digits, with zeros");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"join\",\"nick\":\"lee\","
		"\"id\":\"0003456789abcdef\"," TIME "}\n",
		"json: a shared nick has no mark, the id tells");
}

/* What is known to be plain is appended in one piece, and is the same. */
static void plain_nicks(void)
{
	static const char *const words[] = {
		"",
		"hi",
		"sixteen columns!",
		"a longer line than two of those",
		"with\ta tab",
		"caf\xc3\xa9",
		"\x1b[31m",
		"dos\r",
	};
	static const enum event_kind kinds[] = {EVENT_MESSAGE, EVENT_ACTION};
	const struct view *views[] = {
		&text, &text_color, &text_terminal, &transcript};
	size_t count = COUNT(words) * COUNT(kinds) * COUNT(views) * 2;
	bool is_same = true;

	for (size_t i = 0; i < count; i++) {
		struct event event = said(kinds[i / COUNT(words) % 2], "lee-1",
			words[i % COUNT(words)]);
		struct view view = *views[i / COUNT(words) / 2 % 4];
		struct buffer seen = BUFFER_EMPTY;
		struct buffer known = BUFFER_EMPTY;

		event.message.is_own = i >= count / 2;
		view.day = calendar_day(event.time);
		view_event(&view, &event, &seen);
		event.member.is_nick_plain = true;
		view_event(&view, &event, &known);
		is_same &= buffer_size(&seen) == buffer_size(&known) &&
			   memcmp(buffer_bytes(&seen), buffer_bytes(&known),
				   buffer_size(&seen)) == 0;
		buffer_fini(&seen);
		buffer_fini(&known);
	}
	tap_ok(is_same, "a nick that is known to be plain makes no difference");
}

static void leaves_with_lacks(void)
{
	struct event event = of(EVENT_LEAVE, "lee");

	event.leave.lacks = 5;
	expect(text, &event, VIEW_STDERR, "mchat: lee left\n",
		"what a member lacks that says bye is not told");
	event.leave.is_timeout = true;
	expect(text, &event, VIEW_STDERR,
		"mchat: lee left (timed out; it has not confirmed "
		"5 packets)\n",
		"what a member lacks that times out is told");
	event.leave.lacks = 1;
	expect(bare, &event, VIEW_STDERR,
		"mchat: lee left (timed out; it has not confirmed "
		"1 packet)\n",
		"one packet is told in the singular");
	event.leave.lacks = 0;
	expect(text, &event, VIEW_STDERR, "mchat: lee left (timed out)\n",
		"a member that times out and lacks nothing is so told");
}

static void statistics(void)
{
	static const struct event_stat items[] = {
		{"sent", 5},
		{"dropped_on_purpose", 0},
		{"largest", UINT64_MAX},
	};
	struct event event = {.kind = EVENT_STATS, .time = morning};

	event.stats = (struct event_stats){items, COUNT(items)};
	expect(text, &event, VIEW_STDERR,
		"mchat: sent 5, dropped on purpose 0, "
		"largest 18446744073709551615\n",
		"text: names of statistics have blanks");
	expect(bare, &event, VIEW_STDERR,
		"mchat: sent 5, dropped on purpose 0, "
		"largest 18446744073709551615\n",
		"bare: statistics are as in text");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"stats\",\"sent\":5,\"dropped_on_purpose\":0,"
		"\"largest\":9223372036854775807," TIME "}\n",
		"json: statistics are numbers, of INT64_MAX at most");
}

int main(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
	plain_in_each_format();
	plain_without_details();
	bytes_are_counted();
	lost_in_each_format();
	lost_of_a_member();
	lost_of_an_unknown_nick();
	bare_is_a_record_a_message();
	full_in_each_format();
	path_mtu_in_each_format();
	peers_in_each_format();
	private_in_each_format();
	outside_in_each_format();
	messages();
	actions();
	history();
	misdated();
	nasty_messages();
	ends_of_messages();
	own();
	colors();
	stats_in_each_format();
	days();
	mentions();
	color_is_for_text();
	people();
	nasty_people();
	nicks();
	clocks();
	formats_by_name();
	it_appends();
	shared_nicks();
	plain_nicks();
	leaves_with_lacks();
	statistics();
	return tap_done();
}
