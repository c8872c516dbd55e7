/* SPDX-License-Identifier: ISC */
/* Packets for tests: from hexadecimal, and through the codec and back. */
#ifndef MCHAT_TESTS_PACKETS_H
#define MCHAT_TESTS_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"

/* Reads pairs of digits, passing over blanks; returns how many bytes. */
size_t packet_from_hex(const char *hex, uint8_t out[WIRE_PACKET_MAX]);

/*
 * Decodes the bytes and, when they are valid, all that is in them, and encodes
 * that again.  *out_same is whether the result has the same bytes, except for
 * reserved bits and bytes behind the reports of a STATE, which are not kept; it
 * is true for bytes that do not decode.
 */
enum wire_result packet_round_trip(
	const uint8_t *packet, size_t size, bool *out_same);

#endif
