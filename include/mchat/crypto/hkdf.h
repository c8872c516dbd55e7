/* SPDX-License-Identifier: ISC */
/* HKDF-SHA256 (RFC 5869): many keys from one. */
#ifndef MCHAT_CRYPTO_HKDF_H
#define MCHAT_CRYPTO_HKDF_H

#include "mchat/crypto/hmac.h"

/* Bytes that hkdf_expand gives at most (section 2.3). */
#define HKDF_SIZE_MAX ((size_t)255 * HMAC_SIZE)

/* Section 2.2; `key` is the input keying material. */
void hkdf_extract(const void *salt, size_t salt_size, const void *key,
	size_t key_size, uint8_t out[HMAC_SIZE]);

/* Section 2.3: fills `size` bytes, at most HKDF_SIZE_MAX, of this purpose. */
void hkdf_expand(const uint8_t key[HMAC_SIZE], const void *info,
	size_t info_size, uint8_t *out, size_t size);

#endif
