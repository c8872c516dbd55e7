/* SPDX-License-Identifier: ISC */
/* The vectors of RFC 7914, sections 8 and 10 to 12; that of section 9 is a part
 * of section 10's. */
#include "mchat/crypto/scrypt.h"

#include <string.h>

#include "hex.h"
#include "tap.h"
#include "mchat/crypto/bytes.h"
#include "mchat/crypto/salsa20.h"
#include "mchat/crypto/scrypt_mix.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_salsa(void)
{
	uint8_t bytes[64];
	uint8_t expected[64];
	uint32_t words[SALSA20_WORDS];

	hex_read("7e879a214f3ec9867ca940e641718f26 baee555b8c61c1b50df84611"
		 "6dcd3b1d ee24f319df9b3d8514121e4b5ac5aa32 76021d2909c74829ed"
		 "ebc68db8b8c25e",
		bytes, sizeof(bytes));
	hex_read("a41f859c6608cc993b81cacb020cef05 044b2181a2fd337dfd7b1c63"
		 "96682f29 b4393168e3c9e6bcfe6bc5b7a06d96ba e424cc102c91745c24"
		 "ad673dc7618f81",
		expected, sizeof(expected));
	for (size_t i = 0; i < SALSA20_WORDS; i++)
		words[i] = bytes_load_le32(bytes + 4 * i);
	salsa20_8(words);
	for (size_t i = 0; i < SALSA20_WORDS; i++)
		bytes_store_le32(bytes + 4 * i, words[i]);
	tap_is_bytes(bytes, 64, expected, 64, "RFC 7914, 8: Salsa20/8");
}

static void test_mix(void)
{
	uint8_t block[128];
	uint8_t expected[128];
	uint32_t memory[18 * 32];

	hex_read(
		"f7ce0b653d2d72a4108cf5abe912ffdd 777616dbbb27a70e8204f3ae"
		"2d0f6fad 89f68f4811d1e87bcc3bd7400a9ffd29 094f0184639574f39a"
		"e5a1315217bcd7 894991447213bb226c25b54da86370fb cd984380374666"
		"bb8ffcb5bf40c254b0 67d27c51ce4ad5fed829c90b505a571b 7f4d1cad6a"
		"523cda770e67bceaaf7e89",
		block, sizeof(block));
	hex_read(
		"79ccc193629debca047f0b70604bf6b6 2ce3dd4a9626e355fafc6198"
		"e6ea2b46 d58413673b99b029d665c357601fb426 a0b2f4bba200ee9f0a"
		"43d19b571a9c71 ef1142e65d5a266fddca832ce59faa7c ac0b9cf1be2bff"
		"ca300d01ee387619c4 ae12fd4438f203a0e4e1c47ec314861f 4e9087cb33"
		"396a6873e8f9d2539a4b8e",
		expected, sizeof(expected));
	scrypt_mix(block, 1, 16, memory);
	tap_is_bytes(block, 128, expected, 128, "RFC 7914, 10: scryptROMix");
}

static void test_pbkdf2(void)
{
	static const struct {
		const char *password;
		const char *salt;
		unsigned iterations;
		const char *key;
		const char *name;
	} cases[] = {
		{"passwd", "salt", 1,
			"55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d"
			"57c20dacbc"
			"49ca9cccf179b645991664b39d77ef317c71b845b1e30bd5091120"
			"41d3a19783",
			"RFC 7914, 11: PBKDF2"},
		{"Password", "NaCl", 80000,
			"4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08"
			"876b34ab56"
			"a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62"
			"b397f33c8d",
			"RFC 7914, 11: PBKDF2, 80000 times"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pbkdf2_input input = {cases[i].password,
			strlen(cases[i].password), cases[i].salt,
			strlen(cases[i].salt)};
		uint8_t expected[64];
		uint8_t got[64];

		hex_read(cases[i].key, expected, sizeof(expected));
		pbkdf2(&input, cases[i].iterations, got, sizeof(got));
		tap_is_bytes(got, 64, expected, 64, cases[i].name);
	}
}

/* The fourth of section 12 takes 1 GiB, and nothing else. */
static void test_scrypt(void)
{
	static const struct {
		const char *password;
		const char *salt;
		struct scrypt_cost cost;
		const char *key;
		const char *name;
	} cases[] = {
		{"", "", {16, 1, 1},
			"77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa"
			"3fede21442"
			"fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e2"
			"0c38d18906",
			"RFC 7914, 12: the first"},
		{"password", "NaCl", {1024, 8, 16},
			"fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376"
			"634b373162"
			"2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cb"
			"dfa2cc0640",
			"RFC 7914, 12: the second"},
		{"pleaseletmein", "SodiumChloride", {16384, 8, 1},
			"7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543"
			"f6545da1f2"
			"d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf01"
			"7b45575887",
			"RFC 7914, 12: the third"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pbkdf2_input input = {cases[i].password,
			strlen(cases[i].password), cases[i].salt,
			strlen(cases[i].salt)};
		uint8_t expected[64];
		uint8_t got[64] = {0};

		hex_read(cases[i].key, expected, sizeof(expected));
		tap_ok(scrypt(&input, &cases[i].cost, got, sizeof(got)),
			"there is memory for it");
		tap_is_bytes(got, 64, expected, 64, cases[i].name);
	}
}

static void test_memory(void)
{
#ifndef __SANITIZE_ADDRESS__ /* which ends programs that ask for so much */
	struct pbkdf2_input input = {"", 0, "", 0};
	struct scrypt_cost cost = {UINT32_C(1) << 31, 1u << 20, 1};
	uint8_t got[4] = {1, 2, 3, 4};

	tap_ok(!scrypt(&input, &cost, got, sizeof(got)),
		"more memory than there is is refused");
	tap_is_bytes(got, 4, "\1\2\3\4", 4, "and nothing is written");
#endif
}

int main(void)
{
	test_salsa();
	test_mix();
	test_pbkdf2();
	test_scrypt();
	test_memory();
	return tap_done();
}
