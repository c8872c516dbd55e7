/* SPDX-License-Identifier: ISC */
/* The lines of --trace, of engines that talk in virtual time. */
#include "mchat/trace/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "ether.h"
#include "forged.h"
#include "tap.h"
#include "mchat/base/cursor.h"
#include "mchat/interfaces/membership.h"
#include "mchat/network/batch.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/record.h"
#include "mchat/protocol/wire_peer.h"
#include "mchat/seal/header.h"

enum { ANN, BOB, CEM };

/* Long enough for a loss to be found and repaired. */
#define REPAIR_MS 1000

/* A wire, of which one engine is traced. */
struct fixture {
	struct ether ether;
	struct membership *membership;
	struct trace trace;
	size_t traced;
	uint8_t packet[WIRE_PACKET_MAX]; /* the last that bob sent */
	size_t packet_size;
	struct capture capture;
};

static void trace_out(
	struct ether *ether, size_t index, const uint8_t *packet, size_t size)
{
	struct fixture *f = ether->watcher;

	if (index == f->traced)
		trace_sent(&f->trace, ether->engines[index], packet, size, size,
			ether->now);
	if (index == BOB) {
		memcpy(f->packet, packet, size);
		f->packet_size = size;
	}
}

static void trace_in(struct ether *ether, size_t index,
	const struct datagram *datagram, enum wire_result result)
{
	struct fixture *f = ether->watcher;

	if (index == f->traced)
		trace_received(&f->trace, ether->engines[index], datagram,
			datagram->size, result, ether->now);
}

/* Nobody has joined yet; what is traced is kept from here on. */
static void fixture_init(struct fixture *f, size_t traced)
{
	*f = (struct fixture){.traced = traced};
	ether_init(&f->ether);
	f->ether.watcher = f;
	f->ether.sent = trace_out;
	f->ether.received = trace_in;
	f->membership = calloc(1, sizeof(*f->membership));
	if (!f->membership)
		abort();
	f->membership->hop_limit = 5;
	f->membership->count = 1;
	f->membership->families[0].interfaces.count = 1;
	f->membership->families[0].interfaces.items[0] =
		(struct interface){.name = "eth0", .index = ETHER_INTERFACE};
	f->trace = (struct trace){
		.membership = f->membership, .begun = f->ether.now};
	capture_begin(&f->capture);
}

static void fixture_fini(struct fixture *f)
{
	ether_fini(&f->ether);
	free(f->membership);
}

static void run_ms(struct fixture *f, int64_t ms)
{
	ether_run(&f->ether, duration_ms(ms));
}

/* Forgets what was traced so far. */
static void forget(struct fixture *f)
{
	capture_end(&f->capture);
	capture_begin(&f->capture);
}

/*
 * Checks that since the last time a line was traced that has `columns` in its
 * front and ends with `words`.
 */
static void traced(struct fixture *f, const char *columns, const char *words)
{
	const char *line = capture_end(&f->capture);
	bool found = false;

	while (*line && !found) {
		size_t size = strcspn(line, "\n");
		size_t tail = strlen(words);
		const char *at = strstr(line, columns);

		found = at && at < line + size && size >= tail &&
			memcmp(line + size - tail, words, tail) == 0;
		line += size + (line[size] == '\n');
	}
	if (!tap_ok(found, "%s ... %s", columns, words))
		tap_note("traced: %s", f->capture.text);
	capture_begin(&f->capture);
}

static void test_columns(void)
{
	struct engine_config config = ether_config(ANN);
	char expected[128];
	struct fixture f;

	fixture_init(&f, ANN);
	ether_join(&f.ether, &config, ANN);
	f.ether.now = instant_after(f.ether.now, duration_us(1234567));
	run_ms(&f, 0);
	/* A header, a STATE of numbers of a byte each, but for one, and the
	 * nick. */
	snprintf(expected, sizeof(expected),
		"   1.2346 -> %-12s  %-16s  %4d bytes  %-8s  TTL %3d  hello\n",
		"STATE", "me", 16 + 9 + 1 + 3, "eth0", 5);
	tap_is_string(capture_end(&f.capture), expected,
		"a traced line has its columns");
	capture_begin(&f.capture);
	f.membership->families[0].interfaces.count = 2;
	config = ether_config(BOB);
	ether_join(&f.ether, &config, BOB);
	run_ms(&f, 100);
	traced(&f,
		"<- STATE         bob                 28 bytes  eth0      TTL  "
		" 1",
		"  hello, who is here?");
	f.membership->families[0].interfaces.items[0].index++;
	run_ms(&f, 10000);
	traced(&f,
		"-> STATE         me                  50 bytes  each      TTL  "
		" 5",
		"  presence: still here; hears bob");
	run_ms(&f, 10000);
	traced(&f,
		"<- STATE         bob                 52 bytes  ?         TTL  "
		" 1",
		"  report; hears me");
	capture_end(&f.capture);
	fixture_fini(&f);
}

static void test_talk(void)
{
	struct fixture f;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 2);
	traced(&f, "-> STATE         me ", "  hello");
	ether_meet(&f.ether, 2);
	traced(&f, "-> STATE         me ", "  answer, asked by bob; hears bob");
	ether_say(&f.ether, ANN, "hello");
	run_ms(&f, 100);
	traced(&f, "-> DATA 1        me ", "  first sending: 1 message");
	ether_say(&f.ether, BOB, "hello");
	run_ms(&f, 100);
	traced(&f, "<- DATA 1        bob ", "  new: 1 message");
	ether_give(&f.ether, ANN, f.packet, f.packet_size);
	ether_say(&f.ether, BOB, "again");
	run_ms(&f, 100);
	traced(&f, "-> STATE         me ",
		"  confirms what came; sent 1; hears bob to 2");
	engine_set_nick(f.ether.engines[ANN], "anna");
	run_ms(&f, 100);
	traced(&f, "-> STATE         me ", "  a new nick; sent 1");
	engine_leave(f.ether.engines[BOB], f.ether.now);
	run_ms(&f, 100);
	traced(&f, "<- STATE         bob ", "  bye; sent 2; hears me to 1");
	engine_leave(f.ether.engines[ANN], f.ether.now);
	run_ms(&f, 100);
	traced(&f, "-> STATE         me ", "  bye; sent 1; hears #0002 to 2");
	capture_end(&f.capture);
	fixture_fini(&f);
}

static void test_repairs(void)
{
	struct fixture f;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 2);
	ether_cut(&f.ether, ANN, BOB, true);
	ether_say(&f.ether, ANN, "one");
	run_ms(&f, 5);
	forget(&f);
	run_ms(&f, 200);
	traced(&f, "-> STATE         me ",
		"  heartbeat: not all is confirmed; sent 1");
	forget(&f);
	ether_cut(&f.ether, ANN, BOB, false);
	run_ms(&f, REPAIR_MS);
	traced(&f, "-> repair 1      me ",
		"  sent again, asked by bob: 1 message");

	ether_say(&f.ether, BOB, "one");
	run_ms(&f, 100);
	ether_cut(&f.ether, BOB, ANN, true);
	ether_say(&f.ether, BOB, "two");
	run_ms(&f, 1);
	ether_cut(&f.ether, BOB, ANN, false);
	/* More than bob would send again unasked. */
	ether_say(&f.ether, BOB, "three");
	run_ms(&f, 1);
	ether_say(&f.ether, BOB, "four");
	forget(&f);
	run_ms(&f, REPAIR_MS);
	traced(&f, "-> STATE         me ",
		"  asks for 1 of bob; sent 1; hears bob to 1 (lacks 1)");
	capture_end(&f.capture);
	fixture_fini(&f);
}

/* What is too large for the way to bob, as one of the two traces it. */
static void test_fragments(size_t who, const char *columns, const char *words)
{
	char text[1000];
	struct fixture f;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	fixture_init(&f, who);
	ether_meet(&f.ether, 2);
	ether_limit(&f.ether, ANN, BOB, WIRE_SMALL_MAX);
	ether_say(&f.ether, ANN, text);
	forget(&f);
	run_ms(&f, INT64_C(20) * REPAIR_MS);
	traced(&f, columns, words);
	fixture_fini(&f);
	capture_end(&f.capture);
}

static void test_gap_is_filled(void)
{
	struct fixture f;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 2);
	ether_say(&f.ether, BOB, "one");
	run_ms(&f, 100);
	ether_cut(&f.ether, BOB, ANN, true);
	ether_say(&f.ether, BOB, "two");
	run_ms(&f, 5);
	ether_cut(&f.ether, BOB, ANN, false);
	run_ms(&f, REPAIR_MS);
	traced(&f, "<- repair 2      bob ", "  fills a gap: 1 message");
	fixture_fini(&f);
	capture_end(&f.capture);
}

/* Cem lacks what ann said; ann is gone, but bob has it. */
static void test_repair_for(void)
{
	struct fixture f;

	fixture_init(&f, BOB);
	ether_meet(&f.ether, 3);
	ether_say(&f.ether, ANN, "one");
	run_ms(&f, 100);
	ether_cut(&f.ether, ANN, CEM, true);
	ether_say(&f.ether, ANN, "two");
	run_ms(&f, 1);
	ether_remove(&f.ether, ANN);
	forget(&f);
	run_ms(&f, 10000);
	traced(&f, "-> repair 2      ann ",
		"  sent in place of its author, asked by cem: 1 message");
	fixture_fini(&f);
	capture_end(&f.capture);
}

/* Of ann's first block bob lacks two packets, and so two combinations mend it;
 * cem, who lacks nothing, makes them worth while. */
static void lose_of_block(struct fixture *f, size_t traced)
{
	fixture_init(f, traced);
	ether_meet(&f->ether, 3);
	forget(f);
	for (int number = 1; number <= 66; number++) {
		ether_cut(&f->ether, ANN, BOB, number == 62 || number == 63);
		ether_say(&f->ether, ANN, "hello");
		run_ms(f, 0);
	}
	run_ms(f, 100);
}

/* As `traced`, which see; but what was traced is kept for the next. */
static void also_traced(
	struct fixture *f, const char *columns, const char *words)
{
	char *text = strdup(capture_end(&f->capture));

	if (!text)
		abort();
	capture_begin(&f->capture);
	fputs(text, stderr);
	traced(f, columns, words);
	fputs(text, stderr);
	free(text);
}

static void test_combinations(void)
{
	struct fixture f;

	lose_of_block(&f, ANN);
	also_traced(&f, "<- STATE         bob ",
		"  asks; hears me to 61 (lacks 2)");
	also_traced(&f, "-> CODE 64       me ",
		"  combination 1 of packets 1 to 64, asked by bob, who lacks "
		"2");
	also_traced(&f, "-> CODE 64       me ",
		"  combination 2 of packets 1 to 64, asked by bob, who lacks "
		"2");
	capture_end(&f.capture);
	fixture_fini(&f);
	lose_of_block(&f, BOB);
	also_traced(&f, "-> STATE         me ", "; hears ann to 61 (lacks 2)");
	also_traced(&f, "<- CODE 64       ann ",
		"  kept until there are enough: combination 1 of packets 1 to "
		"64");
	also_traced(&f, "<- CODE 64       ann ",
		"  puts 2 packets together: combination 2 of packets 1 to 64");
	capture_end(&f.capture);
	fixture_fini(&f);
	lose_of_block(&f, CEM);
	traced(&f, "<- CODE 64       ann ",
		"  had already: combination 2 of packets 1 to 64");
	capture_end(&f.capture);
	fixture_fini(&f);
}

/* A combination that nobody asked for; who limits, and who is polled. */
static void test_polls(void)
{
	const uint64_t polled[] = {ether_config(CEM).id, ether_config(ANN).id,
		UINT64_C(7) << 48, UINT64_C(8) << 48, UINT64_C(9) << 48, 10};
	const struct wire_state state = {
		.counter = 1 << 20, .nick = "bob", .nick_size = 3, .first = 1};
	struct forged packet;
	struct fixture f;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 3);
	forget(&f);
	forged_state(&packet, 0, ether_config(BOB).id, 0, &state);
	wire_polled_encode(&packet.writer, polled, 6);
	ether_give(&f.ether, ANN, packet.bytes, forged_size(&packet));
	traced(&f, "<- STATE         bob ",
		"  report; limited by cem; polls me, #0007, #0008 and 2 more");
	forged_code(&packet, 0, ether_config(BOB).id, 130, 192, 7);
	ether_give(&f.ether, ANN, packet.bytes, forged_size(&packet));
	traced(&f, "<- CODE 192      bob ",
		": combination 131 of packets 129 to 192");
	ether_give(&f.ether, ANN, packet.bytes, 30);
	traced(&f, "<- CODE          bob ", "  refused: truncated packet");
	capture_end(&f.capture);
	fixture_fini(&f);
}

/* Ann gives bob's last packet up, and then it comes. */
static void test_late(void)
{
	uint8_t packet[WIRE_PACKET_MAX];
	struct fixture f;
	size_t size;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 2);
	ether_say(&f.ether, BOB, "one");
	run_ms(&f, 100);
	ether_cut(&f.ether, BOB, ANN, true);
	ether_say(&f.ether, BOB, "two");
	run_ms(&f, 0);
	size = f.packet_size;
	memcpy(packet, f.packet, size);
	/* Until bob only tells of it in heartbeats, and no longer sends it
	 * unasked. */
	run_ms(&f, 100);
	/* Ann hears of it again, but bob does not hear her ask for it. */
	ether_cut(&f.ether, BOB, ANN, false);
	ether_cut(&f.ether, ANN, BOB, true);
	run_ms(&f, 60000);
	forget(&f);
	ether_give(&f.ether, ANN, packet, size);
	traced(&f, "<- DATA 2        bob ",
		"  too late, it had been given up: 1 message");
	fixture_fini(&f);
	capture_end(&f.capture);
}

/* A packet of bob's with nothing but a number. */
static size_t make_data(
	uint8_t out[WIRE_PACKET_MAX], uint32_t room, uint64_t sequence)
{
	struct wire_header header = {
		.type = WIRE_DATA,
		.room = room,
		.member = ether_config(BOB).id,
	};
	struct writer writer;

	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &header);
	wire_data_encode(&writer, sequence, sequence, (struct wall_time){0});
	record_encode(&writer, RECORD_LINE, "x", 1);
	return writer_size(&writer);
}

static void test_strange(void)
{
	uint8_t packet[WIRE_PACKET_MAX];
	struct fixture f;
	size_t size;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 2);
	ether_say(&f.ether, BOB, "one");
	run_ms(&f, 100);
	forget(&f);
	ether_give(&f.ether, ANN, f.packet, f.packet_size);
	size = make_data(packet, 0, 1);
	ether_give(&f.ether, ANN, packet, size);
	traced(&f, "<- DATA 1        bob ", "  had already: 1 message");
	size = make_data(packet, 0, 1000000000);
	ether_give(&f.ether, ANN, packet, size);
	traced(&f, "<- DATA 1000000000  bob ",
		"  beyond the window: 1 message");
	size = make_data(packet, 77, 2);
	ether_give(&f.ether, ANN, packet, size);
	traced(&f, "<- DATA 2        bob ", "  of another room: 1 message");
	size = make_data(packet, 0, 2);
	ether_give(&f.ether, ANN, packet, size - 1);
	traced(&f, "<- DATA          bob ", "  refused: truncated packet");
	packet[1] = 0x21;
	ether_give(&f.ether, ANN, packet, size);
	traced(&f, "<- ? ", "  refused: packet of another version of mchat");
	ether_give(&f.ether, ANN, (const uint8_t *)"hello", 5);
	traced(&f, "<- plain         ? ", "  a plain datagram from port 0");
	capture_end(&f.capture);
	fixture_fini(&f);
}

static void test_state_twice(void)
{
	struct engine_config config = ether_config(BOB);
	struct fixture f;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 1);
	ether_join(&f.ether, &config, BOB);
	run_ms(&f, 0);
	forget(&f);
	ether_give(&f.ether, ANN, f.packet, f.packet_size);
	traced(&f, "<- STATE         bob ", "  older than one before");
	/* At bob, who sent it, it is an echo. */
	f.traced = BOB;
	ether_give(&f.ether, BOB, f.packet, f.packet_size);
	tap_is_string(capture_end(&f.capture), "", "our own echo is no line");
	fixture_fini(&f);
}

static void test_hostile(void)
{
	struct engine_config config = ether_config(BOB);
	struct fixture f;
	const char *said;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 1);
	config.nick = "b\033[2J\nob";
	ether_join(&f.ether, &config, BOB);
	run_ms(&f, 100);
	ether_say(&f.ether, BOB, "hello");
	run_ms(&f, 100);
	said = capture_end(&f.capture);
	tap_ok(!strchr(said, '\033'), "no control character is traced");
	tap_ok(strstr(said, "<- DATA 1        b\\x1b[2J\\nob ") != NULL,
		"a hostile nick is made safe");
	fixture_fini(&f);
}

/* The line of a member of this nick has this in its column. */
static void test_nick(const char *nick, const char *column)
{
	struct engine_config config = ether_config(BOB);
	char columns[128];
	struct fixture f;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 1);
	config.nick = nick;
	ether_join(&f.ether, &config, BOB);
	run_ms(&f, 0);
	snprintf(columns, sizeof(columns), "<- STATE         %s  ", column);
	traced(&f, columns, "  hello, who is here?");
	capture_end(&f.capture);
	fixture_fini(&f);
}

static void test_nicks(void)
{
	test_nick("sixteen columns.", "sixteen columns.");
	test_nick("seventeen columns", "seventeen colum\xe2\x80\xa6");
	/* Letters of two columns, which do not fill 15 columns evenly. */
	test_nick("\xea\xb8\xb4\xea\xb8\xb4\xea\xb8\xb4\xea\xb8\xb4"
		  "\xea\xb8\xb4\xea\xb8\xb4\xea\xb8\xb4\xea\xb8\xb4"
		  "\xea\xb8\xb4",
		"\xea\xb8\xb4\xea\xb8\xb4\xea\xb8\xb4\xea\xb8\xb4"
		"\xea\xb8\xb4\xea\xb8\xb4\xea\xb8\xb4\xe2\x80\xa6 ");
	test_nick("\xe2\x80\xaeree", "\\u{202e}ree     ");
	/* Namesakes: each has a part of its id. */
	test_nick("ann", "ann#0002        ");
}

static void test_faults(void)
{
	struct datagram datagram = {
		.interface_index = ETHER_INTERFACE,
		.hop_limit = ETHER_HOP_LIMIT,
	};
	struct fixture f;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 2);
	ether_say(&f.ether, BOB, "one");
	run_ms(&f, 100);
	forget(&f);
	datagram.bytes = (const char *)f.packet;
	datagram.size = f.packet_size;
	trace_fault(&f.trace, f.ether.engines[ANN], &datagram, FAULT_DROP,
		f.ether.now);
	traced(&f, "<- DATA 1        bob ", "  dropped on purpose");
	trace_fault(&f.trace, f.ether.engines[ANN], &datagram, FAULT_REORDER,
		f.ether.now);
	traced(&f, "<- DATA 1        bob ",
		"  held back on purpose, to be overtaken");
	trace_fault(&f.trace, f.ether.engines[ANN], &datagram, FAULT_DUPLICATE,
		f.ether.now);
	traced(&f, "<- DATA 1        bob ", "  taken twice on purpose");
	trace_fault(&f.trace, f.ether.engines[BOB], &datagram, FAULT_DROP,
		f.ether.now);
	tap_is_string(capture_end(&f.capture), "", "our own echo is no line");
	fixture_fini(&f);
}

/* The last line of a kind begins and ends with its colour. */
static void test_colors(void)
{
	struct datagram datagram = {
		.interface_index = ETHER_INTERFACE,
		.hop_limit = ETHER_HOP_LIMIT,
	};
	uint8_t repair[WIRE_PACKET_MAX];
	struct fixture f;

	fixture_init(&f, ANN);
	f.trace.has_color = true;
	ether_meet(&f.ether, 2);
	traced(&f, "\033[38;5;244m ", "hello\033[0m");
	ether_say(&f.ether, BOB, "one");
	run_ms(&f, 100);
	traced(&f, "\033[38;5;32m ", "new: 1 message\033[0m");
	datagram.bytes = (const char *)f.packet;
	datagram.size = f.packet_size;
	memcpy(repair, f.packet, f.packet_size);
	wire_mark_repair(repair);
	trace_fault(&f.trace, f.ether.engines[ANN], &datagram, FAULT_DROP,
		f.ether.now);
	traced(&f, "\033[1;38;5;162m ", "dropped on purpose\033[0m");
	ether_cut(&f.ether, BOB, ANN, true);
	ether_say(&f.ether, BOB, "two");
	run_ms(&f, 1);
	ether_cut(&f.ether, BOB, ANN, false);
	ether_say(&f.ether, BOB, "three");
	forget(&f);
	run_ms(&f, 10);
	traced(&f, "\033[38;5;166m ", "(lacks 1)\033[0m");
	ether_give(&f.ether, ANN, (const uint8_t *)"hello", 5);
	traced(&f, "\033[38;5;130m ", "a plain datagram from port 0\033[0m");
	ether_give(&f.ether, ANN, repair, datagram.size);
	traced(&f, "\033[38;5;28m ", "message\033[0m");
	capture_end(&f.capture);
	fixture_fini(&f);
}

/* Without an engine no packet is decoded, even if it is one of mchat's. */
static void test_raw(void)
{
	uint8_t packet[WIRE_PACKET_MAX];
	struct datagram datagram = {
		.bytes = (const char *)packet,
		.size = make_data(packet, 0, 1),
		.interface_index = ETHER_INTERFACE,
		.hop_limit = ETHER_HOP_LIMIT,
	};
	struct fixture f;

	fixture_init(&f, ANN);
	address_parse("10.77.0.2", &datagram.from);
	datagram.from.port = 40000;
	address_parse("239.1.2.3", &f.trace.group);
	f.trace.group.port = 5000;
	trace_sent(&f.trace, NULL, "hello\n", 6, 6, f.ether.now);
	tap_is_string(capture_end(&f.capture),
		"   0.0000 -> plain         me                   6 bytes  "
		"eth0      TTL   5  a plain datagram to 239.1.2.3:5000\n",
		"raw: a line that leaves is traced");
	capture_begin(&f.capture);
	trace_received(&f.trace, NULL, &datagram, datagram.size, WIRE_NOT_OURS,
		f.ether.now);
	tap_is_string(capture_end(&f.capture),
		"   0.0000 <- plain         10.77.0.2           52 bytes  "
		"eth0      TTL   1  a plain datagram from port 40000\n",
		"raw: a datagram that comes is traced");
	capture_begin(&f.capture);
	trace_fault(&f.trace, NULL, &datagram, FAULT_DROP, f.ether.now);
	traced(&f, "<- plain         10.77.0.2 ", "  dropped on purpose");
	f.trace.has_color = true;
	trace_received(&f.trace, NULL, &datagram, datagram.size, WIRE_NOT_OURS,
		f.ether.now);
	traced(&f, "\033[38;5;130m ", "from port 40000\033[0m");
	capture_end(&f.capture);
	fixture_fini(&f);
}

/* ---- private groups ---- */

static struct datagram sealed_datagram(const char *bytes, size_t size)
{
	struct datagram datagram = {
		.bytes = bytes,
		.size = size,
		.interface_index = ETHER_INTERFACE,
		.hop_limit = ETHER_HOP_LIMIT,
	};

	address_parse("10.77.0.2", &datagram.from);
	return datagram;
}

/* What is refused, with why; and what has no packet. */
static void test_sealed(void)
{
	static const struct {
		enum seal_result result;
		enum seal_kind kind;
		int64_t ahead_s;
		const char *columns;
		const char *words;
	} cases[] = {
		{SEAL_OTHER_KEY, 0, 0,
			"<- sealed        10.77.0.2          104 "
			"bytes  eth0      TTL   1",
			"  another key"},
		{SEAL_PLAIN, 0, 0, "<- plain         10.77.0.2 ",
			"  not sealed: not shown"},
		{SEAL_IGNORED, 0, 0, "<- sealed        10.77.0.2 ",
			"  of a later version, or damaged"},
		{SEAL_REPLAYED, SEAL_PACKET, 0, "<- sealed        10.77.0.2 ",
			"  came twice or too late"},
		{SEAL_FORGED, SEAL_PACKET, 0, "<- sealed        10.77.0.2 ",
			"  forged"},
		{SEAL_FORGED, SEAL_NAMES, 0, "<- sealed        10.77.0.2 ",
			"  forged"},
		{SEAL_UNPROVEN, SEAL_PACKET, -10800,
			"<- sealed        10.77.0.2 ",
			"  its clock is 3 hours behind ours: asked to name us"},
		{SEAL_UNPROVEN, SEAL_NAMES, 11, "<- names         10.77.0.2 ",
			"  its clock is 11 seconds ahead of ours: asked to "
			"name "
			"us"},
		{SEAL_UNPROVEN, SEAL_PACKET, -10, "<- sealed        10.77.0.2 ",
			"  sealed before we joined: asked to name us"},
		{SEAL_FULL, SEAL_PACKET, 0, "<- sealed        10.77.0.2 ",
			"  too many sessions are known"},
		{SEAL_COPIED, SEAL_PACKET, 0, "<- sealed        10.77.0.2 ",
			"  this machine was copied, or set back"},
		{SEAL_OPENED, SEAL_NAMES, 0, "<- names         10.77.0.2 ",
			"  asks sessions to name this one"},
		{SEAL_OPENED, SEAL_NAMES_REPLY, 0,
			"<- names         10.77.0.2 ",
			"  names sessions that asked"},
	};
	static const char bytes[104];
	const struct datagram datagram = sealed_datagram(bytes, sizeof(bytes));
	struct seal_opened opened = {0};
	struct fixture f;

	fixture_init(&f, ANN);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		opened.kind = cases[i].kind;
		opened.ahead_s = cases[i].ahead_s;
		trace_sealed(&f.trace, &datagram, cases[i].result, &opened,
			f.ether.now);
		traced(&f, cases[i].columns, cases[i].words);
	}
	trace_sealed(&f.trace, &datagram, SEAL_ECHO, &opened, f.ether.now);
	tap_is_string(capture_end(&f.capture), "", "our own echo is no line");
	fixture_fini(&f);
}

/* A sealed datagram that is not opened: by a fault, or as it has no key. */
static void test_sealed_header(void)
{
	static const struct seal_header header = {
		.kind = SEAL_NAMES, .tag = 1, .session = 2, .number = 3};
	uint8_t bytes[SEAL_DATAGRAM_MIN] = {0};
	struct datagram datagram;
	struct fixture f;

	seal_header_write(&header, bytes);
	datagram = sealed_datagram((const char *)bytes, sizeof(bytes));
	fixture_init(&f, ANN);
	ether_meet(&f.ether, 1);
	forget(&f);
	trace_fault(&f.trace, f.ether.engines[ANN], &datagram, FAULT_DROP,
		f.ether.now);
	traced(&f, "<- sealed        10.77.0.2 ", "  dropped on purpose");
	trace_names_sent(&f.trace, bytes, sizeof(bytes), f.ether.now);
	traced(&f, "-> names         me                  72 bytes  eth0",
		"  asks sessions to name this one");
	ether_give(&f.ether, ANN, bytes, sizeof(bytes));
	traced(&f, "<- sealed ", "  refused: of a private group");
	capture_end(&f.capture);
	fixture_fini(&f);
}

/* A packet within a larger datagram has the size of that. */
static void test_sealed_size(void)
{
	uint8_t packet[WIRE_PACKET_MAX];
	struct datagram datagram =
		sealed_datagram((const char *)packet, make_data(packet, 0, 1));
	struct fixture f;

	fixture_init(&f, ANN);
	ether_meet(&f.ether, 1);
	forget(&f);
	trace_received(&f.trace, f.ether.engines[ANN], &datagram, 104, WIRE_OK,
		f.ether.now);
	traced(&f, " 104 bytes  eth0 ", "message");
	trace_passed_on(
		&f.trace, f.ether.engines[ANN], &datagram, 136, f.ether.now);
	traced(&f, " 136 bytes  eth0 ", "passed on to peers");
	f.trace.is_private = true;
	trace_exchange(&f.trace, f.ether.engines[ANN],
		&(struct wire_peer){.kind = WIRE_PEER_CHALLENGE, .value = 1},
		&datagram.from, true, f.ether.now);
	traced(&f, "-> CHALLENGE     10.77.0.2           72 bytes  peer",
		"asks to give eight bytes back (10.77.0.2:0)");
	capture_end(&f.capture);
	fixture_fini(&f);
}

int main(void)
{
	test_columns();
	test_raw();
	test_talk();
	test_repairs();
	test_gap_is_filled();
	test_repair_for();
	test_combinations();
	test_polls();
	test_fragments(ANN, "-> fragment 1    me                 508 bytes",
		"  sent again, asked by bob: bytes 1 to 480 of 1056");
	test_fragments(BOB, "<- fragment 1    ann                508 bytes",
		"  kept until the rest of it comes: bytes 481 to 960 of 1056");
	test_late();
	test_strange();
	test_state_twice();
	test_hostile();
	test_nicks();
	test_faults();
	test_colors();
	test_sealed();
	test_sealed_header();
	test_sealed_size();
	return tap_done();
}
