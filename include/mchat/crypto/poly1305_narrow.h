/* SPDX-License-Identifier: ISC */
/* Poly1305 with five limbs of 26 bits, for processors of 32 bits. */
#ifndef MCHAT_CRYPTO_POLY1305_NARROW_H
#define MCHAT_CRYPTO_POLY1305_NARROW_H

#include <stddef.h>
#include <stdint.h>

struct poly1305_narrow {
	uint32_t r[5];
	uint32_t h[5];
	uint32_t pad[4];
};

void poly1305_narrow_init(struct poly1305_narrow *poly, const uint8_t key[32]);

/* Whole blocks; `top` is bit 128 of each: 1, or 0 for the padded end. */
void poly1305_narrow_blocks(struct poly1305_narrow *poly, const uint8_t *data,
	size_t count, unsigned top);

void poly1305_narrow_tag(const struct poly1305_narrow *poly, uint8_t tag[16]);

#endif
