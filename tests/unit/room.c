/* SPDX-License-Identifier: ISC */
/* The vectors were made with another implementation of mchat-protocol(7). */
#include "mchat/protocol/room.h"

#include <string.h>

#include "tap.h"
#include "mchat/base/address.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define X16 "xxxxxxxxxxxxxxxx"

static void test_vectors(void)
{
	static const struct {
		const char *name;
		uint32_t tag;
		const char *address;
	} cases[] = {
		{"a", 0xaf63dc4c, "239.255.106.141:5000"},
		{"lobby", 0x1ccae3b6, "239.255.26.65:5000"},
		{"Lobby", 0xe1dec2c7, "239.255.157.88:5000"},
		{"lobby1", 0x5fb5f1d8, "239.255.178.48:5000"},
		{"lobby2", 0x5fb5f0d8, "239.255.176.229:5000"},
		{"\xec\x9a\xb0\xeb\xa6\xac\xec\xa7\x91", 0x3f62e0fc,
			"239.255.55.189:5000"},
		{X16 X16 X16 X16, 0xb96a5acb, "239.255.13.72:5000"},
		/* These two give one address. */
		{"room538", 0x710ef8d1, "239.255.6.96:5000"},
		{"room635", 0x5785f6d1, "239.255.6.96:5000"},
		/* Of this one the upper half of the hash is 0. */
		{"vzy0n2aa", 1, "239.255.245.69:5000"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].name;
		struct address address = {.port = 5000, .scope = 7};
		char text[ADDRESS_TEXT_SIZE];

		tap_is_int(room_tag(name, strlen(name)), cases[i].tag, name);
		room_address(name, strlen(name), ADDRESS_IPV4, &address);
		tap_is_string(address_format(&address, text), cases[i].address,
			"the room's address; the port stays");
		tap_is_string(room_check(name, strlen(name)), NULL,
			"the room's name is accepted");
	}
}

static void test_size(void)
{
	struct address address = {.port = 5000};
	char text[ADDRESS_TEXT_SIZE];

	room_address("lobby1", 5, ADDRESS_IPV4, &address);
	tap_is_string(address_format(&address, text), "239.255.26.65:5000",
		"a name has a size, not an end");
	tap_is_int(room_tag("lobby1", 5), 0x1ccae3b6,
		"for the tag, too, a name has a size, not an end");
}

static void test_ipv6(void)
{
	static const struct {
		const char *name;
		const char *address;
	} cases[] = {
		{"lobby", "[ff12::ef72:f533]:5000"},
		/* What gives one address over IPv4 gives two. */
		{"room538", "[ff12::8ef6:8896]:5000"},
		{"room635", "[ff12::80a0:86c0]:5000"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].name;
		struct address address = {.port = 5000, .scope = 7};
		char text[ADDRESS_TEXT_SIZE];

		room_address(name, strlen(name), ADDRESS_IPV6, &address);
		tap_is_string(address_format(&address, text), cases[i].address,
			"the room's group over IPv6; the port stays");
		tap_ok(address.bytes[12] & 0x80,
			"its number is one that a host may choose");
	}
}

static void test_check(void)
{
	tap_is_string(room_check("", 0), "must not be empty",
		"an empty name is refused");
	tap_is_string(room_check(X16 X16 X16 X16 "x", 65),
		"longer than 64 bytes", "a name of 65 bytes is refused");
	tap_is_string(room_check("\xec\x9a", 2), "not valid UTF-8",
		"a name with half a character is refused");
}

int main(void)
{
	test_vectors();
	test_size();
	test_ipv6();
	test_check();
	return tap_done();
}
