/* SPDX-License-Identifier: ISC */
/*
 * A room is a group by name: the name gives an address, and a tag that keeps
 * rooms apart whose names give the same one.
 */
#ifndef MCHAT_PROTOCOL_ROOM_H
#define MCHAT_PROTOCOL_ROOM_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"

/* The port of every group, rooms included, unless another one is given:
 * m-c-h-a-t on a phone's keys. */
#define ROOM_PORT 62428

/* Bytes that a room's name has at most. */
#define ROOM_NAME_MAX 64

/* What is wrong with a room's name, as a phrase; NULL: nothing. */
const char *room_check(const char *name, size_t size);

/* The tag that every packet of the room carries; never 0, which is of none. */
uint32_t room_tag(const char *name, size_t size);

/*
 * Makes *out the room's group of a family: within 239.255.0.0/16, the local
 * scope of RFC 2365, section 6.1, or within ff12::/96.  The port is left alone.
 */
void room_address(const char *name, size_t size, enum address_family family,
	struct address *out);

#endif
