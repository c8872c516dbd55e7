/* SPDX-License-Identifier: ISC */
/* One sealed datagram; the vectors were made with other implementations. */
#include "mchat/seal/datagram.h"

#include <string.h>

#include "hex.h"
#include "tap.h"

#define HEADER SEAL_HEADER_SIZE

static void read_key(uint8_t out[AEAD_KEY_SIZE])
{
	hex_read("04934ea86fab2ea4f83ef49979e3e09199006b1222163d808d8cd4871a51"
		 "f2bf",
		out, AEAD_KEY_SIZE);
}

struct vector {
	const char *name;
	const char *subkey;
	const char *header;
	const char *content;
	const char *sealed;
};

static const struct vector vectors[] = {
	{"DATA",
		"69ed5d730823efe7857af82e50d824f1de4862d8650646333b20e1b88083b8"
		"5f",
		"f921d53e 69280000 5e55000000000001 a1b2c3 0000000001",
		"f911000000000000a11ce00000000001000000000000000700000000000000"
		"090000019aabcdef0101000568656c6c6f",
		"e5d2d1fbff8877a822b9f31b75439b306cde361c23d5c3c42f93261bee1797"
		"6094916b8f0a5b959eb81210ce824e900178e34333ab473622b888a20d1c90"
		"f2fb 9aadcef7b888a7d2f574d0175de0905b"},
	{"names",
		"c9bbd03eb150b0cfe86892be6c720a93f9a9c2dda5d42200eda94db0c6f063"
		"95",
		"f922d53e 69280000 5e55000000000001 a1b2c3 0000000002",
		"01 5e55000000000002",
		"01e375563a7836474283673d27e7032a245666353f3a80bd3cd5363ded53af"
		"7d 8be1dbbebed1a55fe3a30b8b561fcc1b"},
};

static void test_vector(const struct vector *vector)
{
	uint8_t key[AEAD_KEY_SIZE];
	uint8_t subkey[AEAD_KEY_SIZE];
	uint8_t expected[SEAL_DATAGRAM_MAX];
	uint8_t datagram[SEAL_DATAGRAM_MAX];
	uint8_t plain[DATAGRAM_CONTENT_MAX];
	uint8_t content[DATAGRAM_CONTENT_MAX];
	size_t size;
	size_t whole;
	size_t got = 0;

	read_key(key);
	hex_read(vector->header, datagram, HEADER);
	size = hex_read(vector->content, plain, sizeof(plain));
	datagram_subkey(key, datagram, subkey);
	hex_read(vector->subkey, expected, sizeof(expected));
	tap_is_bytes(subkey, 32, expected, 32, vector->name);

	memcpy(expected, datagram, HEADER);
	whole = HEADER + hex_read(vector->sealed, expected + HEADER,
				 sizeof(expected) - HEADER);
	memcpy(datagram + HEADER, plain, size);
	tap_is_bytes(datagram,
		datagram_seal(subkey, datagram, size, SEAL_DATAGRAM_MAX),
		expected, whole, "sealed");
	tap_is_int(datagram_open(subkey, expected, whole, content, &got),
		DATAGRAM_OK, "opened");
	tap_is_bytes(content, got, plain, size, "its content");
}

/* Opens a copy with one bit flipped, which must leave the content alone. */
static bool is_refused(const uint8_t key[AEAD_KEY_SIZE],
	const uint8_t *datagram, size_t size, size_t bit)
{
	static const uint8_t untouched[DATAGRAM_CONTENT_MAX];
	uint8_t content[DATAGRAM_CONTENT_MAX] = {0};
	uint8_t subkey[AEAD_KEY_SIZE];
	uint8_t flipped[SEAL_DATAGRAM_MAX];
	size_t got = 77;

	memcpy(flipped, datagram, size);
	flipped[bit / 8] ^= (uint8_t)(1 << bit % 8);
	datagram_subkey(key, flipped, subkey);
	return datagram_open(subkey, flipped, size, content, &got) ==
		       DATAGRAM_FORGED &&
	       got == 77 && memcmp(content, untouched, sizeof(content)) == 0;
}

static void test_flips(void)
{
	static const size_t sizes[] = {1, 40, 1431};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint8_t key[AEAD_KEY_SIZE];
		uint8_t subkey[AEAD_KEY_SIZE];
		uint8_t datagram[SEAL_DATAGRAM_MAX];
		size_t accepted = 0;
		size_t size;

		read_key(key);
		hex_read(vectors[0].header, datagram, HEADER);
		memset(datagram + HEADER, 'x', sizes[i]);
		datagram_subkey(key, datagram, subkey);
		size = datagram_seal(
			subkey, datagram, sizes[i], SEAL_DATAGRAM_MAX);
		for (size_t bit = 0; bit < 8 * size; bit++)
			accepted += !is_refused(key, datagram, size, bit);
		tap_is_int((intmax_t)accepted, 0,
			"any flipped bit is refused, nothing is written");
	}
}

/* All sizes of packets, within all sizes of datagrams. */
static void test_sizes(void)
{
	uint8_t key[AEAD_KEY_SIZE] = {9};
	uint8_t datagram[SEAL_DATAGRAM_MAX];
	uint8_t content[DATAGRAM_CONTENT_MAX];
	size_t wrong = 0;
	size_t too_large = 0;
	size_t got = 0;

	for (size_t size = 0; size < DATAGRAM_CONTENT_MAX; size++)
		for (size_t room = 548; room <= 1472; room += 77) {
			size_t whole;

			memset(datagram, (int)size, sizeof(datagram));
			whole = datagram_seal(key, datagram, size, room);
			too_large += size + 41 <= room ? whole > room
						       : whole != size + 41;
			wrong += datagram_open(key, datagram, whole, content,
					 &got) != DATAGRAM_OK ||
				 got != size;
		}
	tap_is_int((intmax_t)wrong, 0, "each comes back whole");
	tap_is_int((intmax_t)too_large, 0,
		"none is larger than its room, but for what needs more");
	tap_is_int((intmax_t)datagram_seal(key, datagram, 1431, 1252), 1472,
		"1431 bytes at an MTU of 1280");
	tap_is_int((intmax_t)datagram_seal(key, datagram, 508, 548), 549,
		"508 bytes at an MTU of 576");
	tap_is_int((intmax_t)datagram_seal(key, datagram, 8, 1472), 72,
		"8 bytes: the smallest");
	tap_is_int((intmax_t)datagram_seal(key, datagram, 8, 0), 72,
		"whatever the room");
	tap_is_int((intmax_t)datagram_seal(key, datagram, 48, 1472), 104,
		"a typed line");
}

static void test_malformed(void)
{
	uint8_t key[AEAD_KEY_SIZE] = {9};
	uint8_t datagram[SEAL_DATAGRAM_MAX] = {0};
	uint8_t content[DATAGRAM_CONTENT_MAX];
	size_t got = 77;

	aead_seal(key, datagram + AEAD_NONCE_HEAD_SIZE, datagram + HEADER, 32);
	tap_is_int(datagram_open(key, datagram, 72, content, &got),
		DATAGRAM_MALFORMED, "authentic, but only zeros");
	memset(datagram + HEADER, 0xee, 32);
	aead_seal(key, datagram + AEAD_NONCE_HEAD_SIZE, datagram + HEADER, 32);
	tap_is_int(datagram_open(key, datagram, 72, content, &got),
		DATAGRAM_MALFORMED, "authentic, but not padded");
	tap_is_int((intmax_t)got, 77, "no size is given");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		test_vector(&vectors[i]);
	test_flips();
	test_sizes();
	test_malformed();
	return tap_done();
}
