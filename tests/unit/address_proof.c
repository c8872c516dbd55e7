/* SPDX-License-Identifier: ISC */
/* Bytes that prove an address. */
#include "mchat/relay/address_proof.h"

#include "tap.h"

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static struct address host(unsigned number, uint16_t port)
{
	return (struct address){
		.family = ADDRESS_IPV4,
		.bytes = {10, (uint8_t)(number >> 16), (uint8_t)(number >> 8),
			(uint8_t)number},
		.port = port,
	};
}

static void test_proof(void)
{
	struct address_proof proof = {.key = {1}};
	struct address_proof another = {.key = {2}};
	struct address one = host(1, 5000);
	struct address other_port = host(1, 5001);
	struct address other = host(2, 5000);
	struct address scoped = {
		.family = ADDRESS_IPV6, .bytes = {0xfe, 0x80}, .scope = 1};
	uint64_t bytes = address_proof_challenge(&proof, &one, at(0));

	tap_ok(bytes != 0, "an address is challenged");
	tap_ok(address_proof_check(&proof, &one, bytes, at(100)),
		"the bytes prove it");
	tap_ok(!address_proof_check(&proof, &one, bytes + 1, at(100)),
		"other bytes do not");
	tap_ok(!address_proof_check(&proof, &other_port, bytes, at(100)) &&
			!address_proof_check(&proof, &other, bytes, at(100)),
		"nor do they from elsewhere");
	tap_ok(!address_proof_check(&another, &one, bytes, at(100)),
		"nor to another member");
	tap_ok(address_proof_check(&proof, &one, bytes, at(ADDRESS_PROOF_MS)),
		"they hold for a while");
	tap_ok(!address_proof_check(
		       &proof, &one, bytes, at((int64_t)2 * ADDRESS_PROOF_MS)),
		"and not for ever");
	bytes = address_proof_challenge(&proof, &scoped, at(0));
	scoped.scope = 2;
	tap_ok(!address_proof_check(&proof, &scoped, bytes, at(0)),
		"an address of a link is another on another link");
}

/* Whoever forges addresses makes us send little, and keeps nobody out. */
static void test_flood(void)
{
	struct address_proof proof = {.key = {1}};
	struct address honest = host(1 << 20, 5000);
	unsigned sent = 0;
	bool is_in = false;

	for (unsigned i = 0; i < 20000; i++) {
		struct address forged = host(i, 5000);
		uint64_t bytes;

		sent += address_proof_challenge(&proof, &forged, at(i / 10)) !=
			0;
		if (i % 500 != 0)
			continue;
		bytes = address_proof_challenge(&proof, &honest, at(i / 10));
		is_in = is_in ||
			(bytes != 0 && address_proof_check(&proof, &honest,
					       bytes, at(i / 10 + 50)));
	}
	tap_ok(sent <= 3 * ADDRESS_PROOF_PER_SECOND,
		"20,000 forged addresses in two seconds: %u challenges", sent);
	tap_ok(is_in, "one that is true gets in meanwhile, at 20 packets/s");
}

int main(void)
{
	test_proof();
	test_flood();
	return tap_done();
}
