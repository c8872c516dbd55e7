/* SPDX-License-Identifier: ISC */
/*
 * A Test Anything Protocol harness: each check prints one line, the plan comes
 * last.  A test program is a main that calls checks and returns tap_done().
 */
#ifndef MCHAT_TESTS_TAP_H
#define MCHAT_TESTS_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Counts one check named by `what` (printf format); returns `condition`, so
 * that a test can stop where going on makes no sense.
 */
bool tap_ok(bool condition, const char *what, ...)
	__attribute__((format(printf, 2, 3)));

/* Compares integers; a failure prints both. */
bool tap_is_int(intmax_t got, intmax_t expected, const char *what);

/* Compares strings; NULL equals only NULL; a failure prints both. */
bool tap_is_string(const char *got, const char *expected, const char *what);

/* Compares `size` bytes; a failure prints both as hexadecimal. */
bool tap_is_bytes(const void *got, size_t got_size, const void *expected,
	size_t expected_size, const char *what);

/* Counts a check that this machine cannot make, with the reason. */
void tap_skip(const char *what, const char *reason);

/* Prints a diagnostic line (printf format). */
void tap_note(const char *what, ...) __attribute__((format(printf, 1, 2)));

/* Prints the plan; returns the exit status for main: 0 when nothing failed. */
int tap_done(void);

#endif
