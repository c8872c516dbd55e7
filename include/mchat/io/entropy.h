/* SPDX-License-Identifier: ISC */
/* Random bytes from the system: the only place that asks for them. */
#ifndef MCHAT_IO_ENTROPY_H
#define MCHAT_IO_ENTROPY_H

#include <stddef.h>

/* As many as getentropy(3) gives at once. */
#define ENTROPY_SIZE_MAX 256

/* Fills `size` bytes, at most ENTROPY_SIZE_MAX; 0, or -1 with errno. */
int entropy_fill(void *out, size_t size);

/*
 * The same for what is to be a secret, from getentropy(3) alone: it waits until
 * the system has gathered randomness after its start, which a device need not.
 */
int entropy_fill_secret(void *out, size_t size);

#endif
