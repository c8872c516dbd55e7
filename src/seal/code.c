/* SPDX-License-Identifier: ISC */
#include "mchat/seal/code.h"

#include <string.h>

#include "mchat/crypto/scrypt.h"
#include "mchat/crypto/secret.h"
#include "mchat/crypto/sha256.h"

/* Goes into the check byte, and is the salt of the key. */
#define LABEL      "mchat code 1"
#define LABEL_SIZE (sizeof(LABEL) - 1)

#define WORDS        4
#define WORD_LETTERS 5

#define CODE_SIZE (CODE_RANDOM_SIZE + 1)

/* 64 MiB and half a second: who tests guesses has to spend them on each. */
static const struct scrypt_cost cost = {.n = 65536, .r = 8, .p = 1};

static const char consonants[] = "bdfghjklmnprstvz";
static const char vowels[] = "aiou";

static uint8_t check_byte(const uint8_t random[CODE_RANDOM_SIZE])
{
	struct sha256 hash;
	uint8_t digest[SHA256_SIZE];

	sha256_init(&hash);
	sha256_update(&hash, LABEL, LABEL_SIZE);
	sha256_update(&hash, random, CODE_RANDOM_SIZE);
	sha256_final(&hash, digest);
	return digest[0];
}

void code_make(const uint8_t random[CODE_RANDOM_SIZE], struct code *out)
{
	uint8_t bytes[CODE_SIZE];
	char *at = out->letters;

	memcpy(bytes, random, CODE_RANDOM_SIZE);
	bytes[CODE_RANDOM_SIZE] = check_byte(random);
	for (size_t i = 0; i < CODE_SIZE; i += 2) {
		unsigned word = (unsigned)bytes[i] << 8 | bytes[i + 1];

		*at++ = consonants[word >> 12 & 15];
		*at++ = vowels[word >> 10 & 3];
		*at++ = consonants[word >> 6 & 15];
		*at++ = vowels[word >> 4 & 3];
		*at++ = consonants[word & 15];
	}
	secret_wipe(bytes, sizeof(bytes));
}

void code_format(const struct code *code, char out[CODE_TEXT_SIZE])
{
	for (size_t i = 0; i < WORDS; i++) {
		memcpy(out, code->letters + i * WORD_LETTERS, WORD_LETTERS);
		out += WORD_LETTERS;
		*out++ = i + 1 < WORDS ? '-' : '\0';
	}
}

/* The letters of a text in lower case; false when there are more or fewer than
 * a code has. */
static bool gather(const char *text, size_t size, char out[CODE_LETTERS])
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++) {
		char c = text[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c < 'a' || c > 'z')
			continue;
		if (count == CODE_LETTERS)
			return false;
		out[count++] = c;
	}
	return count == CODE_LETTERS;
}

/* The bytes of a code; false when a letter may not stand where it does. */
static bool decode(const char letters[CODE_LETTERS], uint8_t out[CODE_SIZE])
{
	unsigned word = 0;

	for (size_t i = 0; i < CODE_LETTERS; i++) {
		size_t place = i % WORD_LETTERS;
		const char *set = place % 2 == 0 ? consonants : vowels;
		const char *found = strchr(set, letters[i]);

		if (!found)
			return false;
		word = word << (place % 2 == 0 ? 4 : 2) |
		       (unsigned)(found - set);
		if (place + 1 < WORD_LETTERS)
			continue;
		*out++ = (uint8_t)(word >> 8);
		*out++ = (uint8_t)word;
		word = 0;
	}
	return true;
}

enum code_result code_parse(const char *text, size_t size, struct code *out)
{
	char letters[CODE_LETTERS];
	uint8_t bytes[CODE_SIZE];
	enum code_result result = CODE_MALFORMED;

	if (gather(text, size, letters) && decode(letters, bytes)) {
		result = bytes[CODE_RANDOM_SIZE] == check_byte(bytes)
				 ? CODE_OK
				 : CODE_WRONG_LETTER;
	}
	if (result == CODE_OK)
		memcpy(out->letters, letters, sizeof(letters));
	secret_wipe(letters, sizeof(letters));
	secret_wipe(bytes, sizeof(bytes));
	return result;
}

const char *code_error(enum code_result result)
{
	return result == CODE_WRONG_LETTER
		       ? "a letter of that code is wrong"
		       : "that is no code of mchat; mchat key code makes one";
}

bool code_key(const struct code *code, uint8_t out[CODE_KEY_SIZE])
{
	struct pbkdf2_input input = {
		.password = code->letters,
		.password_size = sizeof(code->letters),
		.salt = LABEL,
		.salt_size = LABEL_SIZE,
	};

	return scrypt(&input, &cost, out, CODE_KEY_SIZE);
}
