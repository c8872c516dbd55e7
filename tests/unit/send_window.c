/* SPDX-License-Identifier: ISC */
/*
 * What is said becomes packets: taken apart again, they hold every message, in
 * order, under its author's nick, and no packet is too large.
 */
#include "mchat/protocol/record.h"
#include "mchat/protocol/send_window.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/engine_types.h"

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

/* A sender that starts at `now`. */
static void init(struct send_window *window, size_t packet_size)
{
	struct engine_config config = {
		.id = ID, .room = ROOM, .packet_size = packet_size};

	send_window_init(window, &config, now);
}

static bool say(struct send_window *window, const char *text, size_t size)
{
	send_window_set_nick(window, NICK);
	return send_window_say(window, false, text, size, wall);
}

static void take_record(struct taken *taken, const struct record *record)
{
	const uint8_t *bytes = record->bytes;
	size_t size = record->size;
	bool ends =
		record->type == RECORD_LINE || record->type == RECORD_ACTION;

	if (record->type == RECORD_NICK) {
		memcpy(taken->nick, bytes, size);
		taken->nick[size] = '\0';
		return;
	}
	taken->last_type = record->type;
	taken->last_is_action = record->type == RECORD_ACTION;
	if (record->type == RECORD_PART) {
		if (bytes[0] & RECORD_PART_FIRST)
			taken->size = 0;
		ends = bytes[0] & RECORD_PART_LAST;
		taken->last_is_action = bytes[0] & RECORD_PART_ACTION;
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
	struct record record;
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
	while (record_next(&reader, &record))
		take_record(taken, &record);
}

static void take_all(struct send_window *window, struct taken *taken)
{
	struct packet *packet;

	while ((packet = send_window_take(window, now)))
		take_packet(taken, packet);
	window->confirmed = window->unsent;
}

static struct taken *start(struct send_window *window, size_t packet_size)
{
	struct taken *taken = calloc(1, sizeof(*taken));

	if (!taken)
		abort();
	taken->is_sound = true;
	init(window, packet_size);
	return taken;
}

static void nothing_said(void)
{
	struct send_window window;
	struct taken *taken = start(&window, WIRE_USUAL_MAX);

	tap_ok(!send_window_has_unsent(&window) &&
			send_window_is_confirmed(&window),
		"when nothing was said nothing is unsent and all is confirmed");
	tap_ok(!send_window_take(&window, now),
		"when nothing was said there is no packet");
	send_window_fini(&window);
	free(taken);
}

static void short_ones_share(void)
{
	struct send_window window;
	struct taken *taken = start(&window, WIRE_USUAL_MAX);

	for (int i = 0; i < 100; i++)
		tap_ok(i % 50 || say(&window, "0123456789", 10),
			"a short message is said");
	for (int i = 0; i < 100; i++)
		say(&window, "0123456789", 10);
	tap_ok(send_window_has_unsent(&window) &&
			!send_window_is_confirmed(&window),
		"what was said is unsent and unconfirmed");
	take_all(&window, taken);
	tap_ok(taken->is_sound, "the packet of short messages is sound");
	tap_is_int((intmax_t)taken->messages, 102, "102 short messages leave");
	tap_is_int(
		(intmax_t)taken->packets, 1, "short messages share one packet");
	tap_ok(!send_window_has_unsent(&window) &&
			send_window_is_confirmed(&window),
		"short messages are sent and confirmed");
	send_window_fini(&window);
	free(taken);
}

/* Each size around what fits one packet, and the longest. */
static void sizes(size_t packet_size)
{
	size_t around[] = {0, 1, packet_size - 100, packet_size - 90,
		packet_size - 88, packet_size - 87, packet_size - 86,
		packet_size - 85, packet_size - 84, packet_size - 75,
		packet_size, 2 * packet_size, ENGINE_MESSAGE_MAX};
	static char text[ENGINE_MESSAGE_MAX];
	struct send_window window;
	struct taken *taken = start(&window, packet_size);
	size_t same = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)random_next();
	for (size_t i = 0; i < COUNT(around); i++) {
		bool is_action = i % 2;

		send_window_set_nick(&window, NICK);
		if (!send_window_say(&window, is_action, text, around[i], wall))
			continue;
		take_all(&window, taken);
		same += taken->size == around[i] &&
			memcmp(taken->text, text, around[i]) == 0 &&
			taken->last_is_action == is_action;
	}
	tap_is_int((intmax_t)same, COUNT(around),
		"a message of every size comes back whole");
	tap_is_int((intmax_t)taken->messages, COUNT(around),
		"a message of any size is one message");
	tap_ok(taken->is_sound, "packets of at most %zu are sound",
		packet_size);
	tap_ok(taken->largest <= packet_size,
		"the largest packet has %zu bytes", taken->largest);
	tap_is_string(taken->nick, NICK, "packets have the author's nick");
	send_window_fini(&window);
	free(taken);
}

/* Many messages of random sizes, packets taken now and then. */
static void mixture(void)
{
	static char text[4000];
	struct send_window window;
	struct taken *taken = start(&window, 1200);
	uint64_t said = 0;

	random_restart();
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < 40000; i++) {
		size_t most = random_below(10) ? 100 : sizeof(text);

		if (say(&window, text, random_below(most)))
			said++;
		if (random_below(20) == 0)
			take_all(&window, taken);
	}
	take_all(&window, taken);
	tap_is_int((intmax_t)taken->messages, (intmax_t)said,
		"every message of a mixture comes out");
	tap_ok(taken->is_sound && taken->largest <= 1200,
		"packets of a mixture are sound");
	tap_ok(window.store.end - window.store.first <= PACKET_STORE_SPAN,
		"no more packets are kept than may be");
	tap_ok(window.store.first > 1, "old packets are forgotten");
	send_window_fini(&window);
	free(taken);
}

static void window(void)
{
	static char text[1300];
	struct send_window window;
	struct taken *taken = start(&window, WIRE_USUAL_MAX);
	uint64_t said = 0;
	struct packet *packet;

	while (said < (uint64_t)2 * SEND_WINDOW_PACKETS &&
		say(&window, text, sizeof(text)))
		said++;
	tap_ok(said <= SEND_WINDOW_PACKETS && said >= SEND_WINDOW_PACKETS - 4,
		"the window takes %ju packets", (uintmax_t)said);
	while ((packet = send_window_take(&window, now)))
		take_packet(taken, packet);
	tap_is_int((intmax_t)taken->packets, (intmax_t)said,
		"every packet of a full window leaves");
	tap_ok(!say(&window, "x", 1),
		"while the window is unconfirmed nothing can be said");
	tap_ok(!send_window_has_unsent(&window),
		"a refused message leaves nothing unsent");
	tap_ok(!send_window_is_confirmed(&window),
		"a full window is not confirmed");
	window.confirmed = window.unsent;
	tap_ok(send_window_is_confirmed(&window) && say(&window, "x", 1),
		"when the window is confirmed there is room again");
	take_all(&window, taken);
	tap_ok(taken->is_sound && taken->messages == said + 1,
		"after a full window the numbers go on");
	send_window_fini(&window);
	free(taken);
}

/* What was said before a change of size leaves in packets of the old size. */
static void size_change(void)
{
	static const size_t packet_sizes[] = {700, 1400};
	static char text[300];
	struct send_window window;
	struct taken *taken = start(&window, WIRE_USUAL_MAX);

	for (size_t i = 0; i < COUNT(packet_sizes); i++) {
		for (int said = 0; said < 3; said++)
			say(&window, text, sizeof(text));
		send_window_set_packet_size(&window, packet_sizes[i]);
		for (int said = 0; said < 40; said++)
			say(&window, text, sizeof(text));
		take_packet(taken, send_window_take(&window, now));
		taken->largest = 0;
		take_all(&window, taken);
		tap_ok(taken->largest <= packet_sizes[i] &&
				taken->largest > packet_sizes[i] - 310,
			"after the change packets have at most %zu bytes: %zu",
			packet_sizes[i], taken->largest);
	}
	tap_is_int((intmax_t)taken->messages, 86,
		"every message comes out across changes of size");
	tap_ok(taken->is_sound, "packets are sound across changes of size");
	send_window_fini(&window);
	free(taken);
}

/* A new nick holds from the first message that is said under it. */
static void nick_change(void)
{
	struct send_window window;
	struct taken *taken = start(&window, WIRE_USUAL_MAX);

	send_window_set_nick(&window, "ann");
	send_window_say(&window, false, "a", 1, wall);
	send_window_set_nick(&window, "bob");
	send_window_say(&window, false, "b", 1, wall);
	take_all(&window, taken);
	tap_is_string(taken->nick, "bob",
		"the second of two messages in a packet has its own nick");
	send_window_set_nick(&window, "ann");
	send_window_say(&window, false, "c", 1, wall);
	take_all(&window, taken);
	tap_is_string(taken->nick, "ann",
		"a message in the next packet has its own nick");
	tap_ok(taken->is_sound, "packets are sound across changes of nick");
	send_window_fini(&window);
	free(taken);
}

/* The packet in which a message ends is known before it leaves, and stays. */
static void says_where(void)
{
	static char text[3000];
	struct send_window window;
	uint64_t first;

	init(&window, 600);
	send_window_set_nick(&window, "ann");
	tap_is_int((intmax_t)send_window_last_said(&window), 0,
		"when nothing was said the last packet is 0");
	say(&window, "one", 3);
	first = send_window_last_said(&window);
	tap_is_int((intmax_t)first, 1, "the first message ends in packet 1");
	say(&window, "two", 3);
	tap_is_int((intmax_t)send_window_last_said(&window), 1,
		"the second message ends in packet 1, too");
	tap_ok(send_window_take(&window, now) != NULL, "packet 1 leaves");
	tap_is_int((intmax_t)send_window_last_said(&window), 1,
		"when packet 1 has left both still end in it");
	say(&window, text, sizeof(text));
	tap_ok(send_window_last_said(&window) >= 6,
		"a long message ends in packet %ju",
		(uintmax_t)send_window_last_said(&window));
	first = send_window_last_said(&window);
	while (send_window_take(&window, now))
		;
	tap_is_int((intmax_t)window.last, (intmax_t)first,
		"a long message ends in the last packet that leaves");
	send_window_fini(&window);
}

/* The longest nick and the largest line that is not cut. */
static void longest_nick(void)
{
	static const char nick[] = "0123456789abcdef0123456789abcdef";
	static char text[600];
	struct send_window window;
	struct taken *taken = start(&window, 512);

	for (size_t size = 400; size < sizeof(text); size++) {
		send_window_set_nick(&window, nick);
		send_window_say(&window, false, text, size, wall);
		take_all(&window, taken);
	}
	tap_is_int((intmax_t)taken->messages, 200,
		"every message comes out with the longest nick");
	tap_ok(taken->is_sound && taken->largest <= 512,
		"with the longest nick the largest packet has %zu bytes",
		taken->largest);
	send_window_fini(&window);
	free(taken);
}

/* The age that a packet says it left at. */
static struct wire_age age_in(const struct packet *packet)
{
	struct wire_data data;

	if (!packet || !wire_data_open(packet->bytes, packet->size, &data))
		abort();
	return data.sent;
}

static struct instant after_ms(int64_t ms)
{
	return (struct instant){now.ns + ms * NS_PER_MS};
}

/* Packets tell when they left, and how long after the one before. */
static void ages(void)
{
	struct send_window window;
	struct wire_age age;
	const struct packet *packet;

	init(&window, WIRE_USUAL_MAX);
	age = send_window_age(&window, after_ms(70));
	tap_is_int(
		age.age.ns / NS_PER_MS, 70, "an author tells its age of 70 ms");
	tap_is_int(age.quiet.ns / NS_PER_MS, WIRE_QUIET_MAX_MS,
		"an author that said nothing was always quiet");
	say(&window, "a", 1);
	packet = send_window_take(&window, after_ms(100));
	age = age_in(packet);
	tap_ok(age.age.ns == 100 * NS_PER_MS && age.quiet.ns == age.age.ns,
		"the first packet tells that its author was quiet since its "
		"start");
	tap_ok(packet && packet->touched.ns == after_ms(100).ns &&
			packet->sent_at.ns == packet->touched.ns,
		"the time at which a packet was sent is noted");
	say(&window, "b", 1);
	age = age_in(send_window_take(&window, after_ms(350)));
	tap_ok(age.age.ns == 350 * NS_PER_MS && age.quiet.ns == 250 * NS_PER_MS,
		"the second packet tells that it left 250 ms after the first");
	age = send_window_age(&window, after_ms(400));
	tap_ok(age.age.ns == 400 * NS_PER_MS && age.quiet.ns == 50 * NS_PER_MS,
		"an author tells that it has been quiet for 50 ms");
	send_window_fini(&window);
}

/* `count` packets of one message each, one every `ms`. */
static void send_each(struct send_window *window, uint64_t count, int64_t ms)
{
	for (uint64_t i = 0; i < count; i++) {
		int64_t at = (int64_t)window->unsent * ms;

		if (!say(window, "0123456789", 10) ||
			!send_window_take(window, after_ms(at)))
			abort();
		window->confirmed = window->unsent;
	}
}

/* The first packet owed to a member that started then; 0 when its message does
 * not fit, since each packet has one message. */
static uint64_t owed_at(const struct send_window *window, int64_t ms)
{
	struct send_mark mark = send_window_owed_since(window, after_ms(ms));

	return mark.number == mark.message ? mark.number : 0;
}

static void owed_to_whom(void)
{
	uint64_t packets = 3 * (uint64_t)PACKET_STORE_KEPT;
	struct send_window window;
	int64_t kept_ms;
	int wrong = 0;

	init(&window, 508);
	tap_is_int((intmax_t)owed_at(&window, 5), 1,
		"when nothing was sent the first packet is owed");
	send_each(&window, 100, 10);
	tap_is_int((intmax_t)owed_at(&window, -1000), 1,
		"a member that started first is owed all");
	tap_is_int((intmax_t)owed_at(&window, 500), 50,
		"a member is owed a packet that left when it started");
	tap_is_int((intmax_t)owed_at(&window, 501), 51,
		"a member is not owed a packet that left before it started");
	tap_is_int((intmax_t)owed_at(&window, 1000), 100,
		"a member that started with the last packet is owed that");
	tap_is_int((intmax_t)owed_at(&window, 1001), 101,
		"a member that started later is owed the next one only");
	send_each(&window, packets - 100, 10);
	kept_ms = (int64_t)window.store.first * 10;
	tap_is_int((intmax_t)owed_at(&window, kept_ms + 10),
		(intmax_t)window.store.first + 1,
		"of packets that are kept the first owed is exact");
	/* 512 marks for 12288 packets: one in 32 of them at worst. */
	for (uint64_t n = 1; n < window.store.first; n++) {
		uint64_t owed = owed_at(&window, (int64_t)n * 10);

		wrong += owed > n || owed + 64 < n || owed == 0;
	}
	tap_is_int(wrong, 0,
		"of packets not kept the first owed is at most a little early");
	tap_is_int((intmax_t)owed_at(&window, -1), 1,
		"of packets not kept all are owed to a member that was first");
	send_window_fini(&window);
}

static void little(void)
{
	struct send_window window;

	init(&window, 508);
	tap_ok(send_window_is_little(&window), "an empty window is little");
	send_each(&window, SEND_WINDOW_LITTLE, 1);
	window.confirmed = 1;
	tap_ok(send_window_is_little(&window),
		"%d unconfirmed packets are little", SEND_WINDOW_LITTLE);
	send_each(&window, 1, 1);
	window.confirmed = 1;
	tap_ok(!send_window_is_little(&window),
		"one packet more is not little");
	send_window_fini(&window);
}

/* Two short messages, one of several packets, and one in a packet not yet full.
 */
static void message_numbers(void)
{
	static const uint64_t begins[] = {1, 3, 3, 3, 4, 5};
	static char text[1000];
	struct send_window window;

	init(&window, 508);
	tap_is_int((intmax_t)send_window_message_at(&window, 1), 1,
		"before the first message it is the next");
	say(&window, "a", 1);
	say(&window, "b", 1);
	send_window_take(&window, now);
	say(&window, text, sizeof(text));
	while (send_window_take(&window, now))
		;
	say(&window, "d", 1);
	for (uint64_t n = 1; n <= send_window_last_said(&window) + 1; n++)
		tap_is_int((intmax_t)send_window_message_at(&window, n),
			(intmax_t)begins[n - 1],
			"which message ends in a packet or later");
	tap_is_int((intmax_t)send_window_last_said(&window), 5,
		"the messages take five packets");
	tap_is_int((intmax_t)send_window_messages_sent(&window), 3,
		"three messages were sent");
	packet_store_drop_before(&window.store, 3);
	tap_is_int((intmax_t)send_window_message_at(&window, 1), 3,
		"packets that are not kept count as the first one that is");
	send_window_fini(&window);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	nothing_said();
	short_ones_share();
	sizes(WIRE_USUAL_MAX);
	sizes(1232);
	sizes(508);
	mixture();
	window();
	size_change();
	nick_change();
	says_where();
	longest_nick();
	ages();
	owed_to_whom();
	little();
	message_numbers();
	return tap_done();
}
