/* SPDX-License-Identifier: ISC */
/*
 * A stream is fed what a sender made, shuffled, doubled and with holes, and
 * gives back the list of what was said: in order, once, and the exact number of
 * what is missing.
 */
#include "mchat/protocol/stream.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/protocol/engine.h"
#include "mchat/protocol/sender.h"
#include "random.h"
#include "tap.h"

#define ID          3
#define PACKET_SIZE 600
#define TEXT_MAX    ENGINE_MESSAGE_MAX

static const struct instant now = {5};

/* What was said: packets by number from 1 on, and where each message ended.
 * Messages carry their number, so that they can be told apart. */
struct said {
	struct sender sender;
	uint64_t packets;
	uint64_t messages;
	uint64_t *begins; /* by message: packet that it begins in */
	uint64_t *ends;   /* and the one that it ends in */
	size_t *sizes;
};

/* What came out. */
struct heard {
	uint64_t expected; /* the message that comes next */
	uint64_t messages;
	uint64_t history;
	uint64_t lost;
	uint64_t first; /* message */
	bool is_sound;
};

static char text_at(uint64_t message, size_t i)
{
	return (char)('!' + (message * 31 + i * 7) % 90);
}

/* The text of a message: its number, then what follows from it. */
static void make_text(char *text, size_t size, uint64_t message)
{
	for (size_t i = 0; i < size; i++)
		text[i] = text_at(message, i);
	memcpy(text, &message, sizeof(message));
}

static void open_said(struct said *said, size_t messages)
{
	*said = (struct said){0};
	sender_init(&said->sender, ID, 0, PACKET_SIZE);
	said->begins = calloc(messages + 1, sizeof(*said->begins));
	said->ends = calloc(messages + 1, sizeof(*said->ends));
	said->sizes = calloc(messages + 1, sizeof(*said->sizes));
	if (!said->begins || !said->ends || !said->sizes)
		abort();
}

static void flush(struct said *said)
{
	while (sender_take(&said->sender, now))
		;
	said->packets = said->sender.last;
	said->sender.confirmed = said->sender.unsent;
}

static void say(struct said *said, size_t size)
{
	static char text[TEXT_MAX];
	uint64_t message = ++said->messages;

	if (size < sizeof(message))
		size = sizeof(message);
	make_text(text, size, message);
	said->sizes[message] = size;
	sender_set_nick(&said->sender, "ann");
	if (!sender_say(&said->sender, message % 5 == 0, text, size,
		    (struct wall_time){(int64_t)message}, now))
		abort();
	said->ends[message] = sender_last_said(&said->sender);
}

/* Short ones with long ones between, some packets closed early. */
static void say_many(struct said *said, size_t messages)
{
	open_said(said, messages);
	while (said->messages < messages) {
		uint64_t begins = said->sender.last + 1;

		say(said, random_below(8) ? 8 + random_below(60)
					  : random_below(5000));
		/* A piece may still have found room behind others. */
		said->begins[said->messages] = begins;
		if (random_below(4) == 0)
			flush(said);
	}
	flush(said);
}

static void close_said(struct said *said)
{
	sender_fini(&said->sender);
	free(said->begins);
	free(said->ends);
	free(said->sizes);
}

static enum stream_took give(
	struct stream *stream, const struct said *said, uint64_t number)
{
	const struct packet *packet = store_get(&said->sender.store, number);

	if (!packet)
		abort();
	return stream_take(stream, number, packet->bytes, packet->size, now);
}

static bool same_text(
	const struct said *said, const struct stream_item *item, uint64_t id)
{
	if (item->size != said->sizes[id])
		return false;
	for (size_t i = sizeof(id); i < item->size; i++)
		if (item->text[i] != text_at(id, i))
			return false;
	return item->number == said->ends[id] &&
	       item->kind == (id % 5 ? STREAM_MESSAGE : STREAM_ACTION);
}

static void hear(const struct said *said, const struct stream_item *item,
	struct heard *h)
{
	uint64_t id = 0;

	if (item->kind == STREAM_NICK) {
		h->is_sound = h->is_sound && item->size == 3;
		return;
	}
	if (item->kind == STREAM_LOST) {
		h->lost += item->count;
		h->is_sound = h->is_sound && item->count > 0;
		return;
	}
	if (item->size >= sizeof(id))
		memcpy(&id, item->text, sizeof(id));
	if (id < h->expected || id > said->messages ||
		!same_text(said, item, id)) {
		h->is_sound = false;
		return;
	}
	if (h->messages == 0)
		h->first = id;
	h->expected = id + 1;
	h->messages++;
	h->history += item->is_history;
}

static void drain(
	struct stream *stream, const struct said *said, struct heard *h)
{
	struct stream_item item;

	while (stream_next(stream, &item))
		hear(said, &item, h);
}

static void shuffle(uint64_t *numbers, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = random_below(i);
		uint64_t swapped = numbers[i - 1];

		numbers[i - 1] = numbers[other];
		numbers[other] = swapped;
	}
}

/* ---- everything arrives ---- */

/* Within `reach` packets, in any order, some several times. */
static bool permuted(const struct said *said, size_t reach)
{
	uint64_t *order = calloc(said->packets, sizeof(*order));
	struct heard h = {.is_sound = true};
	struct stream stream;
	bool good;

	if (!order)
		abort();
	for (uint64_t i = 0; i < said->packets; i++)
		order[i] = i + 1;
	for (size_t at = 0; at < said->packets; at += reach)
		shuffle(order + at, said->packets - at < reach
					    ? said->packets - at
					    : reach);
	stream_open(&stream, 1);
	for (size_t i = 0; i < said->packets; i++) {
		give(&stream, said, order[i]);
		if (random_below(5) == 0)
			give(&stream, said, order[random_below(i + 1)]);
		if (random_below(3) == 0)
			drain(&stream, said, &h);
	}
	drain(&stream, said, &h);
	good = h.is_sound && h.messages == said->messages && h.lost == 0 &&
	       !stream_has_gap(&stream) && stream.next == said->packets + 1;
	stream_fini(&stream);
	free(order);
	return good;
}

static void permutations(void)
{
	static const size_t reaches[] = {1, 2, 10, 100, 1000};
	struct said said;

	say_many(&said, 1500);
	tap_note("%ju packets", (uintmax_t)said.packets);
	for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++) {
		int good = 0;

		for (int round = 0; round < 5; round++)
			good += permuted(&said, reaches[i]);
		tap_is_int(good, 5, "in order and once, whatever the order");
	}
	close_said(&said);
}

static void long_messages(void)
{
	struct heard h = {.is_sound = true};
	struct stream stream;
	struct said said;

	open_said(&said, 6);
	say(&said, TEXT_MAX);
	say(&said, 10);
	say(&said, TEXT_MAX - 1);
	say(&said, TEXT_MAX);
	say(&said, 3000);
	flush(&said);
	stream_open(&stream, 1);
	for (uint64_t n = said.packets; n > 0; n--)
		give(&stream, &said, n);
	drain(&stream, &said, &h);
	tap_ok(h.is_sound && h.messages == said.messages && h.lost == 0,
		"long messages, last packet first");
	tap_ok(stream_memory(&stream) > (size_t)2 * TEXT_MAX, "memory is told");
	stream_fini(&stream);
	close_said(&said);
}

/* ---- holes ---- */

/* Messages all of whose packets are there. */
static uint64_t count_whole(
	const struct said *said, const bool *missing, uint64_t from)
{
	uint64_t whole = 0;

	for (uint64_t id = 1; id <= said->messages; id++) {
		bool is_whole = said->ends[id] >= from;

		for (uint64_t n = said->begins[id]; n <= said->ends[id]; n++)
			is_whole = is_whole && !missing[n];
		whole += is_whole;
	}
	return whole;
}

/* Where a message that came through did begin, as its size shows. */
static void find_beginnings(struct said *said)
{
	struct wire_record record;
	struct wire_header header;
	struct wire_data data;
	struct reader reader;
	uint64_t ended = 0;

	for (uint64_t n = 1; n <= said->packets; n++) {
		const struct packet *packet = store_get(&said->sender.store, n);

		reader_init(&reader, packet->bytes, packet->size);
		if (wire_header_decode(&reader, &header) != WIRE_OK ||
			wire_data_decode(&reader, &data) != WIRE_OK)
			abort();
		reader_init(&reader, data.records, data.records_size);
		while (wire_record_next(&reader, &record)) {
			if (record.type == WIRE_NICK)
				continue;
			if (record.type != WIRE_PART ||
				record.bytes[0] & WIRE_PART_FIRST)
				said->begins[ended + 1] = n;
			if (record.type != WIRE_PART ||
				record.bytes[0] & WIRE_PART_LAST)
				said->ends[++ended] = n;
		}
	}
	if (ended != said->messages)
		abort();
}

/* Every gap is given up, as the engine does it. */
static void give_up_all(
	struct stream *stream, const struct said *said, struct heard *h)
{
	stream_learn(stream, said->packets, said->messages);
	while (stream_has_gap(stream)) {
		stream_skip(stream, stream_gap_end(stream));
		drain(stream, said, h);
	}
}

/* Some packets are missing, never the last, which tells of those before. */
static void holes_of(const struct said *said, size_t share, bool with_first)
{
	bool *missing = calloc(said->packets + 2, sizeof(*missing));
	struct heard h = {.is_sound = true};
	struct stream stream;
	uint64_t whole;

	if (!missing)
		abort();
	stream_open(&stream, 1);
	for (uint64_t n = 1; n <= said->packets; n++) {
		missing[n] =
			n < said->packets && (with_first || n > 1) &&
			(random_below(share) == 0 || (with_first && n < 3));
		if (!missing[n])
			give(&stream, said, n);
		if (n % 500 == 0) {
			stream_skip(&stream, n - 200);
			drain(&stream, said, &h);
		}
	}
	give_up_all(&stream, said, &h);
	whole = count_whole(said, missing, 1);
	tap_ok(h.is_sound, "1 in %zu missing%s: in order and once", share,
		with_first ? ", the first too" : "");
	tap_is_int((intmax_t)h.messages, (intmax_t)whole, "all whole messages");
	tap_is_int((intmax_t)h.lost, (intmax_t)(said->messages - whole),
		"and the exact count of the others");
	stream_fini(&stream);
	free(missing);
}

static void holes(void)
{
	struct said said;

	say_many(&said, 1500);
	find_beginnings(&said);
	holes_of(&said, 50, false);
	holes_of(&said, 3, false);
	holes_of(&said, 20, true);
	close_said(&said);
}

/* Short ones, then a long one of which the packets from..to are missing. */
static void hole_in_long(
	uint64_t from, uint64_t to, uint64_t expected, const char *what)
{
	struct heard h = {.is_sound = true};
	struct stream stream;
	struct said said;

	open_said(&said, 10);
	say(&said, 10);
	say(&said, 10);
	flush(&said); /* packet 1 */
	say(&said, 3000);
	flush(&said); /* packets 2 to 7 */
	say(&said, 10);
	flush(&said); /* packet 8 */
	stream_open(&stream, 1);
	for (uint64_t n = 1; n <= said.packets; n++)
		if (n < from || n > to)
			give(&stream, &said, n);
	give_up_all(&stream, &said, &h);
	tap_ok(h.is_sound && said.packets == 8, "%s: in order", what);
	tap_is_int((intmax_t)h.messages, (intmax_t)(4 - expected), what);
	tap_is_int((intmax_t)h.lost, (intmax_t)expected, "lost, exactly");
	stream_fini(&stream);
	close_said(&said);
}

static void parts(void)
{
	hole_in_long(2, 2, 1, "the beginning of a long one");
	hole_in_long(4, 5, 1, "its middle");
	hole_in_long(7, 7, 1, "its end");
	hole_in_long(2, 7, 1, "all of it");
	hole_in_long(1, 2, 3, "those before and its beginning");
	hole_in_long(1, 1, 2, "those before");
	hole_in_long(7, 8, 2, "its end and what follows");
	hole_in_long(1, 8, 4, "everything");
}

/* ---- the beginning and history ---- */

/* Messages that end before packet `number`. */
static uint64_t count_ended(const struct said *said, uint64_t number)
{
	uint64_t count = 0;

	while (count < said->messages && said->ends[count + 1] < number)
		count++;
	return count;
}

/* Joins behind `anchor` - 1 packets, of which those before `first` and those
 * missing cannot be had, and gets the rest as far as the stream asks for it. */
static void fetch_history(struct stream *stream, const struct said *said,
	const bool *missing, uint64_t anchor, struct heard *h)
{
	stream_learn(stream, anchor - 1, count_ended(said, anchor));
	for (uint64_t n = said->packets; n >= anchor; n--)
		give(stream, said, n);
	while (stream->next < anchor) {
		uint64_t begin = stream->next;

		drain(stream, said, h);
		for (uint64_t n = anchor - 1; n >= begin; n--)
			if (!missing[n])
				give(stream, said, n);
		if (stream->next >= begin && stream->next < anchor)
			stream_skip(stream, stream_gap_end(stream));
	}
}

struct joining {
	uint64_t first; /* nobody has a packet before this */
	uint64_t anchor;
	unsigned history;
	uint64_t hole; /* nor this one; 0: has all */
};

static void history_of(
	const struct said *said, const struct joining *j, const char *what)
{
	bool *missing = calloc(said->packets + 2, sizeof(*missing));
	struct heard h = {.is_sound = true};
	uint64_t live;
	uint64_t there;
	struct stream stream;

	if (!missing)
		abort();
	for (uint64_t n = 1; n < j->first; n++)
		missing[n] = true;
	missing[j->hole] = true;
	stream_open(&stream, j->anchor);
	stream_want_history(&stream, j->history, 1);
	fetch_history(&stream, said, missing, j->anchor, &h);
	tap_ok(h.messages == 0, "%s: nothing comes before history is known",
		what);
	drain(&stream, said, &h);
	/* What was beyond the window comes again. */
	for (uint64_t n = stream.next; n <= said->packets; n++) {
		give(&stream, said, n);
		drain(&stream, said, &h);
	}
	live = count_whole(said, missing, j->anchor);
	there = count_whole(said, missing, 1) - live;
	tap_ok(h.is_sound, "in order and once");
	if (!tap_ok(h.history == (there < j->history ? there : j->history),
		    "the last %u of %ju old ones", j->history,
		    (uintmax_t)there))
		tap_note("came: %ju", (uintmax_t)h.history);
	/* One that began before may come whole, if history has that. */
	tap_ok(live - (h.messages - h.history) <= 1,
		"all that was said after joining");
	tap_is_int((intmax_t)h.lost, 0, "of history none is told as lost");
	stream_fini(&stream);
	free(missing);
}

static void histories_of(const struct said *said, const char *what)
{
	static const unsigned wanted[] = {0, 1, 3, 20, 1000};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		for (uint64_t anchor = said->packets + 1; anchor > 1;
			anchor -= anchor / 3 + 1)
			history_of(said,
				&(struct joining){1, anchor, wanted[i], 0},
				what);
}

static void histories(void)
{
	struct said said;

	say_many(&said, 300);
	find_beginnings(&said);
	histories_of(&said, "a mixture");
	history_of(&said,
		&(struct joining){said.packets - 30, said.packets, 1000, 0},
		"what begins late");
	history_of(&said,
		&(struct joining){1, said.packets, 100, said.packets - 5},
		"a hole that nobody fills");
	close_said(&said);

	open_said(&said, 5000);
	for (int i = 0; i < 5000; i++)
		say(&said, 8);
	flush(&said);
	find_beginnings(&said);
	histories_of(&said, "dozens to a packet");
	close_said(&said);

	open_said(&said, 25);
	for (int i = 0; i < 25; i++) {
		say(&said, TEXT_MAX);
		flush(&said);
	}
	find_beginnings(&said);
	histories_of(&said, "hundreds of packets each");
	close_said(&said);
}

/* A long one of which we only hear the end began before us. */
static void began_before_us(void)
{
	struct heard h = {.is_sound = true};
	struct stream stream;
	struct said said;

	open_said(&said, 10);
	say(&said, 3000);
	say(&said, 10);
	flush(&said);
	stream_open(&stream, 3);
	for (uint64_t n = 3; n <= said.packets; n++)
		give(&stream, &said, n);
	drain(&stream, &said, &h);
	tap_ok(h.is_sound && h.messages == 1 && h.first == 2,
		"the first whole one comes out");
	tap_is_int((intmax_t)h.lost, 0, "the half one was never promised");
	stream_fini(&stream);
	close_said(&said);
}

/* ---- gaps and the window ---- */

/* The gaps of a random set against a scan of it. */
static bool same_gaps(const struct stream *stream, const bool *there,
	uint64_t end, size_t most)
{
	struct wire_gap gaps[WIRE_GAPS_MAX];
	size_t count = stream_gaps(stream, gaps, most);
	size_t found = 0;

	for (uint64_t n = 1; n < end && found < most; n++) {
		if (there[n] || !(n == 1 || there[n - 1]))
			continue;
		if (found >= count || gaps[found].first != n)
			return false;
		for (uint64_t i = 0; i < gaps[found].count; i++)
			if (n + i >= end || there[n + i])
				return false;
		if (n + gaps[found].count < end &&
			!there[n + gaps[found].count])
			return false;
		found++;
	}
	return found == count;
}

static void gaps(void)
{
	int good = 0;
	struct said said;

	open_said(&said, 600);
	for (int i = 0; i < 500; i++) {
		say(&said, 8);
		flush(&said);
	}
	for (int round = 0; round < 200; round++) {
		bool there[700] = {false};
		size_t share = 2 + random_below(30);
		struct stream stream;
		uint64_t known = 0;

		stream_open(&stream, 1);
		for (uint64_t n = 1; n <= 500; n++) {
			if (random_below(share) == 0)
				continue;
			there[n] = true;
			known = n;
			give(&stream, &said, n);
		}
		if (round % 2)
			stream_learn(&stream, known = 600, 600);
		good += same_gaps(&stream, there, known + 1,
			1 + random_below(WIRE_GAPS_MAX));
		stream_fini(&stream);
	}
	tap_is_int(good, 200, "gaps as a scan finds them");
	close_said(&said);
}

static void window(void)
{
	struct stream stream;
	struct wire_gap gap;
	struct said said;

	open_said(&said, STREAM_WINDOW + 10);
	for (int i = 0; i < STREAM_WINDOW + 5; i++) {
		say(&said, 8);
		flush(&said);
	}
	stream_open(&stream, 1);
	tap_is_int(give(&stream, &said, STREAM_WINDOW), STREAM_NEW,
		"the last of the window is taken");
	tap_is_int(give(&stream, &said, STREAM_WINDOW + 1), STREAM_TOO_FAR,
		"the next is not");
	tap_is_int((intmax_t)stream.known, STREAM_WINDOW + 1,
		"but it is known to be");
	tap_is_int(give(&stream, &said, STREAM_WINDOW), STREAM_DOUBLE,
		"a second time");
	tap_is_int((intmax_t)stream_gaps(&stream, &gap, 1), 1, "one gap");
	tap_ok(gap.first == 1 && gap.count == STREAM_WINDOW - 1,
		"of the window");
	tap_is_int(give(&stream, &said, 1), STREAM_NEW, "the first");
	tap_is_int(give(&stream, &said, 1), STREAM_DOUBLE, "again");
	tap_is_int(give(&stream, &said, STREAM_WINDOW + 1), STREAM_NEW,
		"it moves the window by one");
	tap_is_int(stream.received, 6, "each counts as received");
	stream_fini(&stream);
	close_said(&said);
}

/* What comes after it was given up is neither new nor a double. */
static void late(void)
{
	struct stream stream;
	struct said said;
	struct stream_item item;
	unsigned lost = 0;

	open_said(&said, 4);
	for (int i = 0; i < 4; i++) {
		say(&said, 8);
		flush(&said);
	}
	stream_open(&stream, 1);
	give(&stream, &said, 1);
	give(&stream, &said, 3);
	stream_skip(&stream, 3);
	tap_is_int(give(&stream, &said, 2), STREAM_LATE, "given up before");
	while (stream_next(&stream, &item))
		lost += item.kind == STREAM_LOST;
	tap_is_int(give(&stream, &said, 2), STREAM_LATE, "told before");
	tap_is_int((intmax_t)lost, 1, "as lost");
	tap_is_int(give(&stream, &said, 3), STREAM_DOUBLE, "had before");
	tap_is_int(give(&stream, &said, 4), STREAM_NEW, "the next one");
	stream_fini(&stream);
	close_said(&said);
}

/* Nobody takes the messages out: memory stays bounded, nothing goes lost. */
static void not_drained(void)
{
	struct heard h = {.is_sound = true};
	struct stream stream;
	struct said said;
	uint64_t taken = 0;

	open_said(&said, (size_t)3 * STORE_SPAN);
	stream_open(&stream, 1);
	for (uint64_t n = 1; n < (uint64_t)2 * STORE_SPAN; n++) {
		say(&said, 8);
		flush(&said);
		taken += give(&stream, &said, n) == STREAM_NEW;
	}
	tap_is_int((intmax_t)taken, STORE_SPAN, "as many as are kept");
	drain(&stream, &said, &h);
	tap_ok(h.is_sound && h.messages == taken, "and all of them come out");
	tap_ok(stream_has_gap(&stream), "the others can be asked for");
	stream_fini(&stream);
	close_said(&said);
}

/* ---- hostile authors ---- */

struct forged {
	uint8_t bytes[WIRE_PACKET_MAX];
	struct writer writer;
};

static void forge(struct forged *forged, uint64_t sequence, uint64_t message)
{
	struct wire_header header = {.type = WIRE_DATA, .member = ID};

	writer_init(&forged->writer, forged->bytes, sizeof(forged->bytes));
	wire_header_encode(&forged->writer, &header);
	wire_data_encode(
		&forged->writer, sequence, message, (struct wall_time){0});
}

static void forge_part(struct forged *forged, uint8_t flags, const char *text)
{
	uint8_t bytes[64];
	size_t size = strlen(text);

	bytes[0] = flags;
	memcpy(bytes + 1, text, size + 1);
	wire_record_encode(&forged->writer, WIRE_PART, bytes, size + 1);
}

static void give_forged(
	struct stream *stream, const struct forged *forged, uint64_t number)
{
	stream_take(stream, number, forged->bytes, writer_size(&forged->writer),
		now);
}

/* A number far away must cost neither time nor memory. */
static void far_numbers(void)
{
	static const uint64_t far[] = {(uint64_t)1 << 32, (uint64_t)1 << 62,
		WIRE_SEQUENCE_MAX - 1, WIRE_SEQUENCE_MAX};
	struct stream_item item;

	alarm(20);
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		struct forged forged;
		struct stream stream;

		stream_open(&stream, 1);
		forge(&forged, far[i], 1);
		wire_record_encode(&forged.writer, WIRE_LINE, "x", 1);
		give_forged(&stream, &forged, far[i]);
		stream_learn(&stream, far[i], 1);
		if (stream_has_gap(&stream))
			stream_skip(&stream, stream_gap_end(&stream));
		give_forged(&stream, &forged, far[i]);
		while (stream_next(&stream, &item))
			;
		tap_ok(stream_memory(&stream) < 100000, "%ju is passed over",
			(uintmax_t)far[i]);
		stream_fini(&stream);
	}
}

/* Ends without beginnings give nothing, and no text twice. */
static void ends_alone(void)
{
	struct stream_item item;
	struct forged forged;
	struct stream stream;
	int whole = 0;
	int stale = 0;

	stream_open(&stream, 1);
	forge(&forged, 1, 1);
	forge_part(&forged, WIRE_PART_LAST, "nothing before");
	forge_part(&forged, WIRE_PART_FIRST, "a");
	forge_part(&forged, WIRE_PART_LAST, "b");
	for (int i = 0; i < 10; i++)
		forge_part(&forged, WIRE_PART_LAST, "");
	give_forged(&stream, &forged, 1);
	while (stream_next(&stream, &item)) {
		if (item.kind != STREAM_MESSAGE)
			continue;
		if (item.size == 2 && memcmp(item.text, "ab", 2) == 0 && !whole)
			whole++;
		else
			stale++;
	}
	tap_is_int(whole, 1, "one message of two pieces");
	tap_is_int(stale, 0, "an end without a beginning gives no text");
	stream_fini(&stream);
}

/* Pieces without end: no more than the longest message is held. */
static void endless_pieces(void)
{
	static char piece[1300];
	struct stream_item item;
	struct stream stream;
	int messages = 0;

	stream_open(&stream, 1);
	for (uint64_t n = 1; n <= 500; n++) {
		struct forged forged;

		piece[0] = n == 1 ? WIRE_PART_FIRST : 0;
		forge(&forged, n, 1);
		wire_record_encode(
			&forged.writer, WIRE_PART, piece, sizeof(piece));
		give_forged(&stream, &forged, n);
		while (stream_next(&stream, &item))
			messages++;
	}
	tap_is_int(messages, 0, "pieces without end give nothing");
	tap_ok(stream.part.capacity <= 4 * ENGINE_MESSAGE_MAX,
		"and hold %zu bytes", stream.part.capacity);
	stream_fini(&stream);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	permutations();
	long_messages();
	holes();
	parts();
	histories();
	began_before_us();
	gaps();
	window();
	late();
	not_drained();
	ends_alone();
	endless_pieces();
	far_numbers();
	return tap_done();
}
