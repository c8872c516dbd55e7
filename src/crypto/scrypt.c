/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/scrypt.h"

#include <stdint.h>
#include <stdlib.h>

#include "mchat/crypto/scrypt_mix.h"
#include "mchat/crypto/secret.h"

bool scrypt(const struct pbkdf2_input *input, const struct scrypt_cost *cost,
	uint8_t *out, size_t size)
{
	size_t part = scrypt_mix_size(cost->r);
	/* With 32 bits the products may not fit. */
	bool is_fit =
		cost->n < SIZE_MAX / part - 2 && cost->p <= SIZE_MAX / part;
	size_t memory_size = is_fit ? part * ((size_t)cost->n + 2) : 0;
	uint32_t *memory = is_fit ? malloc(memory_size) : NULL;
	uint8_t *blocks = is_fit ? malloc(part * cost->p) : NULL;
	struct pbkdf2_input mixed = *input;
	bool is_done = memory && blocks;

	if (is_done) {
		pbkdf2(input, 1, blocks, part * cost->p);
		for (uint32_t i = 0; i < cost->p; i++)
			scrypt_mix(blocks + i * part, cost->r, cost->n, memory);
		mixed.salt = blocks;
		mixed.salt_size = part * cost->p;
		pbkdf2(&mixed, 1, out, size);
		secret_wipe(memory, memory_size);
		secret_wipe(blocks, part * cost->p);
	}
	free(memory);
	free(blocks);
	return is_done;
}
