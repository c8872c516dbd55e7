/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/pbkdf2.h"

#include <string.h>

#include "mchat/crypto/bytes.h"
#include "mchat/crypto/hmac.h"
#include "mchat/crypto/secret.h"

/* F of section 5.2; `hmac` has the password. */
static void make_block(const struct hmac *keyed, struct hmac *hmac,
	unsigned iterations, uint8_t out[HMAC_SIZE])
{
	uint8_t u[HMAC_SIZE];

	hmac_final(hmac, u);
	memcpy(out, u, sizeof(u));
	for (unsigned i = 1; i < iterations; i++) {
		*hmac = *keyed;
		hmac_update(hmac, u, sizeof(u));
		hmac_final(hmac, u);
		for (size_t j = 0; j < sizeof(u); j++)
			out[j] ^= u[j];
	}
	secret_wipe(u, sizeof(u));
}

void pbkdf2(const struct pbkdf2_input *input, unsigned iterations, uint8_t *out,
	size_t size)
{
	struct hmac keyed;
	struct hmac hmac;
	uint8_t block[HMAC_SIZE];
	uint8_t number[4];

	hmac_init(&keyed, input->password, input->password_size);
	for (uint32_t count = 1; size > 0; count++) {
		size_t part = size < sizeof(block) ? size : sizeof(block);

		hmac = keyed;
		hmac_update(&hmac, input->salt, input->salt_size);
		bytes_store_be32(number, count);
		hmac_update(&hmac, number, sizeof(number));
		make_block(&keyed, &hmac, iterations, block);
		memcpy(out, block, part);
		out += part;
		size -= part;
	}
	secret_wipe(&keyed, sizeof(keyed));
	secret_wipe(block, sizeof(block));
}
