/* SPDX-License-Identifier: ISC */
/*
 * The 24 bytes before what is sealed, big-endian.  As they are they are the
 * nonce of XChaCha20-Poly1305, so that each of their bits is authenticated:
 *
 *       0      1      2      3      4      5      6      7
 *     +------+------+------+------+------+------+------+------+
 *   0 | F9   | 2  T | tag         | time                      |
 *     +------+------+------+------+------+------+------+------+
 *   8 | session                                               |
 *     +------+------+------+------+------+------+------+------+
 *  16 | guard              | number                             |
 *     +------+------+------+------+------+------+------+------+
 */
#ifndef MCHAT_SEAL_HEADER_H
#define MCHAT_SEAL_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEAL_HEADER_SIZE 24
#define SEAL_TAG_SIZE    16 /* of Poly1305, at the end */
#define SEAL_VERSION     2  /* the version nibble */
/* Header, 32 bytes of content, tag; and what frames of 9,000 bytes carry
 * in IPv4. */
#define SEAL_DATAGRAM_MIN 72
#define SEAL_DATAGRAM_MAX 8972
/* The last number of a session: it has 40 bits. */
#define SEAL_NUMBER_MAX ((UINT64_C(1) << 40) - 1)

/* What a sealed datagram holds (T). */
enum seal_kind {
	SEAL_PACKET = 1,      /* a packet: of the engine, of the doctor */
	SEAL_NAMES = 2,       /* sessions that are asked to name ours */
	SEAL_NAMES_REPLY = 3, /* sessions that asked us */
	SEAL_CHALLENGE = 4,   /* bytes for the address of a peer ... */
	SEAL_RESPONSE = 5,    /* ... and the same bytes, given back */
};

struct seal_header {
	enum seal_kind kind;
	uint16_t tag;     /* of the group */
	uint32_t time;    /* the sealer's, in seconds since 1970, modulo 2^32 */
	uint64_t session; /* of the sealer; not 0 */
	uint32_t guard;   /* 24 random bits */
	uint64_t number;  /* of the datagram in this session, from 1 on */
};

enum seal_header_result {
	SEAL_HEADER_OK,
	SEAL_HEADER_PLAIN, /* no sealed datagram at all */
	SEAL_HEADER_LATER, /* of a kind that we do not know, or of no size that
			    * a sealed datagram has */
};

void seal_header_write(
	const struct seal_header *header, uint8_t out[SEAL_HEADER_SIZE]);

/* Reads the header of a datagram of `size` bytes; `*out` is written only with
 * SEAL_HEADER_OK.  Session and number may be 0. */
enum seal_header_result seal_header_read(
	const void *datagram, size_t size, struct seal_header *out);

#endif
