/* SPDX-License-Identifier: ISC */
/* SHA-256 (FIPS 180-4, section 6.2). */
#ifndef MCHAT_CRYPTO_SHA256_H
#define MCHAT_CRYPTO_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE       32 /* bytes of a digest */
#define SHA256_BLOCK_SIZE 64

/* A hash of what came so far; may be copied to go on in two ways. */
struct sha256 {
	uint32_t state[8];
	uint64_t size; /* bytes so far */
	uint8_t block[SHA256_BLOCK_SIZE];
};

void sha256_init(struct sha256 *hash);
void sha256_update(struct sha256 *hash, const void *bytes, size_t size);

/* Gives the digest, and wipes the hash. */
void sha256_final(struct sha256 *hash, uint8_t out[SHA256_SIZE]);

#endif
