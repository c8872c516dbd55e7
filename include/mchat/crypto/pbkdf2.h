/* SPDX-License-Identifier: ISC */
/* PBKDF2-HMAC-SHA256 (RFC 8018, section 5.2), as scrypt uses it: with one
 * iteration. */
#ifndef MCHAT_CRYPTO_PBKDF2_H
#define MCHAT_CRYPTO_PBKDF2_H

#include <stddef.h>
#include <stdint.h>

struct pbkdf2_input {
	const void *password;
	size_t password_size;
	const void *salt;
	size_t salt_size;
};

/* Fills `size` bytes, at most 2^32 - 1 times 32; `iterations` is at least 1. */
void pbkdf2(const struct pbkdf2_input *input, unsigned iterations, uint8_t *out,
	size_t size);

#endif
