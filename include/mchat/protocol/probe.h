/* SPDX-License-Identifier: ISC */
/*
 * A PROBE: the packet by which `mchat doctor` finds out what gets through, byte
 * by byte in mchat-protocol(7).  It is nothing to the engine.
 */
#ifndef MCHAT_PROTOCOL_PROBE_H
#define MCHAT_PROTOCOL_PROBE_H

#include <stddef.h>
#include <stdint.h>

struct probe {
	uint64_t member;    /* who sends it: a random number, never 0 */
	uint8_t way;        /* by which it travels, for its sender to know */
	uint8_t hop_limit;  /* it left with */
	uint16_t number;    /* which of those that it sends */
	uint32_t interface; /* by which it leaves, as its sender counts them */
};

/* What it takes; zeros follow what it says. */
#define PROBE_SIZE 64

/* Writes it, and returns its size; 0 when it says what none may say. */
size_t probe_encode(const struct probe *probe, uint8_t out[PROBE_SIZE]);

#endif
