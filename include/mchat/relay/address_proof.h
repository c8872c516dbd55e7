/* SPDX-License-Identifier: ISC */
/*
 * Eight bytes that only who receives at an address can give back, without a
 * table: a MAC of the address and the time (as QUIC's tokens, RFC 9000, 8.1.4,
 * and SYN cookies).  So a flood of forged addresses takes the place of nobody.
 */
#ifndef MCHAT_RELAY_ADDRESS_PROOF_H
#define MCHAT_RELAY_ADDRESS_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/base/rate_limit.h"
#include "mchat/base/time.h"

#define ADDRESS_PROOF_KEY_SIZE 32

/* Bytes given back are good for this long at least, and at most for twice as
 * long: several times the longest round trip. */
#define ADDRESS_PROOF_MS 3000

/* Challenges a second, in all: what whoever forges addresses can make us send
 * to them, 24 KB; and enough for one that comes among many forged ones, which
 * tries again with each packet. */
#define ADDRESS_PROOF_PER_SECOND 1000

struct address_proof {
	uint8_t key[ADDRESS_PROOF_KEY_SIZE]; /* random */
	struct rate_limit limit;
};

/* What to challenge this address with, never 0; or 0: enough was sent. */
uint64_t address_proof_challenge(struct address_proof *proof,
	const struct address *address, struct instant now);

/* Whether these bytes were given to this address not long ago. */
bool address_proof_check(const struct address_proof *proof,
	const struct address *address, uint64_t bytes, struct instant now);

#endif
