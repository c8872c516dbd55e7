/* SPDX-License-Identifier: ISC */
/*
 * Capital and small letters of the Latin, Greek and Cyrillic alphabets, without
 * a locale: those pairs whose letters are equally long in UTF-8 (Unicode's
 * simple case mappings).
 */
#ifndef MCHAT_TERMINAL_LETTER_CASE_H
#define MCHAT_TERMINAL_LETTER_CASE_H

#include <stdbool.h>
#include <stddef.h>

/* Makes the character at `text`, of `size` bytes, a capital or a small letter,
 * in place.  What is neither stays as it is. */
void letter_case_set(char *text, size_t size, bool is_capital);

#endif
