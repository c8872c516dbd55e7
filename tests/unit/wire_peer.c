/* SPDX-License-Identifier: ISC */
/* The packets of peers about themselves, against bytes written by hand from
 * mchat-protocol(7). */
#include "mchat/protocol/wire_peer.h"

#include <string.h>

#include "packets.h"
#include "tap.h"

#define ALICE UINT64_C(0xa11ce00000000001)
#define BYTES UINT64_C(0x0123456789abcdef)

static void test_kind(enum wire_peer_kind kind, const char *hex)
{
	const struct wire_peer packet = {
		.kind = kind,
		.room = 0x11223344,
		.sender = ALICE,
		.value = BYTES,
		.reports = hex[7] == '1',
	};
	uint8_t expected[WIRE_PACKET_MAX];
	uint8_t bytes[WIRE_PEER_SIZE];
	struct wire_peer decoded;
	size_t size = packet_from_hex(hex, expected);

	wire_peer_encode(&packet, bytes);
	tap_ok(size == sizeof(bytes) && memcmp(bytes, expected, size) == 0,
		"kind %d is written as documented", (int)kind);
	tap_ok(wire_peer_decode(expected, size, &decoded) &&
			decoded.kind == kind && decoded.room == packet.room &&
			decoded.sender == ALICE && decoded.value == BYTES &&
			decoded.reports == packet.reports,
		"and read");
	for (size_t i = 0; i < size; i++) {
		if (wire_peer_decode(expected, i, &decoded))
			tap_ok(false, "%zu bytes of it are read", i);
	}
}

static bool reads(const char *hex)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	size_t size = packet_from_hex(hex, bytes);
	struct wire_peer decoded;

	return wire_peer_decode(bytes, size, &decoded);
}

int main(void)
{
	test_kind(WIRE_PEER_CHALLENGE,
		"f9 16 00 00 11223344 a11ce00000000001 0123456789abcdef");
	test_kind(WIRE_PEER_ANSWER,
		"f9 17 00 00 11223344 a11ce00000000001 0123456789abcdef");
	test_kind(WIRE_PEER_PRUNE,
		"f9 18 00 00 11223344 a11ce00000000001 0123456789abcdef");
	test_kind(WIRE_PEER_ANSWER,
		"f9 17 01 00 11223344 a11ce00000000001 0123456789abcdef");
	tap_ok(reads("f9 16 ff ff 00000000 a11ce00000000001 0123456789abcdef"
		     "00"),
		"flags, reserved bits and what is behind are left alone");
	tap_ok(!reads("f9 15 00 00 00000000 a11ce00000000001 0123456789abcdef"),
		"another kind is none of them");
	tap_ok(!reads("f9 26 00 00 00000000 a11ce00000000001 0123456789abcdef"),
		"nor is another version");
	tap_ok(!reads("f8 16 00 00 00000000 a11ce00000000001 0123456789abcdef"),
		"nor another first byte");
	tap_ok(!reads("f9 16 00 00 00000000 0000000000000000 0123456789abcdef"),
		"nor one of nobody");
	tap_ok(!reads("f9 16 00 00 00000000 a11ce00000000001 0000000000000000"),
		"nor one without bytes");
	return tap_done();
}
