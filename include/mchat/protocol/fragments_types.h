/* SPDX-License-Identifier: ISC */
/* The table of fragments: written by fragments. */
#ifndef MCHAT_PROTOCOL_FRAGMENTS_TYPES_H
#define MCHAT_PROTOCOL_FRAGMENTS_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"

/*
 * Packets of which some parts are there, and their bytes in all.  The parts of
 * one leave one after the other, so that few packets are incomplete at a time;
 * what gives way is asked for again.
 */
#define FRAGMENTS_MAX       64
#define FRAGMENTS_BYTES_MAX ((size_t)96 * 1024)

struct fragments_entry {
	uint64_t origin;
	uint64_t sequence;
	uint64_t since; /* so many entries were made before it */
	uint16_t size;  /* of the packet */
	uint32_t parts; /* that are there, as bits */
	uint8_t *bytes; /* owned; NULL: nothing is here */
};

struct fragments {
	struct fragments_entry *entries; /* owned; NULL until the first */
	size_t bytes;                    /* of all packets */
	uint64_t made;
};

#endif
