/* SPDX-License-Identifier: ISC */
/* HMAC-SHA256 (RFC 2104). */
#ifndef MCHAT_CRYPTO_HMAC_H
#define MCHAT_CRYPTO_HMAC_H

#include "mchat/crypto/sha256.h"

#define HMAC_SIZE SHA256_SIZE

/* May be copied to go on in two ways. */
struct hmac {
	struct sha256 inner;
	struct sha256 outer;
};

void hmac_init(struct hmac *hmac, const void *key, size_t size);
void hmac_update(struct hmac *hmac, const void *bytes, size_t size);

/* Gives the code, and wipes the state. */
void hmac_final(struct hmac *hmac, uint8_t out[HMAC_SIZE]);

#endif
