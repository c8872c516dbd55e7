/* SPDX-License-Identifier: ISC */
#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static unsigned tests_run;
static unsigned tests_failed;

__attribute__((format(printf, 2, 0))) static void line(
	bool passed, const char *what, va_list arguments)
{
	tests_run++;
	if (!passed)
		tests_failed++;
	printf("%sok %u - ", passed ? "" : "not ", tests_run);
	vprintf(what, arguments);
	putchar('\n');
	/* A crash in the next check must not swallow this line. */
	fflush(stdout);
}

bool tap_ok(bool condition, const char *what, ...)
{
	va_list arguments;

	va_start(arguments, what);
	line(condition, what, arguments);
	va_end(arguments);
	return condition;
}

bool tap_is_int(intmax_t got, intmax_t expected, const char *what)
{
	tap_ok(got == expected, "%s", what);
	if (got != expected)
		tap_note("got %jd, expected %jd", got, expected);
	return got == expected;
}

bool tap_is_string(const char *got, const char *expected, const char *what)
{
	bool same =
		got && expected ? strcmp(got, expected) == 0 : got == expected;

	tap_ok(same, "%s", what);
	if (!same)
		tap_note("got \"%s\", expected \"%s\"", got ? got : "(null)",
			expected ? expected : "(null)");
	return same;
}

static void note_bytes(
	const char *label, const unsigned char *bytes, size_t size)
{
	printf("# %s (%zu bytes):", label, size);
	for (size_t i = 0; i < size && i < 64; i++)
		printf(" %02x", bytes[i]);
	puts(size > 64 ? " ..." : "");
}

bool tap_is_bytes(const void *got, size_t got_size, const void *expected,
	size_t expected_size, const char *what)
{
	bool same = got_size == expected_size &&
		    (got_size == 0 || memcmp(got, expected, got_size) == 0);

	tap_ok(same, "%s", what);
	if (!same) {
		note_bytes("got", got, got_size);
		note_bytes("expected", expected, expected_size);
	}
	return same;
}

void tap_skip(const char *what, const char *reason)
{
	tests_run++;
	printf("ok %u - %s # SKIP %s\n", tests_run, what, reason);
	fflush(stdout);
}

void tap_note(const char *what, ...)
{
	va_list arguments;

	va_start(arguments, what);
	fputs("# ", stdout);
	vprintf(what, arguments);
	putchar('\n');
	fflush(stdout);
	va_end(arguments);
}

int tap_done(void)
{
	printf("1..%u\n", tests_run);
	return tests_failed != 0;
}
