/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/aead.h"

#include <string.h>

#include "mchat/crypto/bytes.h"
#include "mchat/crypto/chacha.h"
#include "mchat/crypto/poly1305.h"
#include "mchat/crypto/secret.h"

void aead_subkey(const uint8_t key[AEAD_KEY_SIZE],
	const uint8_t head[AEAD_NONCE_HEAD_SIZE], uint8_t out[AEAD_KEY_SIZE])
{
	chacha_subkey(key, head, out);
}

/* The tag of `size` bytes: of these, zeros up to whole blocks, and their
 * number. */
static void authenticate(const uint8_t key[POLY1305_KEY_SIZE],
	const uint8_t *sealed, size_t size, uint8_t tag[AEAD_TAG_SIZE])
{
	size_t whole = size - size % POLY1305_BLOCK_SIZE;
	uint8_t block[POLY1305_BLOCK_SIZE] = {0};
	struct poly1305 poly;

	poly1305_init(&poly, key);
	poly1305_update(&poly, sealed, whole);
	if (whole < size) {
		memcpy(block, sealed + whole, size - whole);
		poly1305_update(&poly, block, sizeof(block));
	}
	bytes_store_le64(block, 0); /* of additional data */
	bytes_store_le64(block + 8, size);
	poly1305_update(&poly, block, sizeof(block));
	poly1305_final(&poly, NULL, 0, tag);
	secret_wipe(&poly, sizeof(poly));
}

void aead_seal(const uint8_t subkey[AEAD_KEY_SIZE],
	const uint8_t tail[AEAD_NONCE_TAIL_SIZE], uint8_t *text, size_t size)
{
	uint8_t key[POLY1305_KEY_SIZE];
	struct chacha_stream stream;

	chacha_stream_init(&stream, subkey, tail);
	memcpy(key, stream.bytes, sizeof(key));
	chacha_stream_xor(&stream, text, text, size);
	authenticate(key, text, size, text + size);
	secret_wipe(key, sizeof(key));
	secret_wipe(&stream, sizeof(stream));
}

bool aead_open(const uint8_t subkey[AEAD_KEY_SIZE],
	const uint8_t tail[AEAD_NONCE_TAIL_SIZE], const uint8_t *sealed,
	size_t size, uint8_t *out)
{
	struct chacha_stream stream;
	uint8_t tag[AEAD_TAG_SIZE];
	bool is_right;

	chacha_stream_init(&stream, subkey, tail);
	authenticate(stream.bytes, sealed, size, tag);
	is_right = !secret_differs(tag, sealed + size, sizeof(tag));
	if (is_right)
		chacha_stream_xor(&stream, sealed, out, size);
	secret_wipe(tag, sizeof(tag));
	secret_wipe(&stream, sizeof(stream));
	return is_right;
}
