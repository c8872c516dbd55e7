/* SPDX-License-Identifier: ISC */
/*
 * Sealing and opening the datagrams of a private group, with the system's clock
 * and its random bytes; see seal/seal.h for what is checked.
 */
#ifndef MCHAT_IO_SEALER_H
#define MCHAT_IO_SEALER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/seal/seal.h"

struct key_schedule;

struct sealer {
	struct seal *seal; /* owned; NULL: the group is not private */
	size_t room;       /* the largest datagram that is to leave, in bytes */
	size_t room_largest; /* of a packet that is too large for that */
	bool needs_turn;     /* nothing was sealed since sealer_turn */
	int error; /* errno: there were no random bytes, and so nothing
		    * is sealed any more; 0: there were */
};

/*
 * Joins a private group; `seed` is random and becomes its secret, NULL: one is
 * drawn.  `history` is the same for all of the process, and borrowed.  0, or -1
 * with errno.  It waits until the system has random bytes.
 */
int sealer_open(struct sealer *sealer, const struct key_schedule *schedule,
	const uint8_t *seed, struct seal_history *history, struct instant now);
void sealer_close(struct sealer *sealer);

/* After SEAL_COPIED: a seed that the copy of this machine does not have.  0, or
 * -1 with errno. */
int sealer_reseed(
	struct sealer *sealer, struct instant now, uint8_t out[SEAL_SEED_SIZE]);

/* A turn begins: what is sealed from now on has fresh random bits. */
void sealer_turn(struct sealer *sealer);

/* Seals the packet at `datagram` + SEAL_HEADER_SIZE; gives the whole's size, or
 * 0: it must not be sent. */
size_t sealer_seal(struct sealer *sealer, enum seal_kind kind,
	uint8_t datagram[SEAL_DATAGRAM_MAX], size_t size, struct instant now);

/* Makes what leaves of a packet of at most SEAL_PACKET_MAX bytes: the same, or
 * sealed in a turn of its own where the group is private.  Its size, or 0: it
 * must not be sent. */
size_t sealer_datagram(struct sealer *sealer, const void *packet, size_t size,
	uint8_t out[SEAL_DATAGRAM_MAX], struct instant now);

/* A datagram of the seal's own that is due; 0: none. */
size_t sealer_next(struct sealer *sealer, uint8_t datagram[SEAL_DATAGRAM_MAX],
	struct instant now);

/* When sealer_next is to be called. */
struct instant sealer_deadline(const struct sealer *sealer);

/* Opens a datagram, of any group. */
enum seal_result sealer_take(struct sealer *sealer, const void *datagram,
	size_t size, struct instant now, struct seal_opened *out);

/* No datagram is waiting to be received. */
void sealer_caught_up(struct sealer *sealer, struct instant now);

#endif
