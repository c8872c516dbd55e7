/* SPDX-License-Identifier: ISC */
/* A stream whose output is held back in a buffer until it is let out. */
#ifndef MCHAT_IO_HELD_STREAM_H
#define MCHAT_IO_HELD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Has the stream fill `bytes` before it writes any; not every C library makes
 * room itself.  They are borrowed until it has another buffer or none. */
void held_stream_begin(FILE *stream, char *bytes, size_t size);

/* Whether something is held back. */
bool held_stream_has_some(FILE *stream, const char *bytes);

/* Lets it out. */
void held_stream_flush(FILE *stream, char *bytes);

#endif
