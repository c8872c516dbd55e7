/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/secret.h"

#include <string.h>

void secret_wipe(void *bytes, size_t size)
{
	memset(bytes, 0, size);
	/* The compiler must take the zeros for read: not every C library has
	 * explicit_bzero. */
	__asm__ volatile("" : : "r"(bytes) : "memory");
}
