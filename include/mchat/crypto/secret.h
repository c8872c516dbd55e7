/* SPDX-License-Identifier: ISC */
/* Bytes that nobody else is to learn. */
#ifndef MCHAT_CRYPTO_SECRET_H
#define MCHAT_CRYPTO_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Overwrites with zeros, also where nothing reads the bytes afterwards. */
void secret_wipe(void *bytes, size_t size);

/* Whether two texts differ, in a time that does not depend on where. */
bool secret_differs(const void *a, const void *b, size_t size);

#endif
