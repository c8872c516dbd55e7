/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: texts of key files, and codes.  What is read is written and
 * read again as the same; what is not read changes nothing.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/seal/code.h"
#include "mchat/seal/shared_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool condition)
{
	if (!condition)
		abort();
}

static void try_file(const char *text, size_t size)
{
	static const struct shared_key untouched = {{1, 2, 3}, true};
	struct shared_key key = untouched;
	struct shared_key again;
	char line[SHARED_KEY_LINE_SIZE];
	enum shared_key_result result = shared_key_parse(text, size, &key);

	if (result != SHARED_KEY_OK) {
		check(memcmp(&key, &untouched, sizeof(key)) == 0);
		check(*shared_key_error(result) != '\0');
		return;
	}
	shared_key_format(&key, line);
	check(shared_key_parse(line, strlen(line), &again) == SHARED_KEY_OK);
	check(memcmp(key.bytes, again.bytes, sizeof(key.bytes)) == 0);
}

static void try_code(const char *text, size_t size)
{
	static const struct code untouched = {"not read"};
	struct code code = untouched;
	struct code again;
	char shown[CODE_TEXT_SIZE];
	enum code_result result = code_parse(text, size, &code);

	if (result != CODE_OK) {
		check(memcmp(&code, &untouched, sizeof(code)) == 0);
		return;
	}
	code_format(&code, shown);
	check(code_parse(shown, strlen(shown), &again) == CODE_OK);
	check(memcmp(&code, &again, sizeof(code)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	/* Of the exact size, so that a read behind it is noticed. */
	char *text = malloc(size > 0 ? size : 1);

	if (!text)
		abort();
	if (size > 0)
		memcpy(text, bytes, size);
	try_file(text, size);
	try_code(text, size);
	free(text);
	return 0;
}
