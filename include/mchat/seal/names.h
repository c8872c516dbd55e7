/* SPDX-License-Identifier: ISC */
/* The content of a datagram that names sessions: how many there are, 1 to 64,
 * in one byte, then 8 bytes for each. */
#ifndef MCHAT_SEAL_NAMES_H
#define MCHAT_SEAL_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAMES_MAX         64
#define NAMES_SIZE(count) (1 + (count) * sizeof(uint64_t))

/* Writes NAMES_SIZE(count) bytes, for 1 to NAMES_MAX sessions. */
void names_write(const uint64_t *sessions, size_t count, uint8_t *out);

/* Whether this is such content, and nothing else. */
bool names_are_valid(const uint8_t *content, size_t size);

/* Whether valid content names the session. */
bool names_have(const uint8_t *content, size_t size, uint64_t session);

#endif
