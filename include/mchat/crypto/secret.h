/* SPDX-License-Identifier: ISC */
/* Bytes that nobody else is to learn. */
#ifndef MCHAT_CRYPTO_SECRET_H
#define MCHAT_CRYPTO_SECRET_H

#include <stddef.h>

/* Overwrites with zeros, also where nothing reads the bytes afterwards. */
void secret_wipe(void *bytes, size_t size);

#endif
