/* SPDX-License-Identifier: ISC */
#include "mchat/seal/datagram.h"

#include "mchat/seal/padding.h"

_Static_assert(AEAD_NONCE_HEAD_SIZE + AEAD_NONCE_TAIL_SIZE == SEAL_HEADER_SIZE,
	"the header is the nonce");
_Static_assert(AEAD_TAG_SIZE == SEAL_TAG_SIZE, "one tag");

void datagram_subkey(const uint8_t key[AEAD_KEY_SIZE],
	const uint8_t header[SEAL_HEADER_SIZE], uint8_t out[AEAD_KEY_SIZE])
{
	aead_subkey(key, header, out);
}

size_t datagram_seal(const uint8_t subkey[AEAD_KEY_SIZE], uint8_t *datagram,
	size_t size, size_t room)
{
	const size_t around = SEAL_HEADER_SIZE + SEAL_TAG_SIZE;
	uint8_t *content = datagram + SEAL_HEADER_SIZE;
	size_t largest =
		room > SEAL_DATAGRAM_MIN ? room - around : PADDING_BLOCK;
	size_t padded;

	if (largest > DATAGRAM_CONTENT_MAX)
		largest = DATAGRAM_CONTENT_MAX;
	padded = padding_size(size, largest);
	padding_add(content, size, padded);
	aead_seal(subkey, datagram + AEAD_NONCE_HEAD_SIZE, content, padded);
	return around + padded;
}

enum datagram_result datagram_open(const uint8_t subkey[AEAD_KEY_SIZE],
	const uint8_t *datagram, size_t size,
	uint8_t content[DATAGRAM_CONTENT_MAX], size_t *out)
{
	size_t padded = size - SEAL_HEADER_SIZE - SEAL_TAG_SIZE;

	if (!aead_open(subkey, datagram + AEAD_NONCE_HEAD_SIZE,
		    datagram + SEAL_HEADER_SIZE, padded, content))
		return DATAGRAM_FORGED;
	return padding_strip(content, padded, out) ? DATAGRAM_OK
						   : DATAGRAM_MALFORMED;
}
