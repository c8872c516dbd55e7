/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/hmac.h"

#include <string.h>

#include "mchat/crypto/secret.h"

static void start(struct sha256 *hash, const uint8_t *block, uint8_t pad)
{
	uint8_t padded[SHA256_BLOCK_SIZE];

	for (size_t i = 0; i < sizeof(padded); i++)
		padded[i] = block[i] ^ pad;
	sha256_init(hash);
	sha256_update(hash, padded, sizeof(padded));
	secret_wipe(padded, sizeof(padded));
}

void hmac_init(struct hmac *hmac, const void *key, size_t size)
{
	uint8_t block[SHA256_BLOCK_SIZE] = {0};

	if (size > sizeof(block)) {
		sha256_init(&hmac->inner);
		sha256_update(&hmac->inner, key, size);
		sha256_final(&hmac->inner, block);
	} else if (size > 0) {
		memcpy(block, key, size);
	}
	start(&hmac->inner, block, 0x36);
	start(&hmac->outer, block, 0x5c);
	secret_wipe(block, sizeof(block));
}

void hmac_update(struct hmac *hmac, const void *bytes, size_t size)
{
	sha256_update(&hmac->inner, bytes, size);
}

void hmac_final(struct hmac *hmac, uint8_t out[HMAC_SIZE])
{
	sha256_final(&hmac->inner, out);
	sha256_update(&hmac->outer, out, SHA256_SIZE);
	sha256_final(&hmac->outer, out);
}
