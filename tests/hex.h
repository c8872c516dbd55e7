/* SPDX-License-Identifier: ISC */
/* Bytes as test vectors have them. */
#ifndef MCHAT_TESTS_HEX_H
#define MCHAT_TESTS_HEX_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of pairs of digits; blanks do not count.  How many; the program
 * ends when there are more than `room`, or anything else. */
size_t hex_read(const char *text, uint8_t *out, size_t room);

#endif
