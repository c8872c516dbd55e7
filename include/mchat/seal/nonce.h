/* SPDX-License-Identifier: ISC */
/*
 * The only maker of headers, which are nonces: no two that it makes are equal.
 * Within a session the number grows; between sessions 64 random bits, the
 * second and the number would have to coincide.  Never copy it: the copy would
 * make the same ones again.  Against copies of the whole machine there is only
 * the guard, random bits drawn for each turn.
 */
#ifndef MCHAT_SEAL_NONCE_H
#define MCHAT_SEAL_NONCE_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/seal/header.h"

#define NONCE_SEED_SIZE 32

/* A wall clock that is this far behind what was sealed last begins a session:
 * in one session the time never runs back. */
#define NONCE_STEP_BACK_S 10

struct nonce {
	uint8_t seed[NONCE_SEED_SIZE];
	uint64_t drawn;   /* random numbers so far */
	uint64_t session; /* the present one */
	uint64_t number;  /* of the last header in it */
	int64_t time;     /* seconds since 1970, of its headers */
	uint32_t guard;
	uint16_t tag;
};

/* `tag` is the group's. */
void nonce_init(struct nonce *nonce, const uint8_t seed[NONCE_SEED_SIZE],
	uint16_t tag, struct wall_time wall);

/* A number that the seed gives once. */
uint64_t nonce_random(struct nonce *nonce);

/* Begins a session. */
void nonce_renew(struct nonce *nonce);

/* The time and the random bits of the headers that follow; begins a session
 * when the wall clock was set back. */
void nonce_turn(struct nonce *nonce, uint32_t guard, struct wall_time wall);

/* Makes the next header; begins a session when the numbers are used up. */
void nonce_next(struct nonce *nonce, enum seal_kind kind,
	uint8_t out[SEAL_HEADER_SIZE]);

#endif
