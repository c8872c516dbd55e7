/* SPDX-License-Identifier: ISC */
/*
 * Private groups: the layer between the socket and the engine.  Each datagram
 * that leaves is sealed with the group's key (XChaCha20-Poly1305,
 * draft-irtf-cfrg-xchacha-03) under a random number of our own, the session; of
 * those that come in only what a member sealed, and what comes for the first
 * time, is opened.  Pure: time and randomness come in.
 *
 * Replays within a session are stopped by a window of numbers (RFC 6479).  A
 * session that is new to us must have our time, to 10 s, or prove that it is
 * alive: it names our session, which is random and younger than any recording.
 * For that seal_next makes small datagrams, and only where clocks disagree.
 *
 * One turn of the caller: seal_open for each datagram that came, seal_caught_up
 * when no more are waiting, seal_turn, seal_next until it gives 0, seal_close
 * for each packet that leaves.  `now` never runs back.
 */
#ifndef MCHAT_SEAL_SEAL_H
#define MCHAT_SEAL_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/seal/header.h"
#include "mchat/seal/history.h"

#define SEAL_KEY_SIZE  32
#define SEAL_SEED_SIZE 32
/* What sealing adds at least: header, a byte of padding, tag.  The engine's
 * packets have the largest datagram's size less this. */
#define SEAL_OVERHEAD   41
#define SEAL_PACKET_MAX (SEAL_DATAGRAM_MAX - SEAL_OVERHEAD)
/* Bytes of a challenge, and of a response. */
#define SEAL_CHALLENGE_SIZE 8
/* Sessions that are known at one time, of 0.6 KiB each. */
#define SEAL_SESSIONS_MAX 4096

/* What a datagram turned out to be.  Only SEAL_OPENED lets it in, and only that
 * may be passed on to peers. */
enum seal_result {
	SEAL_OPENED,    /* accepted, for the first time, whatever its kind */
	SEAL_PLAIN,     /* not sealed at all */
	SEAL_IGNORED,   /* of a later version, or of no size that a sealed one
			 * has */
	SEAL_OTHER_KEY, /* of another key or room */
	SEAL_ECHO,      /* under a session of ours, now or before */
	SEAL_REPLAYED,  /* came before, or too late to tell */
	SEAL_FORGED,   /* or damaged; nothing in the header is to be believed */
	SEAL_UNPROVEN, /* authentic, but not in time: its session is asked to
			* name ours */
	SEAL_FULL,     /* authentic and fresh, but too many sessions are known,
			* or there is no memory */
	SEAL_COPIED,   /* authentic, under our session, with a number that we
			* never used: this machine was copied or set back */
	SEAL_RESULT_COUNT,
};

/*
 * What seal_open says besides its result.  Zeros for SEAL_PLAIN, SEAL_IGNORED
 * and SEAL_OTHER_KEY.
 */
struct seal_opened {
	enum seal_kind kind;
	uint64_t session; /* of the sealer */
	uint64_t number;
	int64_t ahead_s; /* its clock less ours, in seconds */
	bool is_first;   /* SEAL_OPENED: its session was admitted just now */
	/* The content without padding, never empty: with SEAL_OPENED, and of a
	 * challenge or response with SEAL_UNPROVEN; else NULL.  Stands in the
	 * seal's memory until the next seal_open. */
	const uint8_t *packet;
	size_t size;
};

struct seal_counts {
	uint64_t results[SEAL_RESULT_COUNT]; /* datagrams, by result */
	uint64_t sealed;                     /* by us, of all kinds */
	size_t sessions;                     /* that are known now */
};

struct seal;

/*
 * Joins a group: a new session of ours.  `key` and `tag` are those of the key
 * schedule; `seed` is random, another one for each seal.  `history` is
 * borrowed: it is the same one for all seals of the process, one after the
 * other or at a time.  NULL when there is no memory.
 */
struct seal *seal_new(const uint8_t key[SEAL_KEY_SIZE], uint16_t tag,
	const uint8_t seed[SEAL_SEED_SIZE], struct seal_history *history,
	struct wall_time wall, struct instant now);

/* Wipes what is secret; NULL is harmless.  The session goes to the history. */
void seal_free(struct seal *seal);

/*
 * Opens a datagram.  Checks what is cheapest first; what is not authentic costs
 * no memory and changes nothing but the counts.
 *
 * SEAL_OPENED: SEAL_PACKET is for the engine; names are dealt with.  A
 * SEAL_CHALLENGE is replied to when it is SEAL_OPENED or SEAL_UNPROVEN.  A
 * SEAL_RESPONSE, SEAL_OPENED or SEAL_UNPROVEN, that gives back the bytes that
 * its address was challenged with: call seal_prove.
 */
enum seal_result seal_open(struct seal *seal, const void *datagram, size_t size,
	struct wall_time wall, struct instant now, struct seal_opened *out);

/*
 * The SEAL_RESPONSE that seal_open gave last brings back bytes that we gave to
 * the address it came from: its session is alive, and admitted whatever its
 * clock says.  The bytes must not be good again after seal_session has changed,
 * nor be known to anybody else before they were sent.  False, and it stays
 * unknown, when too many sessions are known; or when no response was opened.
 */
bool seal_prove(struct seal *seal, struct instant now);

/* No datagram is waiting in the receive queue at this moment: what comes from
 * now on was not delayed by us. */
void seal_caught_up(
	struct seal *seal, struct wall_time wall, struct instant now);

/* Before the seal_close and seal_next of a turn.  `guard` is random; 24 bits of
 * it are used. */
void seal_turn(struct seal *seal, uint32_t guard, struct wall_time wall,
	struct instant now);

/*
 * Seals the packet of `size` bytes, 1 to SEAL_PACKET_MAX, that stands at
 * `datagram` + SEAL_HEADER_SIZE; `datagram` has SEAL_DATAGRAM_MAX bytes.
 * Padding goes up to `room`, the largest datagram that is to leave, but a
 * packet that is larger is sealed, too.  Gives the datagram's size.  0, and it
 * must not be sent: the size is not one of these, or after SEAL_COPIED.
 */
size_t seal_close(struct seal *seal, enum seal_kind kind, uint8_t *datagram,
	size_t size, size_t room);

/* A datagram that names sessions, sealed and whole, of at most `room` bytes; 0
 * when none is due. */
size_t seal_next(struct seal *seal, uint8_t datagram[SEAL_DATAGRAM_MAX],
	size_t room, struct instant now);

/* When seal_next is to be called; INSTANT_NEVER while all clocks agree. */
struct instant seal_deadline(const struct seal *seal);

/* Our present session. */
uint64_t seal_session(const struct seal *seal);

/* Whether our clock can be right; where it is not, each session is asked. */
bool seal_clock_is_set(const struct seal *seal);

/*
 * After SEAL_COPIED: a seed for the seal that replaces this one, and of which a
 * new engine id is to be drawn, too.  Each copy saw a datagram of the other
 * one, so their seeds differ even where the system gave both the same
 * `entropy`.
 */
void seal_reseed(const struct seal *seal, const uint8_t entropy[SEAL_SEED_SIZE],
	struct instant now, uint8_t out[SEAL_SEED_SIZE]);

void seal_count(const struct seal *seal, struct seal_counts *out);

#endif
