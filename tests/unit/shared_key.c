/* SPDX-License-Identifier: ISC */
/* The text of key files. */
#include "mchat/seal/shared_key.h"

#include <string.h>

#include "hex.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define DIGITS                                                                 \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY  "mchat-key-1 " DIGITS
#define CODE "mchat-code-1 babid-famug-hidij-kirum"

static enum shared_key_result parse(const char *text, struct shared_key *out)
{
	return shared_key_parse(text, strlen(text), out);
}

static void test_read(void)
{
	static const struct {
		const char *text;
		bool is_from_code;
	} cases[] = {
		{KEY, false},
		{KEY "\n", false},
		{"# a remark\n\n  \n" KEY "\n# another\n", false},
		{"  mchat-key-1\t " DIGITS " \r\n", false},
		{"mchat-key-1 000102030405060708090A0B0C0D0E0F"
		 "101112131415161718191A1B1C1D1E1F",
			false},
		{"# from a code: 56 bits\n" KEY "\n", true},
		{"# from a code: 56 bits or so\n" KEY "\n", false},
	};
	uint8_t expected[SHARED_KEY_SIZE];

	hex_read(DIGITS, expected, sizeof(expected));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct shared_key key = {0};

		tap_is_int(parse(cases[i].text, &key), SHARED_KEY_OK,
			"a key is read");
		tap_is_bytes(key.bytes, sizeof(key.bytes), expected,
			sizeof(expected), "it is that key");
		tap_is_int(key.is_from_code, cases[i].is_from_code,
			"and what it comes from");
	}
}

static void test_code(void)
{
	struct shared_key key = {0};
	uint8_t expected[SHARED_KEY_SIZE];

	hex_read("7d8acccac1c1081d1b4d0d7d880958c89269b51ee5d185f4a7c0c53c3c45"
		 "996c",
		expected, sizeof(expected));
	tap_is_int(parse("# by phone\n" CODE "\n", &key), SHARED_KEY_OK,
		"a file may have a code");
	tap_is_bytes(key.bytes, sizeof(key.bytes), expected, sizeof(expected),
		"which stands for its key");
	tap_ok(key.is_from_code, "and is known to be one");
}

static void test_wrong(void)
{
	static const struct {
		const char *text;
		enum shared_key_result result;
	} cases[] = {
		{"", SHARED_KEY_NONE},
		{"\n# nothing\n", SHARED_KEY_NONE},
		{KEY "\n" KEY "\n", SHARED_KEY_TWO},
		{KEY "\n" CODE "\n", SHARED_KEY_TWO},
		{KEY "\nx", SHARED_KEY_TWO},
		{"mchat-key-2 " DIGITS, SHARED_KEY_VERSION},
		{"mchat-code-2 babid", SHARED_KEY_VERSION},
		{"mchat-key-1", SHARED_KEY_DIGITS},
		{"mchat-key-1 " DIGITS "0", SHARED_KEY_DIGITS},
		{"mchat-key-1 " DIGITS " 0", SHARED_KEY_DIGITS},
		{"mchat-key-1 g00102030405060708090a0b0c0d0e0f"
		 "101112131415161718191a1b1c1d1e1f",
			SHARED_KEY_DIGITS},
		{"mchat-key-1" DIGITS, SHARED_KEY_VERSION},
		{"mchat-code-1 hunter2", SHARED_KEY_NO_CODE},
		{"mchat-code-1 babid-famug-hidij-kiruz",
			SHARED_KEY_WRONG_LETTER},
		{"babid-famug-hidij-kirum", SHARED_KEY_MALFORMED},
		{DIGITS, SHARED_KEY_MALFORMED},
		{"-----BEGIN OPENSSH PRIVATE KEY-----", SHARED_KEY_MALFORMED},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct shared_key key;
		struct shared_key before;

		memset(&key, 1, sizeof(key));
		before = key;
		tap_is_int(parse(cases[i].text, &key), cases[i].result,
			shared_key_error(cases[i].result));
		tap_ok(memcmp(&key, &before, sizeof(key)) == 0,
			"and nothing changed");
	}
}

/* A NUL is a byte like others, and what stands behind it is not left out. */
static void test_nul(void)
{
	static const char text[] = KEY "\n\0\n";
	struct shared_key key;

	tap_is_int(shared_key_parse(text, sizeof(text) - 1, &key),
		SHARED_KEY_TWO, "a NUL hides nothing");
}

static void test_format(void)
{
	struct shared_key key = {0};
	char line[SHARED_KEY_LINE_SIZE];

	parse(KEY, &key);
	shared_key_format(&key, line);
	tap_is_string(line, KEY "\n", "a key is written as it is read");
}

int main(void)
{
	test_read();
	test_code();
	test_wrong();
	test_nul();
	test_format();
	return tap_done();
}
