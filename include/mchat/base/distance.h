/* SPDX-License-Identifier: ISC */
/* How far apart two words are: for "did you mean". */
#ifndef MCHAT_BASE_DISTANCE_H
#define MCHAT_BASE_DISTANCE_H

#include <stddef.h>

/* Only so many bytes of a word are looked at; longer ones are no names. */
#define DISTANCE_WORD_MAX 64

/*
 * How many letters must be inserted, dropped or replaced, or neighbours
 * exchanged, to make one word of the other; the case of letters is none
 * (optimal string alignment).
 */
size_t distance_between(const char *a, const char *b);

#endif
