/* SPDX-License-Identifier: ISC */
/*
 * The key that a private group shares, and the text of a file that has it:
 *
 *   # a remark
 *   mchat-key-1 HEX                    64 digits
 *
 * or, in place of the latter, "mchat-code-1 CODE" (code.h).
 */
#ifndef MCHAT_SEAL_SHARED_KEY_H
#define MCHAT_SEAL_SHARED_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHARED_KEY_SIZE 32

/* Bytes that a key file has at most. */
#define SHARED_KEY_FILE_MAX 4096

/* The line of a key: its head, 64 digits, a newline and the terminator. */
#define SHARED_KEY_LINE_SIZE (sizeof("mchat-key-1 \n") + 64)

/* In a file, this says of its key that a code stands for it. */
#define SHARED_KEY_FROM_CODE "# from a code: 56 bits"

struct shared_key {
	uint8_t bytes[SHARED_KEY_SIZE];
	bool is_from_code; /* 56 of its bits are random, else all 256 */
};

enum shared_key_result {
	SHARED_KEY_OK = 0,
	SHARED_KEY_NONE = -1,         /* the text has no key */
	SHARED_KEY_TWO = -2,          /* more than one */
	SHARED_KEY_VERSION = -3,      /* of another version */
	SHARED_KEY_MALFORMED = -4,    /* a line that is neither */
	SHARED_KEY_DIGITS = -5,       /* not 64 digits */
	SHARED_KEY_NO_CODE = -6,      /* not four words */
	SHARED_KEY_WRONG_LETTER = -7, /* of the code */
	SHARED_KEY_NO_MEMORY = -8,    /* for the key of a code */
};

/* Reads the text of a key file; *out is untouched on failure. */
enum shared_key_result shared_key_parse(
	const char *text, size_t size, struct shared_key *out);

/* What is wrong, as a phrase; `result` must not be SHARED_KEY_OK. */
const char *shared_key_error(enum shared_key_result result);

/* The key that a code stands for; false when there is no memory. */
struct code;
bool shared_key_from_code(const struct code *code, struct shared_key *out);

/* How many of its bits are random. */
unsigned shared_key_bits(const struct shared_key *key);

/* The line of a file, with its newline. */
void shared_key_format(
	const struct shared_key *key, char out[SHARED_KEY_LINE_SIZE]);

#endif
