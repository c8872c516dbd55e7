/* SPDX-License-Identifier: ISC */
/*
 * Packets for fuzzers, out of the bytes of their input: well-formed, since the
 * codec has a fuzzer of its own, but of any numbers, so that no member would
 * send them.
 */
#ifndef MCHAT_TESTS_FORGE_H
#define MCHAT_TESTS_FORGE_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"

struct reader;

/* A number that is small, or of two bytes, or near the largest, or anything. */
uint64_t forge_number(struct reader *input);

/* A STATE, or DATA, of this member, with any flags; its size, or 0 when it
 * would not encode. */
size_t forge_state(
	struct reader *input, uint64_t member, uint8_t out[WIRE_PACKET_MAX]);
size_t forge_data(
	struct reader *input, uint64_t member, uint8_t out[WIRE_PACKET_MAX]);

/* A STATE that has something behind its reports; a combination of no packets
 * that there are. */
size_t forge_items(
	struct reader *input, uint64_t member, uint8_t out[WIRE_PACKET_MAX]);
size_t forge_code(
	struct reader *input, uint64_t member, uint8_t out[WIRE_PACKET_MAX]);

#endif
