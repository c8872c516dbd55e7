/* SPDX-License-Identifier: ISC */
/* The examples of FIPS 180-4 (NIST, "SHA256.pdf", and its million of "a"). */
#include "mchat/crypto/sha256.h"

#include <string.h>

#include "hex.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void hash(const char *text, size_t size, size_t step, uint8_t out[32])
{
	struct sha256 hash;

	sha256_init(&hash);
	for (size_t i = 0; i < size; i += step)
		sha256_update(
			&hash, text + i, size - i < step ? size - i : step);
	sha256_final(&hash, out);
}

static void test_examples(void)
{
	static const struct {
		const char *text;
		const char *digest;
	} cases[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		     "7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff"
			"61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6eced"
			"d419db06c1"},
		{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijkl"
		 "mnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
			"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45"
			"037afee9d1"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t size = strlen(cases[i].text);
		uint8_t expected[32];
		uint8_t got[32];

		hex_read(cases[i].digest, expected, sizeof(expected));
		hash(cases[i].text, size, size + 1, got);
		tap_is_bytes(got, 32, expected, 32, cases[i].text);
	}
}

static void test_million(void)
{
	static char text[1000000];
	uint8_t expected[32];
	uint8_t got[32];

	memset(text, 'a', sizeof(text));
	hex_read("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112"
		 "cd0",
		expected, sizeof(expected));
	hash(text, sizeof(text), sizeof(text), got);
	tap_is_bytes(got, 32, expected, 32, "a million of a");
	hash(text, sizeof(text), 77, got);
	tap_is_bytes(got, 32, expected, 32, "and 77 at a time");
}

/* Sizes around those where the padding takes another block. */
static void test_pieces(void)
{
	char text[200];
	size_t differing = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	for (size_t size = 1; size <= sizeof(text); size++) {
		uint8_t whole[32];
		uint8_t pieces[32];

		hash(text, size, size, whole);
		hash(text, size, 1, pieces);
		differing += memcmp(whole, pieces, 32) != 0;
		hash(text, size, 63, pieces);
		differing += memcmp(whole, pieces, 32) != 0;
	}
	tap_is_int((intmax_t)differing, 0,
		"however a text is cut, its digest is the same");
}

static void test_wiped(void)
{
	static const struct sha256 zeros;
	struct sha256 hash;
	uint8_t out[32];

	sha256_init(&hash);
	sha256_update(&hash, "secret", 6);
	sha256_final(&hash, out);
	tap_ok(memcmp(&hash, &zeros, sizeof(hash)) == 0,
		"nothing is left of what was hashed");
}

int main(void)
{
	test_examples();
	test_million();
	test_pieces();
	test_wiped();
	return tap_done();
}
