/* SPDX-License-Identifier: ISC */
/* The Salsa20/8 core (RFC 7914, section 3). */
#ifndef MCHAT_CRYPTO_SALSA20_H
#define MCHAT_CRYPTO_SALSA20_H

#include <stdint.h>

#define SALSA20_WORDS 16 /* of a block */

void salsa20_8(uint32_t block[SALSA20_WORDS]);

#endif
