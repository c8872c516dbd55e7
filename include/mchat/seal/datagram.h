/* SPDX-License-Identifier: ISC */
/*
 * One sealed datagram: the header, the padded content as XChaCha20 leaves it,
 * and 16 bytes of Poly1305.  The header is the nonce; there is no additional
 * data.
 */
#ifndef MCHAT_SEAL_DATAGRAM_H
#define MCHAT_SEAL_DATAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/crypto/aead.h"
#include "mchat/seal/header.h"

/* Content that fits, with its padding. */
#define DATAGRAM_CONTENT_MAX                                                   \
	(SEAL_DATAGRAM_MAX - SEAL_HEADER_SIZE - SEAL_TAG_SIZE)

/* The subkey of all datagrams whose headers have these first 16 bytes: of one
 * kind, group and session, of one second. */
void datagram_subkey(const uint8_t key[AEAD_KEY_SIZE],
	const uint8_t header[SEAL_HEADER_SIZE], uint8_t out[AEAD_KEY_SIZE]);

/*
 * Pads, encrypts and authenticates the `size` bytes, less than
 * DATAGRAM_CONTENT_MAX, that stand behind the header.  Gives the size of the
 * whole: SEAL_DATAGRAM_MIN or more, and at most `room`, unless the content
 * alone is larger.  `datagram` has SEAL_DATAGRAM_MAX bytes.
 */
size_t datagram_seal(const uint8_t subkey[AEAD_KEY_SIZE], uint8_t *datagram,
	size_t size, size_t room);

enum datagram_result {
	DATAGRAM_OK,
	DATAGRAM_FORGED,    /* `content` is untouched */
	DATAGRAM_MALFORMED, /* authentic, but without padding */
};

/* Opens a datagram of SEAL_DATAGRAM_MIN to SEAL_DATAGRAM_MAX bytes; `out` is
 * the size of the content without padding, and written with DATAGRAM_OK. */
enum datagram_result datagram_open(const uint8_t subkey[AEAD_KEY_SIZE],
	const uint8_t *datagram, size_t size,
	uint8_t content[DATAGRAM_CONTENT_MAX], size_t *out);

#endif
