/* SPDX-License-Identifier: ISC */
/*
 * What is lost of a block comes back byte for byte, whatever is lost; and when
 * anything of what it was made from is wrong, nothing comes back.
 */
#include "mchat/protocol/coding.h"

#include <string.h>

#include "coded.h"
#include "packets.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/gf256.h"

#define AUTHOR 0x1234567890ABCDEF

static struct coded coded;

/* Loses so many of the first `count`; at random, or the last ones. */
static void lose(unsigned lost, unsigned count)
{
	unsigned left = count;

	for (unsigned i = 0; i < count; i++, left--)
		if (random_below(left) < lost) {
			coded_lose(&coded, i);
			lost--;
		}
}

/* So many different indices, in random order. */
static void combine(unsigned equations, unsigned count)
{
	uint8_t indices[CODING_INDEX_MAX + 1];

	for (unsigned i = 0; i <= CODING_INDEX_MAX; i++)
		indices[i] = (uint8_t)i;
	for (unsigned i = 0; i < equations; i++) {
		size_t other = i + random_below(CODING_INDEX_MAX + 1 - i);
		uint8_t index = indices[other];

		indices[other] = indices[i];
		coded_combine(&coded, index, count);
	}
}

static void check_coefficients(void)
{
	bool are_inverse = true;

	for (unsigned index = 0; index <= CODING_INDEX_MAX; index++)
		for (unsigned j = 0; j < CODING_BLOCK; j++)
			are_inverse &=
				gf256_multiply(
					coding_coefficient((uint8_t)index, j),
					(uint8_t)((255 - index) ^ j)) == 1;
	tap_ok(are_inverse, "every index and column");
}

/* The example of mchat-protocol(7), of which tests/checks/coded_manual.t sees
 * that it is the same there: two packets, and their combination 3. */
static void check_example(void)
{
	static const char *const packets[] = {
		"f9110000 00000000 b0b0000000000002"
		"0000000000000001 0000000000000001 0000019aabcdf2e9"
		"0000000400 ffffff  04 0003 626f62  01 0005 68656c6c6f",
		"f9110000 00000000 b0b0000000000002"
		"0000000000000002 0000000000000002 0000019aabcdf6d1"
		"00000007e8 0003e8  01 0002 6869",
	};
	static const char code[] =
		"f9190002 00000000 b0b0000000000002 0000000000000002"
		"00000028d649cc1f 0000000000000001 00008092375a4d8a"
		"000000bb43e263a1 a400e2768644ff00 240c83d7d7cb";
	static const uint32_t checks[] = {0x0c125296, 0x3b04a181};
	struct coding_terms terms;
	uint8_t factors[CODING_BLOCK];
	uint8_t packet[2][WIRE_PACKET_MAX];
	uint8_t sum[CODING_SUM_MAX];
	uint8_t expected[WIRE_PACKET_MAX];
	size_t size = packet_from_hex(code, expected);
	size_t length;

	coding_terms_init(&terms);
	for (unsigned i = 0; i < 2; i++) {
		size_t packet_size = packet_from_hex(packets[i], packet[i]);
		uint32_t check = coding_check(
			0xb0b0000000000002, i + 1, packet[i], packet_size);

		tap_ok(check == checks[i], "example: the check of packet %u",
			i + 1);
		coding_terms_add(&terms, packet[i], packet_size, check);
		factors[i] = coding_coefficient(2, i);
	}
	length = coding_terms_sum(&terms, &(struct gf256_sum){sum, factors}, 1);
	tap_is_bytes(sum, length, expected + 24, size - 24,
		"example: the sum of both");
}

static void check_numbers(void)
{
	tap_is_int((intmax_t)coding_block_first(1), 1, "block of 1");
	tap_is_int((intmax_t)coding_block_first(64), 1, "block of 64");
	tap_is_int((intmax_t)coding_block_first(65), 65, "block of 65");
	tap_is_int(coding_column(1), 0, "column of 1");
	tap_is_int(coding_column(64), 63, "column of 64");
	tap_is_int(coding_column(WIRE_SEQUENCE_MAX), 62, "of the last number");
	tap_is_int((intmax_t)coding_block_first(WIRE_SEQUENCE_MAX),
		(intmax_t)WIRE_SEQUENCE_MAX - 62, "and its block");
}

/* Each number of losses, all counts alike: as many combinations as losses
 * always are enough, and one less never is. */
static void check_any_loss(void)
{
	bool solved = true;
	bool needs_more = true;

	for (unsigned lost = 1; lost <= CODING_BLOCK; lost++) {
		unsigned count =
			lost + (unsigned)random_below(CODING_BLOCK - lost + 1);

		coded_init(&coded, AUTHOR, 1 + 64 * lost, 24, 1472);
		lose(lost, count);
		combine(lost - 1, count);
		needs_more &=
			lost == 1 || coded_solve(&coded) == CODING_NEEDS_MORE;
		coded.block.equation_count = 0;
		combine(lost, count);
		solved &= coded_solve(&coded) == CODING_OK &&
			  coded_is_same(&coded);
	}
	tap_ok(solved, "1 to 64 lost come back");
	tap_ok(needs_more, "with one combination less nothing does");
}

static void check_sizes(void)
{
	static const size_t sizes[][2] = {{24, 24}, {24, 25}, {47, 49},
		{508, 508}, {24, 60}, {1464, 1472}, {1472, 1472}};
	bool solved = true;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		coded_init(&coded, AUTHOR, 65, sizes[i][0], sizes[i][1]);
		lose(9, 64);
		combine(9, 64);
		solved &= coded_solve(&coded) == CODING_OK &&
			  coded_is_same(&coded);
	}
	tap_ok(solved, "small, large and mixed sizes");
}

/* Every square part of a Cauchy matrix can be inverted; small packets, since
 * there are many. */
static void check_every_part(void)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < 2000; i++) {
		unsigned lost = 1 + (unsigned)random_below(12);

		coded_init(&coded, AUTHOR, 1, 24, 40);
		lose(lost, 64);
		combine(lost, 64);
		wrong += coded_solve(&coded) != CODING_OK ||
			 !coded_is_same(&coded);
	}
	tap_is_int(wrong, 0, "random parts of the matrix");
}

/* Combinations of a block that was still being filled, and of more of it: now
 * and then they say too little together, and one more is enough. */
static void check_mixed_counts(void)
{
	unsigned wrong = 0;
	unsigned again = 0;

	for (unsigned i = 0; i < 1000; i++) {
		unsigned lost = 2 + (unsigned)random_below(10);
		enum coding_result result;

		coded_init(&coded, AUTHOR, 1, 24, 100);
		lose(lost, 30);
		combine(lost - 1, 30);
		coded_lose(&coded, 40);
		coded_combine(&coded, 190, 64);
		coded_combine(&coded, 191, 50);
		result = coded_solve(&coded);
		if (result == CODING_NEEDS_MORE) {
			again++;
			coded_combine(&coded, 189, 64);
			coded_combine(&coded, 188, 64);
			result = coded_solve(&coded);
		}
		wrong += result != CODING_OK || !coded_is_same(&coded);
	}
	tap_is_int(wrong, 0, "combinations of different counts");
	tap_ok(again < 50, "%u of 1000 needed more", again);
}

static void check_superfluous(void)
{
	coded_init(&coded, AUTHOR, 1, 24, 100);
	combine(3, 64);
	tap_ok(coded_solve(&coded) == CODING_OK, "nothing is missing");
	lose(5, 64);
	combine(7, 64);
	tap_ok(coded_solve(&coded) == CODING_OK && coded_is_same(&coded),
		"more combinations than are needed");
	coded_init(&coded, AUTHOR, 1, 24, 100);
	lose(2, 20);
	coded_combine(&coded, 5, 20);
	coded_combine(&coded, 5, 20);
	tap_ok(coded_solve(&coded) == CODING_NEEDS_MORE,
		"the same combination twice says nothing new");
	coded_combine(&coded, 6, 20);
	tap_ok(coded_solve(&coded) == CODING_OK && coded_is_same(&coded),
		"another one does");
	coded_init(&coded, AUTHOR, 1, 24, 100);
	coded_lose(&coded, 3);
	coded_lose(&coded, 20);
	coded_combine(&coded, 0, 20);
	tap_ok(coded_solve(&coded) == CODING_OK && coded_is_same(&coded),
		"what is missing behind a combination does not matter");
}

/* A receiver has some packets as repairs: what is coded is how they first
 * left. */
static void check_repairs(void)
{
	static uint8_t repairs[CODING_BLOCK][WIRE_PACKET_MAX];

	coded_init(&coded, AUTHOR, 129, 24, 1400);
	for (unsigned i = 0; i < CODING_BLOCK; i++) {
		struct coding_known *known = &coded.block.known[i];

		memcpy(repairs[i], known->packet, known->size);
		wire_mark_repair(repairs[i]);
		known->packet = repairs[i];
		known->check =
			coding_check(AUTHOR, 129 + i, repairs[i], known->size);
	}
	lose(10, 64);
	combine(10, 64);
	tap_ok(coded_solve(&coded) == CODING_OK && coded_is_same(&coded),
		"repairs count as what they repeat; flags are kept");
}

static void check_last_block(void)
{
	uint64_t first = coding_block_first(WIRE_SEQUENCE_MAX);

	coded_init(&coded, AUTHOR, first, 24, 1400);
	lose(5, 63);
	combine(5, 63);
	tap_ok(coded_solve(&coded) == CODING_OK && coded_is_same(&coded),
		"the block of the last number");
	coded_init(&coded, AUTHOR, 1, 24, 1400);
	coded_lose(&coded, 0);
	coded_combine(&coded, 0, 1);
	tap_ok(coded_solve(&coded) == CODING_OK && coded_is_same(&coded),
		"a block of one packet");
}

/* ---- what is wrong ---- */

/* A block of which `lost` packets are missing and can be solved. */
static void make_solvable(unsigned lost)
{
	coded_init(&coded, AUTHOR, 257, 100, 1400);
	lose(lost, 64);
	combine(lost, 64);
}

/* Each byte of one combination, flipped in one bit or more, spoils all. */
static void check_flipped_sum(void)
{
	unsigned accepted = 0;
	size_t length;

	make_solvable(1);
	length = coded.equations[0].length;
	for (size_t i = 0; i < length; i++) {
		uint8_t flip = (uint8_t)(1 + random_below(255));

		coded.sums[0][i] ^= flip;
		accepted += coded_solve(&coded) != CODING_WRONG;
		coded.sums[0][i] ^= flip;
	}
	tap_ok(coded_solve(&coded) == CODING_OK, "right as it was");
	tap_is_int(accepted, 0, "no flipped byte of one combination passes");
	make_solvable(10);
	for (size_t i = 0; i < 200; i++) {
		size_t which = random_below(10);
		size_t at = random_below(coded.equations[which].length);

		coded.sums[which][at] ^= 0x40;
		accepted += coded_solve(&coded) != CODING_WRONG;
		coded.sums[which][at] ^= 0x40;
	}
	tap_is_int(accepted, 0, "nor one of ten");
}

/* What was taken for a packet of the author is none: flags, size and bytes of
 * it, with the check that it has itself. */
static void check_forged_known(void)
{
	unsigned accepted = 0;

	for (unsigned i = 0; i < 300; i++) {
		uint8_t forged[WIRE_PACKET_MAX];
		struct coding_known *known;
		unsigned column = 0;

		make_solvable(1 + i % 3);
		while (!coded.block.known[column].packet)
			column++;
		known = &coded.block.known[column];
		memcpy(forged, known->packet, known->size);
		if (i % 3 == 0)
			forged[2] ^= 0x80;
		else if (i % 3 == 1)
			known->size--;
		else
			forged[24 + random_below(known->size - 24u)] ^= 1;
		known->packet = forged;
		known->check =
			coding_check(AUTHOR, 257 + column, forged, known->size);
		accepted += coded_solve(&coded) != CODING_WRONG;
	}
	tap_is_int(accepted, 0, "no forged packet among the known ones passes");
}

static void check_wrong_place(void)
{
	make_solvable(3);
	coded.block.author++;
	tap_ok(coded_solve(&coded) == CODING_WRONG, "another author's");
	coded.block.author--;
	coded.block.first += 64;
	tap_ok(coded_solve(&coded) == CODING_WRONG, "another block's");
	coded.block.first -= 64;
	coded.equations[1].index ^= 1;
	tap_ok(coded_solve(&coded) == CODING_WRONG, "another index");
	coded.equations[1].index ^= 1;
	coded.equations[1].count--;
	tap_ok(coded_solve(&coded) == CODING_WRONG, "another count");
	coded.equations[1].count++;
	tap_ok(coded_solve(&coded) == CODING_OK && coded_is_same(&coded),
		"right as it was");
}

/* Two authors by one number of member: combinations of either. */
static void check_two_authors(void)
{
	static struct coded other;
	static uint8_t sum[CODING_SUM_MAX];
	struct coding_equation mine;

	coded_init(&other, AUTHOR, 257, 100, 1400);
	coded_combine(&other, 9, 64);
	make_solvable(1);
	memcpy(sum, other.sums[0], sizeof(sum));
	mine = coded.equations[0];
	coded.equations[0] = other.equations[0];
	coded.equations[0].sum = sum;
	tap_ok(coded_solve(&coded) == CODING_WRONG, "the other's combination");
	coded.equations[0] = mine;
	tap_ok(coded_solve(&coded) == CODING_OK && coded_is_same(&coded),
		"one's own");
}

/* Fields that no member would send. */
static void check_malformed(void)
{
	static const struct {
		const char *what;
		struct coding_equation equation;
	} cases[] = {
		{"an index past the last one", {192, 64, 1456, NULL}},
		{"of nothing", {0, 0, 1456, NULL}},
		{"of more than a block", {0, 65, 1456, NULL}},
		{"shorter than any symbol", {0, 64, 7, NULL}},
		{"shorter than a known one", {0, 64, 83, NULL}},
		{"longer than any symbol", {0, 64, 1457, NULL}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint8_t *sum;

		make_solvable(1);
		sum = coded.equations[0].sum;
		coded.equations[0] = cases[i].equation;
		coded.equations[0].sum = sum;
		tap_ok(coded_solve(&coded) == CODING_WRONG, "%s",
			cases[i].what);
	}
}

/* Bytes behind the packet, or where a symbol has none, that are not zero, in a
 * combination whose check is right. */
static void check_padding(void)
{
	static const size_t places[] = {1, 1455};

	for (size_t i = 0; i < 2; i++) {
		coded_init(&coded, AUTHOR, 257, 24, 1400);
		coded_lose(&coded, 7);
		coded_combine(&coded, 0, 64);
		coded.equations[0].length = CODING_SUM_MAX;
		tap_ok(coded_solve(&coded) == CODING_OK, "zeros behind it");
		coded.sums[0][places[i]] ^= 1;
		tap_ok(coded_solve(&coded) == CODING_WRONG, "other than zero");
	}
}

/* ---- check ---- */

/* Every bit of what it is of changes it, and about half of its bits. */
static void check_check(void)
{
	uint8_t packet[100];
	unsigned same = 0;
	unsigned changed = 0;
	unsigned tried = 0;
	uint32_t check;

	for (size_t i = 0; i < sizeof(packet); i++)
		packet[i] = (uint8_t)random_next();
	packet[2] = 0;
	check = coding_check(AUTHOR, 5, packet, sizeof(packet));
	for (size_t bit = 192; bit < 8 * sizeof(packet); bit++, tried++) {
		uint32_t other;

		packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
		other = coding_check(AUTHOR, 5, packet, sizeof(packet));
		packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
		same += other == check;
		for (unsigned i = 0; i < 32; i++)
			changed += (other ^ check) >> i & 1;
	}
	tap_is_int(same, 0, "each bit of a packet changes its check");
	tap_ok(changed > 15 * tried && changed < 17 * tried,
		"%u bits of %u checks", changed, tried);
	tap_ok(coding_check(AUTHOR, 6, packet, sizeof(packet)) != check &&
			coding_check(AUTHOR + 1, 5, packet, sizeof(packet)) !=
				check &&
			coding_check(AUTHOR, 5, packet, sizeof(packet) - 1) !=
				check,
		"so do number, author and size");
	packet[2] = WIRE_REPAIR;
	tap_ok(coding_check(AUTHOR, 5, packet, sizeof(packet)) == check,
		"that it is a repair does not");
	packet[2] = 2;
	tap_ok(coding_check(AUTHOR, 5, packet, sizeof(packet)) != check,
		"another flag does");
}

/* A value of it: what others compute, on machines of any order. */
static void check_vector(void)
{
	uint8_t packet[61];

	for (size_t i = 0; i < sizeof(packet); i++)
		packet[i] = (uint8_t)i;
	tap_is_int(coding_check(0x0123456789ABCDEF, 42, packet, sizeof(packet)),
		1138451369, "the check of 0 1 2 ... 60");
}

int main(void)
{
	random_restart();
	check_coefficients();
	check_example();
	check_numbers();
	check_any_loss();
	check_sizes();
	check_every_part();
	check_mixed_counts();
	check_superfluous();
	check_repairs();
	check_last_block();
	check_flipped_sum();
	check_forged_known();
	check_wrong_place();
	check_two_authors();
	check_malformed();
	check_padding();
	check_check();
	check_vector();
	return tap_done();
}
