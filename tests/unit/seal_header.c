/* SPDX-License-Identifier: ISC */
/* The 24 bytes before what is sealed. */
#include "mchat/seal/header.h"

#include <string.h>

#include "hex.h"
#include "tap.h"

static const struct seal_header example = {
	.kind = SEAL_PACKET,
	.tag = 0xd53e,
	.time = 0x69280000,
	.session = UINT64_C(0x5e55000000000001),
	.guard = 0xa1b2c3,
	.number = 1,
};

static void example_bytes(uint8_t out[SEAL_DATAGRAM_MAX])
{
	memset(out, 0, SEAL_DATAGRAM_MAX);
	hex_read("f921d53e 69280000 5e55000000000001 a1b2c3 0000000001", out,
		SEAL_HEADER_SIZE);
}

static bool is_example(const struct seal_header *header)
{
	return header->kind == example.kind && header->tag == example.tag &&
	       header->time == example.time &&
	       header->session == example.session &&
	       header->guard == example.guard &&
	       header->number == example.number;
}

static void test_example(void)
{
	uint8_t expected[SEAL_DATAGRAM_MAX];
	uint8_t bytes[SEAL_HEADER_SIZE];
	struct seal_header header;

	example_bytes(expected);
	seal_header_write(&example, bytes);
	tap_is_bytes(bytes, sizeof(bytes), expected, sizeof(bytes), "written");
	tap_ok(seal_header_read(expected, 104, &header) == SEAL_HEADER_OK &&
			is_example(&header),
		"read");
}

static void test_largest(void)
{
	struct seal_header header = {
		.kind = SEAL_RESPONSE,
		.tag = UINT16_MAX,
		.time = UINT32_MAX,
		.session = UINT64_MAX,
		.guard = UINT32_MAX,
		.number = SEAL_NUMBER_MAX,
	};
	uint8_t bytes[SEAL_DATAGRAM_MIN] = {0};
	struct seal_header got;

	seal_header_write(&header, bytes);
	tap_is_int(seal_header_read(bytes, sizeof(bytes), &got), SEAL_HEADER_OK,
		"all bits set");
	tap_ok(got.number == SEAL_NUMBER_MAX && got.guard == 0xffffff &&
			got.session == UINT64_MAX && got.time == UINT32_MAX,
		"guard and number do not mix");
}

static void test_sizes(void)
{
	uint8_t bytes[SEAL_DATAGRAM_MAX + 1];
	struct seal_header header = example;
	size_t wrong = 0;

	example_bytes(bytes);
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		enum seal_header_result expected = SEAL_HEADER_OK;

		if (size < 2)
			expected = SEAL_HEADER_PLAIN;
		else if (size < 72 || size > 8972)
			expected = SEAL_HEADER_LATER;
		wrong += seal_header_read(bytes, size, &header) != expected;
	}
	tap_is_int((intmax_t)wrong, 0, "only 72 to 8972 bytes are sealed");
}

static void test_forms(void)
{
	uint8_t bytes[SEAL_DATAGRAM_MAX];
	struct seal_header header = example;
	size_t wrong = 0;

	example_bytes(bytes);
	for (unsigned form = 0; form < 256; form++) {
		unsigned kind = form & 15;
		enum seal_header_result expected = SEAL_HEADER_PLAIN;

		if (form >> 4 == 2)
			expected = kind >= 1 && kind <= 5 ? SEAL_HEADER_OK
							  : SEAL_HEADER_LATER;
		bytes[1] = (uint8_t)form;
		wrong += seal_header_read(bytes, 104, &header) != expected;
	}
	tap_is_int((intmax_t)wrong, 0,
		"kinds 1 to 5 of version 2; 0 and 6 to 15 are for later");
	bytes[1] = 0x21;
	bytes[0] = 'h';
	header = example;
	tap_is_int(seal_header_read(bytes, 104, &header), SEAL_HEADER_PLAIN,
		"text is plain");
	tap_ok(is_example(&header), "what fails writes nothing");
}

int main(void)
{
	test_example();
	test_largest();
	test_sizes();
	test_forms();
	return tap_done();
}
