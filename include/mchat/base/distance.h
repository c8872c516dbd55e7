/* SPDX-License-Identifier: ISC */
/* How far apart two words are: for "did you mean". */
#ifndef MCHAT_BASE_DISTANCE_H
#define MCHAT_BASE_DISTANCE_H

#include <stddef.h>

/* Only this many bytes of a word are compared; no name is longer. */
#define DISTANCE_WORD_MAX 64

/*
 * How many letters must be inserted, dropped or replaced, or neighbours
 * exchanged, to turn one word into the other (optimal string alignment).  Upper
 * and lower case count as equal.
 */
size_t distance_between(const char *a, const char *b);

#endif
