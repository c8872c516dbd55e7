/* SPDX-License-Identifier: ISC */
/* scrypt (RFC 7914): a key from few random bits, which costs time and memory.
 */
#ifndef MCHAT_CRYPTO_SCRYPT_H
#define MCHAT_CRYPTO_SCRYPT_H

#include <stdbool.h>

#include "mchat/crypto/pbkdf2.h"

/* What it costs: 128 * n * r bytes of memory, p times as much work. */
struct scrypt_cost {
	uint32_t n; /* a power of two, at least 2 */
	uint32_t r; /* 1 or more */
	uint32_t p; /* 1 or more; r * p is at most 2^20 */
};

/*
 * Fills `size` bytes.  False, with nothing written, when there is no memory;
 * all that was used is wiped.  Which memory is read depends on the password: a
 * program that shares the processor may learn of it.
 */
bool scrypt(const struct pbkdf2_input *input, const struct scrypt_cost *cost,
	uint8_t *out, size_t size);

#endif
