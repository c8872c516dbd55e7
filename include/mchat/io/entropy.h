/* SPDX-License-Identifier: ISC */
/* Random bytes from the system: the only place that asks for them. */
#ifndef MCHAT_IO_ENTROPY_H
#define MCHAT_IO_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/io/diagnostics.h"

/* As many as getentropy(3) gives at once. */
#define ENTROPY_SIZE_MAX 256

/* Fills `size` bytes, at most ENTROPY_SIZE_MAX; 0, or -1 with errno. */
int entropy_fill(void *out, size_t size);

/* A number that is not 0, which names nobody; 0, or -1 with errno. */
int entropy_number(uint64_t *out);

/* How long entropy_wait waits without a word. */
#define ENTROPY_PATIENCE_MS 2000

/* Waits until the system has gathered randomness, as it may not have right
 * after its start; where that takes long, it is said what is waited for. */
void entropy_wait(enum verbosity verbosity);

/*
 * The same as entropy_fill for what is to be a secret, from getentropy(3)
 * alone: it waits until the system has gathered randomness after its start,
 * which a device need not.
 */
int entropy_fill_secret(void *out, size_t size);

#endif
