/* SPDX-License-Identifier: ISC */
/* Codes: the vector of the design, each letter that is misheard, how people
 * write them, what is none. */
#include "mchat/seal/code.h"

#include <string.h>

#include "hex.h"
#include "random.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define EXAMPLE "babid-famug-hidij-kirum"

static enum code_result parse(const char *text, struct code *out)
{
	return code_parse(text, strlen(text), out);
}

static void test_vector(void)
{
	static const uint8_t random[] = {
		0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66};
	struct code code;
	char text[CODE_TEXT_SIZE];
	uint8_t expected[CODE_KEY_SIZE];
	uint8_t key[CODE_KEY_SIZE];

	code_make(random, &code);
	code_format(&code, text);
	tap_is_string(text, EXAMPLE, "the code of some random bits");
	tap_ok(code_key(&code, key), "there is memory for its key");
	hex_read("7d8acccac1c1081d1b4d0d7d880958c89269b51ee5d185f4a7c0c53c3c45"
		 "996c",
		expected, sizeof(expected));
	tap_is_bytes(key, sizeof(key), expected, sizeof(expected), "its key");
}

static void test_writing(void)
{
	static const char *const texts[] = {
		EXAMPLE,
		"BABID-Famug-hidij-KIRUM",
		"babidfamughidijkirum",
		"  babid famug\thidij  kirum\r",
		"b.a.b.i.d.f.a.m.u.g.h.i.d.i.j.k.i.r.u.m",
		"babid\u2013famug\u2013hidij\u2013kirum",
	};
	struct code expected;

	parse(EXAMPLE, &expected);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct code code = {{0}};

		tap_is_int(parse(texts[i], &code), CODE_OK, texts[i]);
		tap_is_bytes(code.letters, CODE_LETTERS, expected.letters,
			CODE_LETTERS, "is that code");
	}
}

static void test_none(void)
{
	static const char *const texts[] = {
		"",
		"hunter2",
		"correct horse battery staple",
		"babid-famug-hidij",
		"babid-famug-hidij-kiru",
		"babid-famug-hidij-kirumm",
		"babid-famug-hidij-kirum-babid-famug-hidij-kirum",
		/* c and e are no letters of them, and a vowel stands here. */
		"cabid-famug-hidij-kirum",
		"bebid-famug-hidij-kirum",
		"aabid-famug-hidij-kirum",
		"bbbid-famug-hidij-kirum",
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct code code;
		struct code before;

		memset(&code, 'x', sizeof(code));
		before = code;
		tap_is_int(parse(texts[i], &code), CODE_MALFORMED, texts[i]);
		tap_ok(memcmp(&code, &before, sizeof(code)) == 0,
			"is no code, and nothing changed");
	}
	tap_is_string(code_error(CODE_MALFORMED),
		"that is no code of mchat; mchat key code makes one",
		"who takes a passphrase is told what to take");
	tap_is_string(code_error(CODE_WRONG_LETTER),
		"a letter of that code is wrong",
		"who mishears, what is wrong");
}

/* Of all codes that differ in one letter one of 256 passes. */
static void test_misheard(void)
{
	static const char consonants[] = "bdfghjklmnprstvz";
	static const char vowels[] = "aiou";
	size_t tried = 0;
	size_t passed = 0;

	random_restart();
	for (int round = 0; round < 200; round++) {
		uint8_t random[CODE_RANDOM_SIZE];
		struct code code;

		for (size_t i = 0; i < sizeof(random); i++)
			random[i] = (uint8_t)random_next();
		code_make(random, &code);
		for (size_t i = 0; i < CODE_LETTERS; i++) {
			const char *set = i % 5 % 2 == 0 ? consonants : vowels;
			struct code heard = code;
			struct code out;

			for (; *set; set++) {
				heard.letters[i] = *set;
				if (*set == code.letters[i])
					continue;
				tried++;
				passed +=
					code_parse(heard.letters, CODE_LETTERS,
						&out) == CODE_OK;
			}
		}
	}
	tap_is_int((intmax_t)tried, INTMAX_C(200) * (12 * 15 + 8 * 3),
		"each letter is misheard");
	tap_ok(passed > 0 && passed < tried / 128,
		"a misheard letter is noticed in 255 of 256 cases");
	tap_note("%zu of %zu were not", passed, tried);
}

/* Any bits come back as the same code. */
static void test_random(void)
{
	size_t wrong = 0;

	for (int i = 0; i < 10000; i++) {
		uint8_t random[CODE_RANDOM_SIZE];
		char text[CODE_TEXT_SIZE];
		struct code code;
		struct code again;

		for (size_t j = 0; j < sizeof(random); j++)
			random[j] = (uint8_t)random_next();
		code_make(random, &code);
		code_format(&code, text);
		wrong += parse(text, &again) != CODE_OK ||
			 memcmp(&code, &again, sizeof(code)) != 0;
	}
	tap_is_int((intmax_t)wrong, 0, "what is written is read");
}

int main(void)
{
	test_vector();
	test_writing();
	test_none();
	test_misheard();
	test_random();
	return tap_done();
}
