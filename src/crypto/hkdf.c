/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/hkdf.h"

#include <string.h>

#include "mchat/crypto/secret.h"

void hkdf_extract(const void *salt, size_t salt_size, const void *key,
	size_t key_size, uint8_t out[HMAC_SIZE])
{
	struct hmac hmac;

	hmac_init(&hmac, salt, salt_size);
	hmac_update(&hmac, key, key_size);
	hmac_final(&hmac, out);
}

void hkdf_expand(const uint8_t key[HMAC_SIZE], const void *info,
	size_t info_size, uint8_t *out, size_t size)
{
	uint8_t block[HMAC_SIZE];

	for (uint8_t count = 1; size > 0; count++) {
		size_t part = size < sizeof(block) ? size : sizeof(block);
		struct hmac hmac;

		hmac_init(&hmac, key, HMAC_SIZE);
		if (count > 1)
			hmac_update(&hmac, block, sizeof(block));
		hmac_update(&hmac, info, info_size);
		hmac_update(&hmac, &count, 1);
		hmac_final(&hmac, block);
		memcpy(out, block, part);
		out += part;
		size -= part;
	}
	secret_wipe(block, sizeof(block));
}
