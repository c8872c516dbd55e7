/* SPDX-License-Identifier: ISC */
#include "mchat/seal/shared_key.h"

#include <string.h>

#include "mchat/crypto/secret.h"
#include "mchat/seal/code.h"

#define KEY_WORD  "mchat-key-1"
#define CODE_WORD "mchat-code-1"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A part of a text. */
struct span {
	const char *at;
	size_t size;
};

static struct span trim(struct span span)
{
	while (span.size > 0 && is_blank(span.at[0])) {
		span.at++;
		span.size--;
	}
	while (span.size > 0 && is_blank(span.at[span.size - 1]))
		span.size--;
	return span;
}

/* Takes the next line off a text, without blanks around it. */
static struct span take_line(struct span *text)
{
	const char *end = memchr(text->at, '\n', text->size);
	size_t size = end ? (size_t)(end - text->at) : text->size;
	struct span line = {text->at, size};

	text->at += size + (end != NULL);
	text->size -= size + (end != NULL);
	return trim(line);
}

/* Takes the first word off a line. */
static struct span take_word(struct span *line)
{
	struct span word = {line->at, 0};

	while (word.size < line->size && !is_blank(word.at[word.size]))
		word.size++;
	line->at += word.size;
	line->size -= word.size;
	*line = trim(*line);
	return word;
}

static bool is(struct span span, const char *text)
{
	return span.size == strlen(text) &&
	       memcmp(span.at, text, span.size) == 0;
}

static bool begins(struct span span, const char *text)
{
	return span.size >= strlen(text) &&
	       memcmp(span.at, text, strlen(text)) == 0;
}

/* Of a hexadecimal digit; -1 for anything else. */
static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static enum shared_key_result read_digits(
	struct span digits, struct shared_key *out)
{
	if (digits.size != 2 * sizeof(out->bytes))
		return SHARED_KEY_DIGITS;
	for (size_t i = 0; i < sizeof(out->bytes); i++) {
		int high = digit_value(digits.at[2 * i]);
		int low = digit_value(digits.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return SHARED_KEY_DIGITS;
		out->bytes[i] = (uint8_t)(high << 4 | low);
	}
	return SHARED_KEY_OK;
}

static enum shared_key_result read_code(
	struct span text, struct shared_key *out)
{
	struct code code;
	enum code_result result = code_parse(text.at, text.size, &code);
	bool is_done;

	if (result == CODE_WRONG_LETTER)
		return SHARED_KEY_WRONG_LETTER;
	if (result != CODE_OK)
		return SHARED_KEY_NO_CODE;
	is_done = shared_key_from_code(&code, out);
	secret_wipe(&code, sizeof(code));
	return is_done ? SHARED_KEY_OK : SHARED_KEY_NO_MEMORY;
}

/* Reads the line that has the key. */
static enum shared_key_result read_key(struct span line, struct shared_key *out)
{
	struct span word = take_word(&line);

	if (is(word, KEY_WORD))
		return read_digits(line, out);
	if (is(word, CODE_WORD))
		return read_code(line, out);
	if (begins(word, "mchat-key-") || begins(word, "mchat-code-"))
		return SHARED_KEY_VERSION;
	return SHARED_KEY_MALFORMED;
}

/* The line that has the key: the only one that is neither blank nor a remark.
 */
static enum shared_key_result find_key(
	struct span text, struct span *out, bool *is_from_code)
{
	*out = (struct span){0};
	*is_from_code = false;
	while (text.size > 0) {
		struct span line = take_line(&text);

		if (is(line, SHARED_KEY_FROM_CODE))
			*is_from_code = true;
		if (line.size == 0 || line.at[0] == '#')
			continue;
		if (out->size > 0)
			return SHARED_KEY_TWO;
		*out = line;
	}
	return out->size > 0 ? SHARED_KEY_OK : SHARED_KEY_NONE;
}

enum shared_key_result shared_key_parse(
	const char *text, size_t size, struct shared_key *out)
{
	struct shared_key key = {0};
	struct span line;
	bool is_from_code;
	enum shared_key_result result =
		find_key((struct span){text, size}, &line, &is_from_code);

	if (result == SHARED_KEY_OK)
		result = read_key(line, &key);
	if (is_from_code)
		key.is_from_code = true;
	if (result == SHARED_KEY_OK)
		*out = key;
	secret_wipe(&key, sizeof(key));
	return result;
}

const char *shared_key_error(enum shared_key_result result)
{
	switch (result) {
	case SHARED_KEY_NONE:
		return "has no key; mchat key new makes one";
	case SHARED_KEY_TWO:
		return "has more than one key";
	case SHARED_KEY_VERSION:
		return "a key of a later version of mchat";
	case SHARED_KEY_DIGITS:
		return "not 64 hexadecimal digits after " KEY_WORD;
	case SHARED_KEY_NO_CODE:
		return code_error(CODE_MALFORMED);
	case SHARED_KEY_WRONG_LETTER:
		return code_error(CODE_WRONG_LETTER);
	case SHARED_KEY_NO_MEMORY:
		return "no memory for the key of a code, which takes 64 MiB";
	case SHARED_KEY_OK:
	case SHARED_KEY_MALFORMED:
		break;
	}
	return "not a key file of mchat; mchat key new makes one";
}

bool shared_key_from_code(const struct code *code, struct shared_key *out)
{
	out->is_from_code = true;
	return code_key(code, out->bytes);
}

unsigned shared_key_bits(const struct shared_key *key)
{
	return 8 * (key->is_from_code ? CODE_RANDOM_SIZE : SHARED_KEY_SIZE);
}

void shared_key_format(
	const struct shared_key *key, char out[SHARED_KEY_LINE_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	char *at = out;

	memcpy(at, KEY_WORD " ", sizeof(KEY_WORD));
	at += sizeof(KEY_WORD);
	for (size_t i = 0; i < sizeof(key->bytes); i++) {
		*at++ = digits[key->bytes[i] >> 4];
		*at++ = digits[key->bytes[i] & 15];
	}
	*at++ = '\n';
	*at = '\0';
}
