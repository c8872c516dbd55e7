/* SPDX-License-Identifier: ISC */
/*
 * What a private group's key, and its room, give: the key that seals, the tag,
 * the address and the fingerprint (HKDF, RFC 5869).  A group is another one for
 * each room; the fingerprint is that of the key.
 */
#ifndef MCHAT_SEAL_KEY_SCHEDULE_H
#define MCHAT_SEAL_KEY_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"

struct shared_key;

struct key_schedule {
	uint8_t seal_key[32]; /* secret: wipe it */
	uint16_t tag;         /* tells the groups on one address apart */
	uint8_t place[4];     /* the address comes from it */
	/* Tells people of mistakes, not attackers: of another key with the same
	 * one a graphics card is sure within seconds. */
	uint32_t fingerprint;
};

/* `room` has `size` bytes, at most ROOM_NAME_MAX; none: 0. */
void key_schedule_make(const struct shared_key *key, const char *room,
	size_t size, struct key_schedule *out);

/*
 * Sets the host part of a group: 239.255.x.y, with x below 255 (239.255.255/24
 * is scope-relative, RFC 2365, section 9), or ff12::x:y with the bit set that
 * RFC 3307, section 4.3, has for such addresses.  The port is left alone.
 */
void key_schedule_address(const struct key_schedule *schedule,
	enum address_family family, struct address *out);

/* "hhhh-hhhh" with its terminator. */
#define KEY_SCHEDULE_FINGERPRINT_SIZE 10

void key_schedule_fingerprint(const struct key_schedule *schedule,
	char out[KEY_SCHEDULE_FINGERPRINT_SIZE]);

#endif
