/* SPDX-License-Identifier: ISC */
/* Headers are nonces: none is made twice. */
#include "mchat/seal/nonce.h"

#include <string.h>

#include "tap.h"

#define TAG   0xd53e
#define START INT64_C(1767225600)

static const uint8_t seed[NONCE_SEED_SIZE] = {1, 2, 3};

static struct wall_time at(int64_t seconds)
{
	return (struct wall_time){1000 * (START + seconds)};
}

static struct seal_header next(struct nonce *nonce)
{
	uint8_t bytes[SEAL_DATAGRAM_MIN] = {0};
	struct seal_header header = {0};

	nonce_next(nonce, SEAL_PACKET, bytes);
	seal_header_read(bytes, sizeof(bytes), &header);
	return header;
}

static void test_headers(void)
{
	struct nonce nonce;
	struct seal_header header;

	nonce_init(&nonce, seed, TAG, at(0));
	nonce_turn(&nonce, 0xffa1b2c3, at(1));
	header = next(&nonce);
	tap_is_int(header.kind, SEAL_PACKET, "the kind");
	tap_is_int(header.tag, TAG, "the group's tag");
	tap_is_int(header.time, START + 1, "the turn's time");
	tap_ok(header.session == nonce.session && header.session != 0,
		"a session");
	tap_is_int(header.guard, 0xa1b2c3, "24 bits of guard");
	tap_is_int((intmax_t)header.number, 1, "numbers begin with 1");
	tap_is_int((intmax_t)next(&nonce).number, 2, "and grow");
}

static void test_seeds(void)
{
	uint8_t other[NONCE_SEED_SIZE];
	struct nonce nonce;
	struct nonce again;

	memcpy(other, seed, sizeof(other));
	other[31] ^= 1;
	nonce_init(&nonce, seed, TAG, at(0));
	nonce_init(&again, seed, TAG, at(0));
	tap_ok(nonce.session == again.session, "a seed gives its sessions");
	nonce_init(&again, other, TAG, at(0));
	tap_ok(nonce.session != again.session, "another seed gives others");
	again = nonce;
	nonce_renew(&again);
	tap_ok(nonce.session != again.session, "a session is another one");
	tap_is_int((intmax_t)next(&again).number, 1, "it begins with 1");
}

static void test_last_number(void)
{
	struct nonce nonce;
	struct seal_header last;
	struct seal_header first;

	nonce_init(&nonce, seed, TAG, at(0));
	nonce.number = SEAL_NUMBER_MAX - 1;
	last = next(&nonce);
	first = next(&nonce);
	tap_ok(last.number == SEAL_NUMBER_MAX, "the last number is used");
	tap_ok(first.number == 1 && first.session != last.session,
		"then a session begins");
}

static void test_clock(void)
{
	struct nonce nonce;
	struct seal_header before;
	struct seal_header header;

	nonce_init(&nonce, seed, TAG, at(100));
	nonce_turn(&nonce, 0, at(50));
	tap_is_int(next(&nonce).time, START + 50,
		"the clock is set back before anything was sealed");
	nonce_turn(&nonce, 0, at(100));
	before = next(&nonce);
	nonce_turn(&nonce, 0, at(90));
	header = next(&nonce);
	tap_ok(header.time == START + 100 && header.session == before.session,
		"10 s back: the time stands, in this session");
	nonce_turn(&nonce, 0, at(95));
	tap_is_int(next(&nonce).time, START + 100, "until it is reached");
	nonce_turn(&nonce, 0, at(89));
	header = next(&nonce);
	tap_ok(header.time == START + 89 && header.session != before.session &&
			header.number == 1,
		"11 s back: a session begins, with the wall's time");
	nonce_turn(&nonce, 0, at(4000));
	tap_is_int(next(&nonce).time, START + 4000, "forward: at once");
}

int main(void)
{
	test_headers();
	test_seeds();
	test_last_number();
	test_clock();
	return tap_done();
}
