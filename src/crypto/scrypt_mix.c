/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/scrypt_mix.h"

#include <string.h>

#include "mchat/crypto/bytes.h"
#include "mchat/crypto/salsa20.h"

static void xor_words(uint32_t *to, const uint32_t *from, size_t words)
{
	for (size_t i = 0; i < words; i++)
		to[i] ^= from[i];
}

/* scryptBlockMix (section 4): 2r blocks from `in` to `out`, the even ones
 * before the odd ones. */
static void mix_blocks(const uint32_t *in, uint32_t *out, uint32_t r)
{
	size_t blocks = (size_t)2 * r;
	uint32_t x[SALSA20_WORDS];

	memcpy(x, in + (blocks - 1) * SALSA20_WORDS, sizeof(x));
	for (size_t i = 0; i < blocks; i++) {
		xor_words(x, in + i * SALSA20_WORDS, SALSA20_WORDS);
		salsa20_8(x);
		memcpy(out + (i / 2 + i % 2 * r) * SALSA20_WORDS, x, sizeof(x));
	}
}

void scrypt_mix(uint8_t *block, uint32_t r, uint32_t n, uint32_t *memory)
{
	size_t words = (size_t)2 * r * SALSA20_WORDS;
	uint32_t *x = memory + (size_t)n * words;
	uint32_t *y = x + words;

	for (size_t i = 0; i < words; i++)
		x[i] = bytes_load_le32(block + 4 * i);
	for (uint32_t i = 0; i < n; i++) {
		memcpy(memory + i * words, x, words * sizeof(*x));
		mix_blocks(memory + i * words, x, r);
	}
	for (uint32_t i = 0; i < n; i++) {
		/* Integerify: of the last block the first number, of which n,
		 * less than 2^32, takes the lower bits. */
		size_t j = x[words - SALSA20_WORDS] & (n - 1);

		xor_words(x, memory + j * words, words);
		mix_blocks(x, y, r);
		memcpy(x, y, words * sizeof(*x));
	}
	for (size_t i = 0; i < words; i++)
		bytes_store_le32(block + 4 * i, x[i]);
}
