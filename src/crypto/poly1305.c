/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/poly1305.h"

#include <string.h>

#ifdef __SIZEOF_INT128__
bool poly1305_is_narrow = false;
#else
bool poly1305_is_narrow = true;
#endif

void poly1305_init(struct poly1305 *poly, const uint8_t key[POLY1305_KEY_SIZE])
{
	poly->is_narrow = poly1305_is_narrow;
#ifdef __SIZEOF_INT128__
	if (!poly->is_narrow) {
		poly1305_wide_init(&poly->as.wide, key);
		return;
	}
#endif
	poly1305_narrow_init(&poly->as.narrow, key);
}

static void take(
	struct poly1305 *poly, const uint8_t *data, size_t count, unsigned top)
{
#ifdef __SIZEOF_INT128__
	if (!poly->is_narrow) {
		poly1305_wide_blocks(&poly->as.wide, data, count, top);
		return;
	}
#endif
	poly1305_narrow_blocks(&poly->as.narrow, data, count, top);
}

void poly1305_update(struct poly1305 *poly, const uint8_t *data, size_t size)
{
	take(poly, data, size / POLY1305_BLOCK_SIZE, 1);
}

void poly1305_final(struct poly1305 *poly, const uint8_t *rest, size_t size,
	uint8_t tag[POLY1305_TAG_SIZE])
{
	uint8_t block[POLY1305_BLOCK_SIZE] = {0};

	if (size > 0) {
		memcpy(block, rest, size);
		/* Fewer than a block, says the header. */
		/* cppcheck-suppress arrayIndexOutOfBoundsCond */
		block[size] = 1;
		take(poly, block, 1, 0);
	}
#ifdef __SIZEOF_INT128__
	if (!poly->is_narrow) {
		poly1305_wide_tag(&poly->as.wide, tag);
		return;
	}
#endif
	poly1305_narrow_tag(&poly->as.narrow, tag);
}
