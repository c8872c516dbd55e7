/* SPDX-License-Identifier: ISC */
#include "mchat/crypto/secret.h"

#include <stdint.h>
#include <string.h>

void secret_wipe(void *bytes, size_t size)
{
	memset(bytes, 0, size);
	/* The compiler must take the zeros for read: not every C library has
	 * explicit_bzero. */
	__asm__ volatile("" : : "r"(bytes) : "memory");
}

bool secret_differs(const void *a, const void *b, size_t size)
{
	const uint8_t *left = a;
	const uint8_t *right = b;
	uint8_t difference = 0;

	for (size_t i = 0; i < size; i++)
		difference |= left[i] ^ right[i];
	return difference != 0;
}
