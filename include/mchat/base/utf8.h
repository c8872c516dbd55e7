/* SPDX-License-Identifier: ISC */
/* UTF-8 as Unicode 15 defines it (chapter 3.9): decode, validate, cut. */
#ifndef MCHAT_BASE_UTF8_H
#define MCHAT_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What utf8_decode gives for bytes that are not a character. */
#define UTF8_INVALID UINT32_MAX

/*
 * Decodes the character at the start of `text`, of `size` > 0 bytes.  Returns
 * how many bytes it takes, at least 1, and the code point in *out.  For
 * ill-formed input *out is UTF8_INVALID and the length is that of the maximal
 * subpart, so that one U+FFFD stands for it as the standard recommends (3.9,
 * "U+FFFD Substitution of Maximal Subparts").
 */
size_t utf8_decode(const char *text, size_t size, uint32_t *out);

/*
 * Where the character, or maximal subpart, that ends at `at` > 0 begins; the
 * same as decoding from the start would find.
 */
size_t utf8_previous(const char *text, size_t at);

/* Whether all `size` bytes are well-formed. */
bool utf8_is_valid(const char *text, size_t size);

/*
 * The length of the longest prefix of `text` that is at most `limit` bytes and
 * splits no character.  Ill-formed text is cut at `limit`, so the result is 0
 * only when `size` or `limit` is 0 or a character is longer than `limit`.
 */
size_t utf8_prefix(const char *text, size_t size, size_t limit);

/* Whether a byte is a space, a tab or a newline, which are words' ends and part
 * of no other character. */
bool utf8_is_blank(char byte);

/* Whether a text is ASCII letters and digits, '_' and '-', and at least one of
 * them: as most nicks are, in which then nothing is to be looked for. */
bool utf8_is_plain_word(const char *text, size_t size);

#endif
