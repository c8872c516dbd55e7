/* SPDX-License-Identifier: ISC */
/*
 * What is said becomes packets: taken apart again, they hold every message, in
 * order, under its author's nick, and no packet is too large.
 */
#include "mchat/protocol/sender.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/protocol/engine.h"
#include "random.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ID           UINT64_C(0x1122334455667788)
#define ROOM         7
#define NICK         "ann"

static const struct instant now = {5};
static const struct wall_time wall = {1700000000000};

/* What came out of packets so far. */
struct taken {
	uint64_t packets;
	uint64_t messages;
	size_t largest;
	bool is_sound;
	char text[2 * ENGINE_MESSAGE_MAX]; /* of the message being joined */
	size_t size;
	uint8_t last_type;
	bool last_is_action;
	char nick[WIRE_NICK_MAX + 1];
};

static bool say(struct sender *sender, const char *text, size_t size)
{
	sender_set_nick(sender, NICK);
	return sender_say(sender, false, text, size, wall, now);
}

static void take_record(struct taken *taken, const struct wire_record *record)
{
	const uint8_t *bytes = record->bytes;
	size_t size = record->size;
	bool ends = record->type == WIRE_LINE || record->type == WIRE_ACTION;

	if (record->type == WIRE_NICK) {
		memcpy(taken->nick, bytes, size);
		taken->nick[size] = '\0';
		return;
	}
	taken->last_type = record->type;
	taken->last_is_action = record->type == WIRE_ACTION;
	if (record->type == WIRE_PART) {
		if (bytes[0] & WIRE_PART_FIRST)
			taken->size = 0;
		ends = bytes[0] & WIRE_PART_LAST;
		taken->last_is_action = bytes[0] & WIRE_PART_ACTION;
		bytes++;
		size--;
	} else {
		taken->size = 0;
	}
	if (taken->size + size > sizeof(taken->text)) {
		taken->is_sound = false;
		return;
	}
	memcpy(taken->text + taken->size, bytes, size);
	taken->size += size;
	taken->messages += ends;
}

static void take_packet(struct taken *taken, const struct packet *packet)
{
	struct wire_header header;
	struct wire_data data;
	struct wire_record record;
	struct reader reader;

	reader_init(&reader, packet->bytes, packet->size);
	taken->packets++;
	if (packet->size > taken->largest)
		taken->largest = packet->size;
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		wire_data_decode(&reader, &data) != WIRE_OK ||
		header.member != ID || header.room != ROOM ||
		data.sequence != taken->packets ||
		data.message != taken->messages + 1) {
		taken->is_sound = false;
		return;
	}
	reader_init(&reader, data.records, data.records_size);
	while (wire_record_next(&reader, &record))
		take_record(taken, &record);
}

static void take_all(struct sender *sender, struct taken *taken)
{
	struct packet *packet;

	while ((packet = sender_take(sender, now)))
		take_packet(taken, packet);
	sender->confirmed = sender->unsent;
}

static struct taken *start(struct sender *sender, size_t packet_size)
{
	struct taken *taken = calloc(1, sizeof(*taken));

	if (!taken)
		abort();
	taken->is_sound = true;
	sender_init(sender, ID, ROOM, packet_size);
	return taken;
}

static void nothing_said(void)
{
	struct sender sender;
	struct taken *taken = start(&sender, WIRE_PACKET_MAX);

	tap_ok(!sender_has_unsent(&sender) && sender_is_confirmed(&sender),
		"nothing said: nothing unsent, all confirmed");
	tap_ok(!sender_take(&sender, now), "and no packet");
	sender_fini(&sender);
	free(taken);
}

static void short_ones_share(void)
{
	struct sender sender;
	struct taken *taken = start(&sender, WIRE_PACKET_MAX);

	for (int i = 0; i < 100; i++)
		tap_ok(i % 50 || say(&sender, "0123456789", 10), "said");
	for (int i = 0; i < 100; i++)
		say(&sender, "0123456789", 10);
	tap_ok(sender_has_unsent(&sender) && !sender_is_confirmed(&sender),
		"said, not sent");
	take_all(&sender, taken);
	tap_ok(taken->is_sound, "packets are sound");
	tap_is_int((intmax_t)taken->messages, 102, "102 messages");
	tap_is_int((intmax_t)taken->packets, 1, "in one packet");
	tap_ok(!sender_has_unsent(&sender) && sender_is_confirmed(&sender),
		"sent and confirmed");
	sender_fini(&sender);
	free(taken);
}

/* Each size around what fits one packet, and the longest. */
static void sizes(size_t packet_size)
{
	size_t around[] = {0, 1, packet_size - 90, packet_size - 80,
		packet_size - 79, packet_size - 78, packet_size - 77,
		packet_size - 76, packet_size - 75, packet_size - 70,
		packet_size, 2 * packet_size, ENGINE_MESSAGE_MAX};
	static char text[ENGINE_MESSAGE_MAX];
	struct sender sender;
	struct taken *taken = start(&sender, packet_size);
	size_t same = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)random_next();
	for (size_t i = 0; i < COUNT(around); i++) {
		bool is_action = i % 2;

		sender_set_nick(&sender, NICK);
		if (!sender_say(&sender, is_action, text, around[i], wall, now))
			continue;
		take_all(&sender, taken);
		same += taken->size == around[i] &&
			memcmp(taken->text, text, around[i]) == 0 &&
			taken->last_is_action == is_action;
	}
	tap_is_int((intmax_t)same, COUNT(around), "every size comes back");
	tap_is_int((intmax_t)taken->messages, COUNT(around), "as one message");
	tap_ok(taken->is_sound, "packets of at most %zu are sound",
		packet_size);
	tap_ok(taken->largest <= packet_size, "the largest has %zu",
		taken->largest);
	tap_is_string(taken->nick, NICK, "with the nick");
	sender_fini(&sender);
	free(taken);
}

/* Many random ones, packets taken now and then. */
static void mixture(void)
{
	static char text[4000];
	struct sender sender;
	struct taken *taken = start(&sender, 1200);
	uint64_t said = 0;

	random_restart();
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < 20000; i++) {
		size_t most = random_below(10) ? 100 : sizeof(text);

		if (say(&sender, text, random_below(most)))
			said++;
		if (random_below(20) == 0)
			take_all(&sender, taken);
	}
	take_all(&sender, taken);
	tap_is_int((intmax_t)taken->messages, (intmax_t)said,
		"all of a mixture come out");
	tap_ok(taken->is_sound && taken->largest <= 1200, "in sound packets");
	tap_ok(sender.store.end - sender.store.first <= STORE_SPAN,
		"no more are kept than may be");
	tap_ok(sender.store.first > 1, "and old ones are forgotten");
	sender_fini(&sender);
	free(taken);
}

static void window(void)
{
	static char text[1300];
	struct sender sender;
	struct taken *taken = start(&sender, WIRE_PACKET_MAX);
	uint64_t said = 0;
	struct packet *packet;

	while (said < (uint64_t)2 * SENDER_WINDOW &&
		say(&sender, text, sizeof(text)))
		said++;
	tap_ok(said <= SENDER_WINDOW && said >= SENDER_WINDOW - 4,
		"the window takes %ju packets", (uintmax_t)said);
	while ((packet = sender_take(&sender, now)))
		take_packet(taken, packet);
	tap_is_int((intmax_t)taken->packets, (intmax_t)said, "which all leave");
	tap_ok(!say(&sender, "x", 1), "unconfirmed: no room");
	tap_ok(!sender_has_unsent(&sender), "a refused one leaves nothing");
	tap_ok(!sender_is_confirmed(&sender), "nothing is confirmed");
	sender.confirmed = sender.unsent;
	tap_ok(sender_is_confirmed(&sender) && say(&sender, "x", 1),
		"confirmed: room again");
	take_all(&sender, taken);
	tap_ok(taken->is_sound && taken->messages == said + 1,
		"and the numbers went on");
	sender_fini(&sender);
	free(taken);
}

/* What was said before leaves in packets of the size before. */
static void size_change(void)
{
	static const size_t packet_sizes[] = {700, 1400};
	static char text[300];
	struct sender sender;
	struct taken *taken = start(&sender, WIRE_PACKET_MAX);

	for (size_t i = 0; i < COUNT(packet_sizes); i++) {
		for (int said = 0; said < 3; said++)
			say(&sender, text, sizeof(text));
		sender_set_packet_size(&sender, packet_sizes[i], now);
		for (int said = 0; said < 40; said++)
			say(&sender, text, sizeof(text));
		take_packet(taken, sender_take(&sender, now));
		taken->largest = 0;
		take_all(&sender, taken);
		tap_ok(taken->largest <= packet_sizes[i] &&
				taken->largest > packet_sizes[i] - 310,
			"from now on at most %zu bytes: %zu", packet_sizes[i],
			taken->largest);
	}
	tap_is_int((intmax_t)taken->messages, 86, "all messages come out");
	tap_ok(taken->is_sound, "in sound packets");
	sender_fini(&sender);
	free(taken);
}

/* A nick holds from the message on that was said under it. */
static void nick_change(void)
{
	struct sender sender;
	struct taken *taken = start(&sender, WIRE_PACKET_MAX);

	sender_set_nick(&sender, "ann");
	sender_say(&sender, false, "a", 1, wall, now);
	sender_set_nick(&sender, "bob");
	sender_say(&sender, false, "b", 1, wall, now);
	take_all(&sender, taken);
	tap_is_string(
		taken->nick, "bob", "the last of two messages has its nick");
	sender_set_nick(&sender, "ann");
	sender_say(&sender, false, "c", 1, wall, now);
	take_all(&sender, taken);
	tap_is_string(taken->nick, "ann", "the one in the next packet, too");
	tap_ok(taken->is_sound, "packets are sound");
	sender_fini(&sender);
	free(taken);
}

/* The longest nick and the largest line that is not cut. */
/* Where a message ends is known before its packet leaves, and stays. */
static void says_where(void)
{
	static char text[3000];
	struct sender sender;
	uint64_t first;

	sender_init(&sender, 7, 0, 600);
	sender_set_nick(&sender, "ann");
	tap_is_int((intmax_t)sender_last_said(&sender), 0, "nothing said");
	say(&sender, "one", 3);
	first = sender_last_said(&sender);
	tap_is_int((intmax_t)first, 1, "in the first packet");
	say(&sender, "two", 3);
	tap_is_int((intmax_t)sender_last_said(&sender), 1, "so is the second");
	tap_ok(sender_take(&sender, now) != NULL, "it leaves");
	tap_is_int((intmax_t)sender_last_said(&sender), 1, "as the first");
	say(&sender, text, sizeof(text));
	tap_ok(sender_last_said(&sender) >= 6, "a long one ends in packet %ju",
		(uintmax_t)sender_last_said(&sender));
	first = sender_last_said(&sender);
	while (sender_take(&sender, now))
		;
	tap_is_int((intmax_t)sender.last, (intmax_t)first, "the last one");
	sender_fini(&sender);
}

static void longest_nick(void)
{
	static const char nick[] = "0123456789abcdef0123456789abcdef";
	static char text[600];
	struct sender sender;
	struct taken *taken = start(&sender, 512);

	for (size_t size = 400; size < sizeof(text); size++) {
		sender_set_nick(&sender, nick);
		sender_say(&sender, false, text, size, wall, now);
		take_all(&sender, taken);
	}
	tap_is_int((intmax_t)taken->messages, 200, "with the longest nick");
	tap_ok(taken->is_sound && taken->largest <= 512,
		"packets are sound, the largest has %zu", taken->largest);
	sender_fini(&sender);
	free(taken);
}

static void freshness(void)
{
	struct sender sender;
	struct taken *taken = start(&sender, WIRE_PACKET_MAX);
	struct packet *packet;

	say(&sender, "a", 1);
	packet = sender_take(&sender, now);
	tap_ok(packet && packet->bytes[2] & WIRE_FRESH, "fresh at first");
	sender.is_fresh = false;
	say(&sender, "a", 1);
	packet = sender_take(&sender, now);
	tap_ok(packet && !(packet->bytes[2] & WIRE_FRESH), "then not any more");
	tap_ok(packet && packet->touched.ns == now.ns,
		"when it was sent is noted");
	sender_fini(&sender);
	free(taken);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	nothing_said();
	short_ones_share();
	sizes(WIRE_PACKET_MAX);
	sizes(1232);
	sizes(508);
	mixture();
	window();
	size_change();
	nick_change();
	says_where();
	longest_nick();
	freshness();
	return tap_done();
}
