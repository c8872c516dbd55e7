/* SPDX-License-Identifier: ISC */
/*
 * Under memcheck: seals and opens with a key and a content that it takes for
 * undefined, so that it reports each branch and each index that depends on
 * them.  Whether a tag is right may be known, thus that is declared defined.
 * With the argument "memcmp" tags are compared by that, which must be reported.
 *
 * To be linked with --wrap=secret_differs.  Exit status 2: not under valgrind;
 * 1: what was opened is not what was sealed.
 */
#include <stdbool.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "mchat/crypto/aead.h"
#include "mchat/crypto/chacha.h"
#include "mchat/crypto/poly1305.h"

#define SIZE_LAST 1431

/* As --wrap names them. */
bool real_secret_differs(const void *a, const void *b, size_t size) __asm__(
	"__real_secret_differs");
bool wrap_secret_differs(const void *a, const void *b, size_t size) __asm__(
	"__wrap_secret_differs");

static bool by_memcmp;

bool wrap_secret_differs(const void *a, const void *b, size_t size)
{
	bool differs = by_memcmp ? memcmp(a, b, size) != 0
				 : real_secret_differs(a, b, size);

	VALGRIND_MAKE_MEM_DEFINED(&differs, sizeof(differs));
	return differs;
}

/* Whether the text comes back, and is refused when the tag is another. */
static bool seal_and_open(size_t size)
{
	uint8_t key[AEAD_KEY_SIZE];
	uint8_t nonce[AEAD_NONCE_HEAD_SIZE + AEAD_NONCE_TAIL_SIZE] = {1};
	const uint8_t *tail = nonce + AEAD_NONCE_HEAD_SIZE;
	uint8_t subkey[AEAD_KEY_SIZE];
	uint8_t text[SIZE_LAST + AEAD_TAG_SIZE];
	uint8_t out[SIZE_LAST];
	bool is_opened;
	bool is_refused;

	memset(key, 7, sizeof(key));
	memset(text, 42, sizeof(text));
	VALGRIND_MAKE_MEM_UNDEFINED(key, sizeof(key));
	VALGRIND_MAKE_MEM_UNDEFINED(text, size);
	aead_subkey(key, nonce, subkey);
	aead_seal(subkey, tail, text, size);
	is_opened = aead_open(subkey, tail, text, size, out);
	text[size] ^= 1;
	is_refused = !aead_open(subkey, tail, text, size, text);
	VALGRIND_MAKE_MEM_DEFINED(out, size);
	for (size_t i = 0; i < size; i++)
		is_opened &= out[i] == 42;
	return is_opened && is_refused;
}

static bool all_sizes(unsigned lanes, bool is_narrow)
{
	bool is_right = true;

	chacha_lanes_max = lanes;
	poly1305_is_narrow = is_narrow;
	for (size_t size = 0; size <= SIZE_LAST; size++)
		is_right &= seal_and_open(size);
	return is_right;
}

int main(int argc, char *argv[])
{
	bool has_wide = !poly1305_is_narrow;
	bool is_right = true;

	if (!RUNNING_ON_VALGRIND)
		return 2;
	by_memcmp = argc > 1 && strcmp(argv[1], "memcmp") == 0;
	for (unsigned lanes = 1; lanes <= 8;
		lanes = lanes == 1 ? 4 : 2 * lanes) {
		is_right &= all_sizes(lanes, true);
		if (has_wide)
			is_right &= all_sizes(lanes, false);
	}
	return is_right ? 0 : 1;
}
