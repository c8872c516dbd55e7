/* SPDX-License-Identifier: ISC */
#include "encode.h"

size_t encode_utf8(uint32_t code_point, char out[4])
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t length = code_point < 0x80      ? 1
			: code_point < 0x800   ? 2
			: code_point < 0x10000 ? 3
					       : 4;
	size_t i;

	for (i = length - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code_point & 0x3f));
		code_point >>= 6;
	}
	out[0] = (char)(lead[length] | code_point);
	return length;
}
