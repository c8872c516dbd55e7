/* SPDX-License-Identifier: ISC */
/* The padding of what is sealed. */
#include "mchat/seal/padding.h"

#include <string.h>

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_sizes(void)
{
	static const struct {
		size_t size;
		size_t largest;
		size_t expected;
		const char *what;
	} cases[] = {
		{0, 1432, 32, "nothing: a block"},
		{31, 1432, 32, "31 bytes fit into a block"},
		{32, 1432, 64, "32 bytes do not"},
		{48, 1432, 64, "a typed line"},
		{1407, 1432, 1408, "the last whole block"},
		{1408, 1432, 1432, "then what the datagram holds"},
		{1431, 1432, 1432, "the largest packet"},
		{1431, 1212, 1432, "a packet of a member with a larger MTU"},
		{508, 508, 509, "an MTU of 576"},
		{507, 508, 508, "one byte less"},
		{3, 0, 4, "no room at all"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		tap_is_int(
			(intmax_t)padding_size(cases[i].size, cases[i].largest),
			(intmax_t)cases[i].expected, cases[i].what);
}

static void test_round(void)
{
	uint8_t content[1432];
	size_t wrong = 0;
	size_t got;

	for (size_t size = 0; size < sizeof(content); size++)
		for (size_t largest = 0; largest <= 1432; largest += 179) {
			size_t padded = padding_size(size, largest);

			memset(content, 0x00, sizeof(content));
			memset(content, 0xab, size);
			padding_add(content, size, padded);
			got = 9999;
			wrong += !padding_strip(content, padded, &got) ||
				 got != size;
			/* Zeros and ones at the end of a packet are its own. */
			memset(content, 0x01, size);
			padding_add(content, size, padded);
			wrong += !padding_strip(content, padded, &got) ||
				 got != size;
			memset(content, 0x00, size);
			padding_add(content, size, padded);
			wrong += !padding_strip(content, padded, &got) ||
				 got != size;
		}
	tap_is_int((intmax_t)wrong, 0, "any content comes back whole");
}

static void test_malformed(void)
{
	uint8_t content[64] = {0};
	size_t got = 77;

	tap_ok(!padding_strip(content, sizeof(content), &got), "only zeros");
	tap_ok(!padding_strip(content, 0, &got), "nothing");
	content[0] = 2;
	tap_ok(!padding_strip(content, sizeof(content), &got),
		"zeros behind another byte");
	memset(content, 0xff, sizeof(content));
	tap_ok(!padding_strip(content, sizeof(content), &got), "no padding");
	tap_is_int((intmax_t)got, 77, "the size is left alone");
	memset(content, 0, sizeof(content));
	content[0] = 1;
	tap_ok(padding_strip(content, sizeof(content), &got) && got == 0,
		"padding alone is content of no bytes");
}

int main(void)
{
	test_sizes();
	test_round();
	test_malformed();
	return tap_done();
}
