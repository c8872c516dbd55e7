/* SPDX-License-Identifier: ISC */
/* What a key gives; the vectors were made with other implementations. */
#include "mchat/seal/key_schedule.h"

#include <string.h>

#include "hex.h"
#include "tap.h"
#include "mchat/protocol/room.h"
#include "mchat/seal/shared_key.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct shared_key counting_key(void)
{
	struct shared_key key = {0};

	for (size_t i = 0; i < sizeof(key.bytes); i++)
		key.bytes[i] = (uint8_t)i;
	return key;
}

static void test_vectors(void)
{
	static const struct {
		const char *room;
		const char *seal_key;
		unsigned tag;
		const char *address;
	} cases[] = {
		{"",
			"04934ea86fab2ea4f83ef49979e3e09199006b1222163d808d8cd4"
			"871a51f2bf",
			0xd53e, "239.255.39.182:62428"},
		{"lobby",
			"825e3df864ad523aa033d11b2e0373c9f39ebf9a3fd487941ac9aa"
			"05462f81eb",
			0x8454, "239.255.58.75:62428"},
	};
	struct shared_key key = counting_key();

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *room = cases[i].room;
		struct address address = {.port = ROOM_PORT, .scope = 7};
		struct key_schedule schedule;
		uint8_t expected[32];
		char text[ADDRESS_TEXT_SIZE];

		key_schedule_make(&key, room, strlen(room), &schedule);
		hex_read(cases[i].seal_key, expected, sizeof(expected));
		tap_is_bytes(schedule.seal_key, 32, expected, 32, "seal key");
		tap_is_int(schedule.tag, cases[i].tag, "tag");
		key_schedule_address(&schedule, ADDRESS_IPV4, &address);
		tap_is_string(address_format(&address, text), cases[i].address,
			"address; the port stays");
		key_schedule_fingerprint(&schedule, text);
		tap_is_string(text, "02e8-a717", "fingerprint, whatever room");
	}
}

static void test_place(void)
{
	struct key_schedule schedule = {.place = {255, 0, 0, 1}};
	struct address address = {.port = 5000};
	char text[ADDRESS_TEXT_SIZE];

	key_schedule_address(&schedule, ADDRESS_IPV4, &address);
	tap_is_string(address_format(&address, text), "239.255.0.0:5000",
		"239.255.255 is kept for others");
	schedule.place[0] = 254;
	key_schedule_address(&schedule, ADDRESS_IPV4, &address);
	tap_is_string(address_format(&address, text), "239.255.254.0:5000",
		"up to there each third byte is taken");
	schedule.place[0] = 0x27;
	schedule.place[1] = 0xb6;
	key_schedule_address(&schedule, ADDRESS_IPV6, &address);
	tap_is_string(address_format(&address, text), "[ff12::a7b6:1]:5000",
		"an IPv6 group has the bit of those of one's own");
}

/* A room of the longest name, and one whose name begins like it. */
static void test_rooms(void)
{
	struct shared_key key = counting_key();
	struct key_schedule one;
	struct key_schedule two;
	char room[ROOM_NAME_MAX];

	memset(room, 'x', sizeof(room));
	key_schedule_make(&key, room, sizeof(room), &one);
	key_schedule_make(&key, room, sizeof(room) - 1, &two);
	tap_ok(memcmp(one.seal_key, two.seal_key, 32) != 0,
		"each byte of a room's name counts");
	tap_is_int(one.fingerprint, two.fingerprint,
		"the fingerprint is that of the key");
}

int main(void)
{
	test_vectors();
	test_place();
	test_rooms();
	return tap_done();
}
