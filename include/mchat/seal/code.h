/* SPDX-License-Identifier: ISC */
/*
 * Codes: 56 random bits as four words to be said aloud, "babid-famug-hidij-
 * kirum", which stand for a key.  The words are proquints (arXiv 0901.4016); an
 * eighth byte checks the other seven.
 *
 * One salt serves all codes, so who tests guesses tests them for all groups at
 * once; what keeps them safe is that they are random, so passphrases of one's
 * own are refused.  The check byte tells nothing by itself; but who has
 * overheard all but one word is left with 256 guesses, and all but two with
 * 2^24.
 */
#ifndef MCHAT_SEAL_CODE_H
#define MCHAT_SEAL_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODE_RANDOM_SIZE 7
#define CODE_LETTERS     20
#define CODE_KEY_SIZE    32

/* With three hyphens and the terminator. */
#define CODE_TEXT_SIZE (CODE_LETTERS + 4)

struct code {
	char letters[CODE_LETTERS];
};

enum code_result {
	CODE_OK = 0,
	CODE_MALFORMED = -1,    /* not four such words */
	CODE_WRONG_LETTER = -2, /* four, but not as one code */
};

void code_make(const uint8_t random[CODE_RANDOM_SIZE], struct code *out);

/* With hyphens, as people are shown it. */
void code_format(const struct code *code, char out[CODE_TEXT_SIZE]);

/*
 * Reads a code.  Neither case nor any byte that is not a letter of ASCII
 * counts, as some programs make a dash of a hyphen.  On failure *out is
 * untouched.
 */
enum code_result code_parse(const char *text, size_t size, struct code *out);

/* What is wrong, as a phrase; `result` must not be CODE_OK. */
const char *code_error(enum code_result result);

/* The key that it stands for (scrypt): takes half a second and 64 MiB.  False
 * when there is no memory. */
bool code_key(const struct code *code, uint8_t out[CODE_KEY_SIZE]);

#endif
