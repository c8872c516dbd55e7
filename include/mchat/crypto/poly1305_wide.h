/* SPDX-License-Identifier: ISC */
/* Poly1305 with limbs of 44, 44 and 42 bits: two blocks a step. */
#ifndef MCHAT_CRYPTO_POLY1305_WIDE_H
#define MCHAT_CRYPTO_POLY1305_WIDE_H

#include <stddef.h>
#include <stdint.h>

struct poly1305_wide {
	uint64_t r[3];
	uint64_t square[3]; /* of r */
	uint64_t h[3];
	uint64_t pad[2];
};

#ifdef __SIZEOF_INT128__

void poly1305_wide_init(struct poly1305_wide *poly, const uint8_t key[32]);

/* Whole blocks; `top` is bit 128 of each: 1, or 0 for the padded end. */
void poly1305_wide_blocks(struct poly1305_wide *poly, const uint8_t *data,
	size_t count, unsigned top);

void poly1305_wide_tag(const struct poly1305_wide *poly, uint8_t tag[16]);

#endif
#endif
