/* SPDX-License-Identifier: ISC */
/*
 * The field against products bit by bit, and each kernel against the field: all
 * factors, sizes and residues, at even and odd addresses.
 */
#include "mchat/protocol/gf256.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"

#define SIZE_LAST 1480

static const char *const names[] = {
	[GF256_DOUBLING] = "doubling",
	[GF256_SHUFFLE_16] = "shuffles of 16 bytes",
	[GF256_SHUFFLE_32] = "shuffles of 32 bytes",
	[GF256_MATRIX_32] = "matrices, 32 bytes",
};

/* From the definition alone. */
static uint8_t slow_multiply(uint8_t a, uint8_t b)
{
	unsigned product = 0;

	for (unsigned i = 0; i < 8; i++)
		if (b >> i & 1)
			product ^= (unsigned)a << i;
	for (unsigned i = 15; i >= 8; i--)
		if (product >> i & 1)
			product ^= 0x11Du << (i - 8);
	return (uint8_t)product;
}

static uint8_t slow_products[256][256];

static void fill(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)random_next();
}

static void check_field(void)
{
	bool are_products = true;
	bool are_inverses = gf256_inverse(0) == 0;
	bool seen[256] = {false};
	uint8_t power = 1;
	unsigned order = 0;

	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++) {
			slow_products[a][b] =
				slow_multiply((uint8_t)a, (uint8_t)b);
			are_products &=
				gf256_multiply((uint8_t)a, (uint8_t)b) ==
				slow_products[a][b];
		}
	for (unsigned a = 1; a < 256; a++)
		are_inverses &=
			slow_products[a][gf256_inverse((uint8_t)a)] == 1;
	for (; !seen[power]; order++) {
		seen[power] = true;
		power = gf256_multiply(power, 2);
	}
	tap_ok(are_products, "all products");
	tap_ok(are_inverses, "all inverses");
	tap_is_int(order, 255, "2 generates the field");
}

/* Buffers of the exact size: what is touched behind them is noticed by a
 * sanitizer, what before or behind the bytes by the comparison. */
static bool is_right(
	size_t size, size_t to_shift, size_t from_shift, uint8_t factor)
{
	uint8_t *to = malloc(to_shift + size + 1);
	uint8_t *from = malloc(from_shift + size + 1);
	uint8_t *expected = malloc(to_shift + size + 1);
	bool right;

	if (!to || !from || !expected)
		abort();
	fill(to, to_shift + size);
	fill(from, from_shift + size);
	memcpy(expected, to, to_shift + size);
	for (size_t i = 0; i < size; i++)
		expected[to_shift + i] ^=
			slow_products[factor][from[from_shift + i]];
	gf256_add_scaled(to + to_shift, from + from_shift, factor, size);
	right = memcmp(to, expected, to_shift + size) == 0;
	free(to);
	free(from);
	free(expected);
	return right;
}

/* Sums of `count` rows of up to `size` bytes, at least one of which has them
 * all, or each; as many sums as there can be at once. */
static bool are_right_sums(size_t size, unsigned count, bool is_even)
{
	struct gf256_row rows[GF256_ROWS_MAX] = {{NULL, 0}};
	struct gf256_sum sums[GF256_SUMS_MAX];
	uint8_t *bytes[GF256_ROWS_MAX];
	uint8_t factors[GF256_SUMS_MAX][GF256_ROWS_MAX];
	uint8_t *expected[GF256_SUMS_MAX];
	unsigned sum_count = 1 + (unsigned)random_below(GF256_SUMS_MAX);
	bool right = true;

	for (unsigned k = 0; k < sum_count; k++) {
		expected[k] = calloc(1, size + 1);
		sums[k] = (struct gf256_sum){malloc(size + 1), factors[k]};
		if (!expected[k] || !sums[k].to)
			abort();
		sums[k].to[size] = expected[k][size] = 0x5a;
		fill(factors[k], count);
	}
	for (unsigned i = 0; i < count; i++) {
		rows[i].size = is_even || i == count / 2
				       ? size
				       : random_below(size + 1);
		bytes[i] = malloc(rows[i].size + 1);
		if (!bytes[i])
			abort();
		rows[i].bytes = bytes[i] + (rows[i].size < size);
		fill(bytes[i], rows[i].size + 1);
		for (unsigned k = 0; k < sum_count; k++)
			for (size_t j = 0; j < rows[i].size; j++)
				expected[k][j] ^=
					slow_products[factors[k][i]]
						     [rows[i].bytes[j]];
	}
	gf256_sum(sums, sum_count, size, rows, count);
	for (unsigned k = 0; k < sum_count; k++) {
		right &= memcmp(sums[k].to, expected[k], size + 1) == 0;
		free(sums[k].to);
		free(expected[k]);
	}
	for (unsigned i = 0; i < count; i++)
		free(bytes[i]);
	return right;
}

static void check_sums(enum gf256_kernel kernel)
{
	bool all_sizes = true;
	bool all_counts = true;

	for (size_t size = 0; size <= SIZE_LAST; size++)
		all_sizes &= are_right_sums(size, 3, false) &&
			     are_right_sums(size, 3, true);
	for (unsigned count = 0; count <= GF256_ROWS_MAX; count++)
		all_counts &= are_right_sums(count ? 32 : 0, count, true) &&
			      are_right_sums(count ? 1400 : 0, count, true) &&
			      are_right_sums(count ? random_below(600) : 0,
				      count, false);
	tap_ok(all_sizes, "%s: sums of all sizes", names[kernel]);
	tap_ok(all_counts, "%s: of all counts of rows", names[kernel]);
}

static void check_kernel(enum gf256_kernel kernel)
{
	bool all_factors = true;
	bool all_sizes = true;
	bool all_addresses = true;

	for (unsigned factor = 0; factor < 256; factor++)
		for (size_t size = 0; size <= 100; size += 33 - factor % 2)
			all_factors &=
				is_right(size, 0, 0, (uint8_t)factor) &&
				is_right(size + 15, 1, 2, (uint8_t)factor);
	for (size_t size = 0; size <= SIZE_LAST; size++)
		all_sizes &= is_right(
			size, size % 3, size % 2, (uint8_t)random_next());
	for (size_t shift = 0; shift < 1024; shift++)
		all_addresses &= is_right(200 + shift % 7, shift % 32,
			shift / 32, (uint8_t)random_next());
	tap_ok(all_factors, "%s: all factors", names[kernel]);
	tap_ok(all_sizes, "%s: all sizes", names[kernel]);
	tap_ok(all_addresses, "%s: all addresses", names[kernel]);
}

int main(void)
{
	random_restart();
	check_field();
	for (int kernel = GF256_DOUBLING; kernel <= GF256_MATRIX_32; kernel++) {
		gf256_kernel_max = (enum gf256_kernel)kernel;
		/* What is never used on this processor. */
		if (gf256_kernel() != gf256_kernel_max) {
			tap_note("this processor has no %s", names[kernel]);
			continue;
		}
		check_kernel(gf256_kernel_max);
		check_sums(gf256_kernel_max);
	}
	return tap_done();
}
