/* SPDX-License-Identifier: ISC */
/*
 * Padding of what is sealed, so that its exact length does not show: a byte 1
 * behind it, then zeros up to a multiple of 32 bytes (ISO/IEC 7816-4).
 */
#ifndef MCHAT_SEAL_PADDING_H
#define MCHAT_SEAL_PADDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PADDING_BLOCK 32

/* The size of `size` bytes with their padding: a multiple of PADDING_BLOCK, but
 * at most `largest`, unless they need one byte more than that. */
size_t padding_size(size_t size, size_t largest);

/* Pads the `size` bytes at `content` to `padded` bytes, at least one more. */
void padding_add(uint8_t *content, size_t size, size_t padded);

/* False, with `*out` untouched, when there is no padding.  It takes time that
 * depends on the content, and is for what is authentic. */
bool padding_strip(const uint8_t *content, size_t padded, size_t *out);

#endif
