/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/sha256.h"

#include <string.h>

#include "mchat/crypto/bytes.h"
#include "mchat/crypto/secret.h"

/* Section 4.2.2: fractions of the cube roots of the first 64 primes. */
static const uint32_t constants[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf,
	0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
	0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
	0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
	0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
	0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
	0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
	0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
	0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2};

static uint32_t rotate(uint32_t x, unsigned bits)
{
	return x >> bits | x << (32 - bits);
}

/* Section 6.2.2, step 1. */
static void schedule(const uint8_t *block, uint32_t w[64])
{
	for (size_t i = 0; i < 16; i++)
		w[i] = bytes_load_be32(block + 4 * i);
	for (size_t i = 16; i < 64; i++) {
		uint32_t a = w[i - 15];
		uint32_t b = w[i - 2];

		a = rotate(a, 7) ^ rotate(a, 18) ^ a >> 3;
		b = rotate(b, 17) ^ rotate(b, 19) ^ b >> 10;
		w[i] = w[i - 16] + a + w[i - 7] + b;
	}
}

static void compress(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64];
	uint32_t s[8];

	schedule(block, w);
	memcpy(s, state, sizeof(s));
	for (size_t i = 0; i < 64; i++) {
		uint32_t a = s[0];
		uint32_t e = s[4];
		uint32_t one = s[7] + constants[i] + w[i] +
			       (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
			       ((e & s[5]) ^ (~e & s[6]));
		uint32_t two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
			       ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(s[0]));
		s[4] += one;
		s[0] = one + two;
	}
	for (size_t i = 0; i < 8; i++)
		state[i] += s[i];
	secret_wipe(w, sizeof(w));
	secret_wipe(s, sizeof(s));
}

void sha256_init(struct sha256 *hash)
{
	/* Section 5.3.3. */
	*hash = (struct sha256){
		.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void sha256_update(struct sha256 *hash, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size > 0) {
		size_t used = hash->size % SHA256_BLOCK_SIZE;
		size_t part = SHA256_BLOCK_SIZE - used;

		if (part > size)
			part = size;
		memcpy(hash->block + used, at, part);
		hash->size += part;
		at += part;
		size -= part;
		if (used + part == SHA256_BLOCK_SIZE)
			compress(hash->state, hash->block);
	}
}

void sha256_final(struct sha256 *hash, uint8_t out[SHA256_SIZE])
{
	static const uint8_t padding[SHA256_BLOCK_SIZE] = {0x80};
	uint64_t bits = hash->size * 8;
	size_t used = hash->size % SHA256_BLOCK_SIZE;
	uint8_t length[8];

	/* Section 5.1.1: up to 8 bytes before the end of a block. */
	bytes_store_be32(length, (uint32_t)(bits >> 32));
	bytes_store_be32(length + 4, (uint32_t)bits);
	sha256_update(hash, padding, used < 56 ? 56 - used : 120 - used);
	sha256_update(hash, length, sizeof(length));
	for (size_t i = 0; i < 8; i++)
		bytes_store_be32(out + 4 * i, hash->state[i]);
	secret_wipe(hash, sizeof(*hash));
}
