/* SPDX-License-Identifier: ISC */
/* scryptROMix (RFC 7914, section 5), which makes scrypt cost what it costs. */
#ifndef MCHAT_CRYPTO_SCRYPT_MIX_H
#define MCHAT_CRYPTO_SCRYPT_MIX_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that scrypt_mix mixes with a block size of r. */
static inline size_t scrypt_mix_size(uint32_t r)
{
	return (size_t)128 * r;
}

/*
 * Mixes scrypt_mix_size(r) bytes in place.  `n` is a power of two; `memory`
 * holds n + 2 times as many bytes, aligned for words.
 */
void scrypt_mix(uint8_t *block, uint32_t r, uint32_t n, uint32_t *memory);

#endif
