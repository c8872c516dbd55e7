/* SPDX-License-Identifier: ISC */
/*
 * Poly1305 (RFC 8439, section 2.5), with limbs of 44 bits where the compiler
 * has products of 128, else of 26.  A key authenticates one message only.
 */
#ifndef MCHAT_CRYPTO_POLY1305_H
#define MCHAT_CRYPTO_POLY1305_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/crypto/poly1305_narrow.h"
#include "mchat/crypto/poly1305_wide.h"

#define POLY1305_KEY_SIZE   32
#define POLY1305_TAG_SIZE   16
#define POLY1305_BLOCK_SIZE 16

/* Limbs of 26 bits everywhere; for tests. */
extern bool poly1305_is_narrow;

/* Secret: wipe it. */
struct poly1305 {
	bool is_narrow;
	union {
		struct poly1305_wide wide;
		struct poly1305_narrow narrow;
	} as;
};

void poly1305_init(struct poly1305 *poly, const uint8_t key[POLY1305_KEY_SIZE]);

/* `size` is a multiple of POLY1305_BLOCK_SIZE. */
void poly1305_update(struct poly1305 *poly, const uint8_t *data, size_t size);

/* The end of the message, of fewer bytes than a block, and the tag. */
void poly1305_final(struct poly1305 *poly, const uint8_t *rest, size_t size,
	uint8_t tag[POLY1305_TAG_SIZE]);

#endif
