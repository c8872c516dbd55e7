/* SPDX-License-Identifier: ISC */
/* The content of a datagram that names sessions. */
#include "mchat/seal/names.h"

#include <string.h>

#include "hex.h"
#include "tap.h"

int main(void)
{
	static const uint64_t sessions[NAMES_MAX + 1] = {
		UINT64_C(0x5e55000000000002), 7, [NAMES_MAX - 1] = 64};
	uint8_t content[NAMES_SIZE(NAMES_MAX + 1)];
	uint8_t expected[9];
	size_t wrong = 0;

	hex_read("01 5e55000000000002", expected, sizeof(expected));
	names_write(sessions, 1, content);
	tap_is_bytes(content, NAMES_SIZE(1), expected, sizeof(expected), "one");
	tap_ok(names_are_valid(content, NAMES_SIZE(1)), "is valid");
	tap_ok(names_have(content, NAMES_SIZE(1), sessions[0]), "and names it");
	tap_ok(!names_have(content, NAMES_SIZE(1), 7), "and no other");

	names_write(sessions, NAMES_MAX, content);
	tap_ok(names_are_valid(content, NAMES_SIZE(NAMES_MAX)), "64");
	tap_ok(names_have(content, NAMES_SIZE(NAMES_MAX), 64), "the last one");
	for (size_t size = 0; size < sizeof(content); size++)
		wrong += size != NAMES_SIZE(NAMES_MAX) &&
			 names_are_valid(content, size);
	tap_is_int((intmax_t)wrong, 0, "64 names have one size");

	names_write(sessions, NAMES_MAX + 1, content);
	tap_ok(!names_are_valid(content, sizeof(content)), "not 65");
	content[0] = 0;
	tap_ok(!names_are_valid(content, 1), "not 0");
	content[0] = 2;
	tap_ok(!names_are_valid(content, NAMES_SIZE(1)), "none beyond the end");
	return tap_done();
}
