/* SPDX-License-Identifier: ISC */
/*
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, section 2; RFC 8439, section
 * 2.8) without additional data, in two steps: the first 16 bytes of the nonce
 * make a subkey, which many texts may share; with it and the nonce's last 8
 * bytes a text is sealed or opened.  A nonce seals one text only.
 *
 * The time that it takes depends on sizes and on whether the tag is right, and
 * on nothing else.
 */
#ifndef MCHAT_CRYPTO_AEAD_H
#define MCHAT_CRYPTO_AEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AEAD_KEY_SIZE        32
#define AEAD_TAG_SIZE        16
#define AEAD_NONCE_HEAD_SIZE 16
#define AEAD_NONCE_TAIL_SIZE 8

/* Secret: wipe it. */
void aead_subkey(const uint8_t key[AEAD_KEY_SIZE],
	const uint8_t head[AEAD_NONCE_HEAD_SIZE], uint8_t out[AEAD_KEY_SIZE]);

/* Encrypts `size` bytes in place, and writes the tag behind them: the caller
 * has room for it. */
void aead_seal(const uint8_t subkey[AEAD_KEY_SIZE],
	const uint8_t tail[AEAD_NONCE_TAIL_SIZE], uint8_t *text, size_t size);

/*
 * `sealed` has `size` bytes, and the tag behind them.  Writes `size` bytes of
 * text to `out`, which is `sealed` or does not overlap it.  False, and nothing
 * is written, when the tag is not right.
 */
bool aead_open(const uint8_t subkey[AEAD_KEY_SIZE],
	const uint8_t tail[AEAD_NONCE_TAIL_SIZE], const uint8_t *sealed,
	size_t size, uint8_t *out);

#endif
