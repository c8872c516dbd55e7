/* SPDX-License-Identifier: ISC */
/* Members of a private group without sockets or engines: what one seals is a
 * datagram in memory, which the others are given, or not, or later. */
#ifndef MCHAT_TESTS_PARTY_H
#define MCHAT_TESTS_PARTY_H

#include "mchat/seal/seal.h"

/* The group's, unless a test has it otherwise. */
#define PARTY_TAG 0xd53e

/* True time, in milliseconds since some day in 2026; the monotonic clock of all
 * is 0 then. */
#define PARTY_DAY_MS INT64_C(1790000000000)

struct party {
	struct seal *seal;
	struct seal_history history;
	int64_t ahead_ms; /* of its wall clock; may be changed */
	uint8_t seed[SEAL_SEED_SIZE];
};

struct datagram {
	size_t size;
	uint8_t bytes[SEAL_DATAGRAM_MAX];
};

/* The key of all parties. */
extern const uint8_t party_key[SEAL_KEY_SIZE];

/* Joins, at this time, with a seed of this number; ends when there is no
 * memory. */
void party_join(
	struct party *party, uint8_t number, int64_t ahead_ms, int64_t now_ms);

/* Its process goes on without the seal. */
void party_leave(struct party *party);

struct instant party_now(int64_t now_ms);
struct wall_time party_wall(const struct party *party, int64_t now_ms);

/* A turn, and in it a packet of `size` bytes 'x'. */
void party_say(
	struct party *party, size_t size, int64_t now_ms, struct datagram *out);

/* As it, of any kind and content. */
void party_seal(struct party *party, enum seal_kind kind, const void *content,
	size_t size, int64_t now_ms, struct datagram *out);

/* Receives, with nothing waiting behind it. */
enum seal_result party_hear(
	struct party *party, const struct datagram *datagram, int64_t now_ms);

/* Its receive queue is empty. */
void party_idle(struct party *party, int64_t now_ms);

/* What it names now; false: nothing is due. */
bool party_names(struct party *party, int64_t now_ms, struct datagram *out);

/* When it names something next, in milliseconds; -1: never. */
int64_t party_deadline(const struct party *party);

#endif
