/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/scrypt.h"

#include <stdlib.h>

#include "mchat/crypto/scrypt_mix.h"
#include "mchat/crypto/secret.h"

bool scrypt(const struct pbkdf2_input *input, const struct scrypt_cost *cost,
	uint8_t *out, size_t size)
{
	size_t part = scrypt_mix_size(cost->r);
	size_t memory_size = part * ((size_t)cost->n + 2);
	uint32_t *memory = malloc(memory_size);
	uint8_t *blocks = malloc(part * cost->p);
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
