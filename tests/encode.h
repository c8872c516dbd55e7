/* SPDX-License-Identifier: ISC */
/* UTF-8 made, which mchat itself only reads. */
#ifndef MCHAT_TESTS_ENCODE_H
#define MCHAT_TESTS_ENCODE_H

#include <stddef.h>
#include <stdint.h>

/* Encodes a code point into out[4]; returns its length, 1 to 4. */
size_t encode_utf8(uint32_t code_point, char out[4]);

#endif
