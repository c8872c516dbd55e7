/* SPDX-License-Identifier: ISC */
/*
 * ChaCha20 (RFC 8439, section 2.3) and HChaCha20 (draft-irtf-cfrg-xchacha-03,
 * section 2.2).  One body computes 1, 4 or 8 blocks at a time; how many does
 * not change what comes out.
 */
#ifndef MCHAT_CRYPTO_CHACHA_H
#define MCHAT_CRYPTO_CHACHA_H

#include <stddef.h>
#include <stdint.h>

#define CHACHA_KEY_SIZE   32
#define CHACHA_BLOCK_SIZE 64
#define CHACHA_LANES      8 /* at most */

/* Blocks at a time at most: CHACHA_LANES; tests and benchmarks set fewer, and
 * so does -DCRYPTO_LANES=1 or 4 when mchat is built. */
extern unsigned chacha_lanes_max;

/* HChaCha20: a key from a key and the first 16 bytes of a long nonce. */
void chacha_subkey(const uint8_t key[CHACHA_KEY_SIZE], const uint8_t head[16],
	uint8_t out[CHACHA_KEY_SIZE]);

struct chacha_stream {
	uint32_t state[16]; /* of the next block */
	uint8_t bytes[CHACHA_LANES * CHACHA_BLOCK_SIZE];
	size_t used;
	size_t filled;
};

/*
 * Begins the stream whose nonce is four zeros and `tail`, at block 0.  The
 * first block is taken by it; it stands at the beginning of `bytes` until the
 * first chacha_stream_xor.  The stream is a secret: wipe it.
 */
void chacha_stream_init(struct chacha_stream *stream,
	const uint8_t key[CHACHA_KEY_SIZE], const uint8_t tail[8]);

/* The next `size` bytes of `in`, XORed with the stream, to `out`, which may be
 * `in`. */
void chacha_stream_xor(struct chacha_stream *stream, const uint8_t *in,
	uint8_t *out, size_t size);

#endif
