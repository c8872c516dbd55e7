/* SPDX-License-Identifier: ISC */
#include "mchat/seal/padding.h"

#include <string.h>

#define MARK 1

size_t padding_size(size_t size, size_t largest)
{
	size_t padded = size / PADDING_BLOCK * PADDING_BLOCK + PADDING_BLOCK;

	if (padded > largest)
		padded = largest;
	return padded > size ? padded : size + 1;
}

void padding_add(uint8_t *content, size_t size, size_t padded)
{
	content[size] = MARK;
	memset(content + size + 1, 0, padded - size - 1);
}

bool padding_strip(const uint8_t *content, size_t padded, size_t *out)
{
	while (padded > 0 && content[padded - 1] == 0)
		padded--;
	if (padded == 0 || content[padded - 1] != MARK)
		return false;
	*out = padded - 1;
	return true;
}
