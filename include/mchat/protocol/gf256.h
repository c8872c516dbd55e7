/* SPDX-License-Identifier: ISC */
/*
 * The field of 256 elements, bytes: sums are XOR, products are those of
 * polynomials modulo x^8 + x^4 + x^3 + x^2 + 1 (0x11D).  One body computes 16
 * or 32 bytes at a time; how many does not change what comes out.
 */
#ifndef MCHAT_PROTOCOL_GF256_H
#define MCHAT_PROTOCOL_GF256_H

#include <stddef.h>
#include <stdint.h>

/* How bytes are multiplied: by what every processor has, by a table of 16
 * products in a register, looked up for 16 or 32 bytes at once, or by a matrix
 * of bits. */
enum gf256_kernel {
	GF256_DOUBLING,
	GF256_SHUFFLE_16, /* x86 with SSSE3, ARM of 64 bits */
	GF256_SHUFFLE_32, /* x86 with AVX2 */
	GF256_MATRIX_32,  /* x86 with AVX2 and GFNI */
};

/* The fastest that may be used, where the processor has it; only tests and
 * benchmarks set another. */
extern enum gf256_kernel gf256_kernel_max;

/* What is used. */
enum gf256_kernel gf256_kernel(void);

uint8_t gf256_multiply(uint8_t a, uint8_t b);

/* 1 / a; 0 of 0. */
uint8_t gf256_inverse(uint8_t a);

/* Adds `factor` times `from` to `to`, each of `size` bytes, which do not
 * overlap. */
void gf256_add_scaled(
	uint8_t *to, const uint8_t *from, uint8_t factor, size_t size);

/* Bytes that are summed with others, zeros behind them. */
struct gf256_row {
	const uint8_t *bytes;
	size_t size;
};

/* Rows of one sum at most. */
#define GF256_ROWS_MAX 64

/* Where a sum goes, and by what each row is multiplied for it. */
struct gf256_sum {
	uint8_t *to;
	const uint8_t *factors;
};

/* Sums of the same rows that are made at once, at most. */
#define GF256_SUMS_MAX 4

/*
 * Writes sums of `count` rows, each times its factor: `size` bytes, as many as
 * the longest row has.  Nothing overlaps.  Adding rows one by one reads and
 * writes a sum as often; this writes it once, and reads each row once for
 * GF256_SUMS_MAX sums.  Takes 18 KiB of stack.
 */
void gf256_sum(const struct gf256_sum *sums, unsigned sum_count, size_t size,
	const struct gf256_row *rows, unsigned count);

#endif
