/* SPDX-License-Identifier: ISC */
/* Each kind of event in each format, on a terminal and off it. */
#include "mchat/view/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define NASTY      "a\x1b\t\n\xe2\x80\xae\xff"
#define NASTY_SAFE "a\\x1b\t\\n\\u{202e}\\xff"

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

static void expect(struct view view, const struct event *event,
	enum view_stream stream, const char *expected, const char *name)
{
	struct buffer out = BUFFER_EMPTY;

	view_event(&view, event, &out);
	tap_is_int(view_stream(&view, event), stream, name);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), name);
	buffer_fini(&out);
}

static const struct view text = {VIEW_TEXT, false};
static const struct view text_terminal = {VIEW_TEXT, true};
static const struct view bare = {VIEW_BARE, false};
static const struct view bare_terminal = {VIEW_BARE, true};
static const struct view json = {VIEW_JSON, false};
static const struct view json_terminal = {VIEW_JSON, true};

static void plain_in_each_format(void)
{
	static const char object[] =
		"{\"event\":\"plain\",\"address\":\"10.77.0.1\","
		"\"port\":5000,\"interface\":\"eth0\",\"ttl\":1,"
		"\"time\":\"2026-11-22T10:44:10.123Z\","
		"\"text\":\"a\\u001b\\t\\n\\u202e\xef\xbf\xbd\","
		"\"base64\":\"YRsJCuKArv8=\"}\n";
	struct event event = plain(NASTY);

	expect(text, &event, VIEW_STDOUT, "[10.77.0.1:5000] " NASTY_SAFE "\n",
		"text");
	expect(text_terminal, &event, VIEW_STDOUT,
		"10:44 [10.77.0.1:5000] " NASTY_SAFE "\n",
		"text on a terminal");
	expect(bare, &event, VIEW_STDOUT, NASTY "\n", "bare");
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
		"what is unknown is left out");
	event.plain.hop_limit = 0;
	event.plain.interface = "\x1b\"";
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"plain\",\"address\":\"fe80::1%2\",\"port\":9,"
		"\"interface\":\"\\u001b\\\"\",\"ttl\":0,"
		"\"time\":\"2026-11-22T10:44:10.123Z\",\"text\":\"\"}\n",
		"0 is known");
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
		"mchat: 12 messages lost: too slow\\x1b\n", "text");
	expect(text_terminal, &event, VIEW_STDERR,
		"mchat: 12 messages lost: too slow\\x1b\n",
		"text on a terminal");
	expect(bare, &one, VIEW_STDERR, "mchat: 1 message lost: gone\n",
		"bare, one");
	one.lost.count = 0;
	expect(bare_terminal, &one, VIEW_STDERR,
		"mchat: 0 messages lost: gone\n", "bare, none");
	one.lost.count = UINT64_MAX;
	expect(text, &one, VIEW_STDERR,
		"mchat: 18446744073709551615 messages lost: gone\n",
		"the most");
	expect(json, &event, VIEW_STDOUT,
		"{\"event\":\"lost\",\"count\":12,\"why\":\"too slow\\u001b\","
		"\"time\":\"2026-11-22T10:44:10.123Z\"}\n",
		"json");
	expect(json, &one, VIEW_STDOUT,
		"{\"event\":\"lost\",\"count\":9223372036854775807,"
		"\"why\":\"gone\",\"time\":\"2026-11-22T10:44:10.123Z\"}\n",
		"json, no count is negative");
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
			"\"%s\" is none", others[i]);
	}
}

static void it_appends(void)
{
	struct event event = plain("x");
	struct buffer out = BUFFER_EMPTY;

	view_event(&bare, &event, &out);
	view_event(&text, &event, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out),
		"x\n[10.77.0.1:5000] x\n", 21, "lines follow one another");
	buffer_fini(&out);
}

int main(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
	plain_in_each_format();
	plain_without_details();
	bytes_are_counted();
	lost_in_each_format();
	clocks();
	formats_by_name();
	it_appends();
	return tap_done();
}
