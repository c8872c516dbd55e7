/* SPDX-License-Identifier: ISC */
/*
 * A byte is a low and a high half of four bits each; a product is the sum of
 * the products of the halves, which are in tables.  The same tables give the
 * two that shuffles look up: 16 products of a factor and a half.
 */
#include "mchat/protocol/gf256.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* How vectors are passed differs by what a processor has; all here is inline.
 */
#pragma GCC diagnostic ignored "-Wpsabi"

/* ---- tables ---- */

/* The product of two halves is a polynomial of degree 6: no remainder. */
#define PRODUCT(a, b)                                                          \
	(((a)&1) * (b) ^ ((a)&2) * (b) ^ ((a)&4) * (b) ^ ((a)&8) * (b))
/* What remains of it times x^4 and times x^8. */
#define BIT(p, n) ((p) >> (n)&1)
#define TIMES_X4(p)                                                            \
	(((p) << 4 & 0xff) ^ BIT(p, 4) * 0x1d ^ BIT(p, 5) * 0x3a ^             \
		BIT(p, 6) * 0x74)
#define TIMES_X8(p)                                                            \
	(BIT(p, 0) * 0x1d ^ BIT(p, 1) * 0x3a ^ BIT(p, 2) * 0x74 ^              \
		BIT(p, 3) * 0xe8 ^ BIT(p, 4) * 0xcd ^ BIT(p, 5) * 0x87 ^       \
		BIT(p, 6) * 0x13)

#define LOW_LOW(a, b)   PRODUCT(a, b)
#define LOW_HIGH(a, b)  TIMES_X4(PRODUCT(a, b))
#define HIGH_HIGH(a, b) TIMES_X8(PRODUCT(a, b))

#define ROW(of, a)                                                             \
	{                                                                      \
		of(a, 0), of(a, 1), of(a, 2), of(a, 3), of(a, 4), of(a, 5),    \
			of(a, 6), of(a, 7), of(a, 8), of(a, 9), of(a, 10),     \
			of(a, 11), of(a, 12), of(a, 13), of(a, 14), of(a, 15)  \
	}
#define TABLE(of)                                                              \
	{                                                                      \
		ROW(of, 0), ROW(of, 1), ROW(of, 2), ROW(of, 3), ROW(of, 4),    \
			ROW(of, 5), ROW(of, 6), ROW(of, 7), ROW(of, 8),        \
			ROW(of, 9), ROW(of, 10), ROW(of, 11), ROW(of, 12),     \
			ROW(of, 13), ROW(of, 14), ROW(of, 15)                  \
	}

static const uint8_t low_low[16][16] = TABLE(LOW_LOW);
static const uint8_t low_high[16][16] = TABLE(LOW_HIGH);
static const uint8_t high_high[16][16] = TABLE(HIGH_HIGH);

static const uint8_t inverses[256] = {
	0x00,
	0x01,
	0x8e,
	0xf4,
	0x47,
	0xa7,
	0x7a,
	0xba,
	0xad,
	0x9d,
	0xdd,
	0x98,
	0x3d,
	0xaa,
	0x5d,
	0x96,
	0xd8,
	0x72,
	0xc0,
	0x58,
	0xe0,
	0x3e,
	0x4c,
	0x66,
	0x90,
	0xde,
	0x55,
	0x80,
	0xa0,
	0x83,
	0x4b,
	0x2a,
	0x6c,
	0xed,
	0x39,
	0x51,
	0x60,
	0x56,
	0x2c,
	0x8a,
	0x70,
	0xd0,
	0x1f,
	0x4a,
	0x26,
	0x8b,
	0x33,
	0x6e,
	0x48,
	0x89,
	0x6f,
	0x2e,
	0xa4,
	0xc3,
	0x40,
	0x5e,
	0x50,
	0x22,
	0xcf,
	0xa9,
	0xab,
	0x0c,
	0x15,
	0xe1,
	0x36,
	0x5f,
	0xf8,
	0xd5,
	0x92,
	0x4e,
	0xa6,
	0x04,
	0x30,
	0x88,
	0x2b,
	0x1e,
	0x16,
	0x67,
	0x45,
	0x93,
	0x38,
	0x23,
	0x68,
	0x8c,
	0x81,
	0x1a,
	0x25,
	0x61,
	0x13,
	0xc1,
	0xcb,
	0x63,
	0x97,
	0x0e,
	0x37,
	0x41,
	0x24,
	0x57,
	0xca,
	0x5b,
	0xb9,
	0xc4,
	0x17,
	0x4d,
	0x52,
	0x8d,
	0xef,
	0xb3,
	0x20,
	0xec,
	0x2f,
	0x32,
	0x28,
	0xd1,
	0x11,
	0xd9,
	0xe9,
	0xfb,
	0xda,
	0x79,
	0xdb,
	0x77,
	0x06,
	0xbb,
	0x84,
	0xcd,
	0xfe,
	0xfc,
	0x1b,
	0x54,
	0xa1,
	0x1d,
	0x7c,
	0xcc,
	0xe4,
	0xb0,
	0x49,
	0x31,
	0x27,
	0x2d,
	0x53,
	0x69,
	0x02,
	0xf5,
	0x18,
	0xdf,
	0x44,
	0x4f,
	0x9b,
	0xbc,
	0x0f,
	0x5c,
	0x0b,
	0xdc,
	0xbd,
	0x94,
	0xac,
	0x09,
	0xc7,
	0xa2,
	0x1c,
	0x82,
	0x9f,
	0xc6,
	0x34,
	0xc2,
	0x46,
	0x05,
	0xce,
	0x3b,
	0x0d,
	0x3c,
	0x9c,
	0x08,
	0xbe,
	0xb7,
	0x87,
	0xe5,
	0xee,
	0x6b,
	0xeb,
	0xf2,
	0xbf,
	0xaf,
	0xc5,
	0x64,
	0x07,
	0x7b,
	0x95,
	0x9a,
	0xae,
	0xb6,
	0x12,
	0x59,
	0xa5,
	0x35,
	0x65,
	0xb8,
	0xa3,
	0x9e,
	0xd2,
	0xf7,
	0x62,
	0x5a,
	0x85,
	0x7d,
	0xa8,
	0x3a,
	0x29,
	0x71,
	0xc8,
	0xf6,
	0xf9,
	0x43,
	0xd7,
	0xd6,
	0x10,
	0x73,
	0x76,
	0x78,
	0x99,
	0x0a,
	0x19,
	0x91,
	0x14,
	0x3f,
	0xe6,
	0xf0,
	0x86,
	0xb1,
	0xe2,
	0xf1,
	0xfa,
	0x74,
	0xf3,
	0xb4,
	0x6d,
	0x21,
	0xb2,
	0x6a,
	0xe3,
	0xe7,
	0xb5,
	0xea,
	0x03,
	0x8f,
	0xd3,
	0xc9,
	0x42,
	0xd4,
	0xe8,
	0x75,
	0x7f,
	0xff,
	0x7e,
	0xfd,
};

uint8_t gf256_multiply(uint8_t a, uint8_t b)
{
	return low_low[a & 15][b & 15] ^ low_high[a & 15][b >> 4] ^
	       low_high[a >> 4][b & 15] ^ high_high[a >> 4][b >> 4];
}

uint8_t gf256_inverse(uint8_t a)
{
	return inverses[a];
}

/* ---- kernels ---- */

#ifndef __has_builtin
#define __has_builtin(name) 0
#endif

#if defined(__x86_64__)
#define HAS_X86 1
#else
#define HAS_X86 0
#endif

/* And what makes 32 bytes of 16. */
#if HAS_X86 && __has_builtin(__builtin_shufflevector)
#define HAS_AVX2 1
#else
#define HAS_AVX2 0
#endif

/* And what multiplies bits by a matrix: gcc tells of it within its target only.
 */
#if HAS_AVX2 && (!defined(__clang__) ||                                        \
			__has_builtin(__builtin_ia32_vgf2p8affineqb_v32qi))
#define HAS_GFNI 1
#else
#define HAS_GFNI 0
#endif

#if defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HAS_ARM 1
#else
#define HAS_ARM 0
#endif

enum gf256_kernel gf256_kernel_max = GF256_MATRIX_32;

enum gf256_kernel gf256_kernel(void)
{
#if HAS_GFNI
	if (gf256_kernel_max >= GF256_MATRIX_32 &&
		__builtin_cpu_supports("avx2") &&
		__builtin_cpu_supports("gfni"))
		return GF256_MATRIX_32;
#endif
#if HAS_AVX2
	if (gf256_kernel_max >= GF256_SHUFFLE_32 &&
		__builtin_cpu_supports("avx2"))
		return GF256_SHUFFLE_32;
#endif
#if HAS_X86
	if (gf256_kernel_max >= GF256_SHUFFLE_16 &&
		__builtin_cpu_supports("ssse3"))
		return GF256_SHUFFLE_16;
#elif HAS_ARM
	if (gf256_kernel_max >= GF256_SHUFFLE_16)
		return GF256_SHUFFLE_16;
#endif
	return GF256_DOUBLING;
}

/* ---- rows that end before others ---- */

/* Bytes of a row that are summed at once at most. */
#define PART_MAX 128

/* The same part of each row. */
struct padded {
	struct gf256_row rows[GF256_ROWS_MAX];
	uint8_t room[GF256_ROWS_MAX][PART_MAX];
};

/* The size of the shortest row; none is longer than `size`. */
static size_t shortest_of(
	size_t size, const struct gf256_row *rows, unsigned count)
{
	size_t shortest = size;

	for (unsigned i = 0; i < count; i++)
		if (rows[i].size < shortest)
			shortest = rows[i].size;
	return shortest;
}

/* `size` bytes of each from `at` on: where they stand, or with zeros behind
 * them. */
static void pad(struct padded *padded, const struct gf256_row *rows,
	unsigned count, size_t at, size_t size)
{
	for (unsigned i = 0; i < count; i++) {
		size_t left = rows[i].size > at ? rows[i].size - at : 0;

		padded->rows[i].size = size;
		if (left >= size) {
			padded->rows[i].bytes = rows[i].bytes + at;
			continue;
		}
		memset(padded->room[i], 0, size);
		if (left > 0)
			memcpy(padded->room[i], rows[i].bytes + at, left);
		padded->rows[i].bytes = padded->room[i];
	}
}

/* ---- vectors ---- */

struct kernel {
	size_t vector; /* bytes */
	/* Of at least a vector. */
	void (*add_scaled)(
		uint8_t *to, const uint8_t *from, uint8_t number, size_t size);
	/* One sum. */
	void (*sum)(const struct gf256_sum *sum, size_t size,
		const struct gf256_row *rows, unsigned count);
	/* GF256_SUMS_MAX of them, each of at least two vectors; or NULL. */
	void (*sum_four)(const struct gf256_sum *sums, size_t size,
		const struct gf256_row *rows, unsigned count);
};

#define NONE_8  0, 0, 0, 0, 0, 0, 0, 0
#define ALL_8   255, 255, 255, 255, 255, 255, 255, 255
#define MASK_16 NONE_8, NONE_8, ALL_8, ALL_8
#define MASK_32 NONE_8, NONE_8, NONE_8, NONE_8, ALL_8, ALL_8, ALL_8, ALL_8

/* ---- doubling ---- */

/* Words rather than bytes, since a processor without vectors has them, too. */
typedef uint64_t words2 __attribute__((vector_size(16)));

#define SPLAT(byte) (UINT64_C(0x0101010101010101) * (byte))

/* All ones for each bit of the factor, the highest first, that is set. */
struct bits {
	uint64_t masks[8];
};

static inline struct bits bits_of(uint8_t number)
{
	struct bits bits;

	for (unsigned i = 0; i < 8; i++)
		bits.masks[i] = -(uint64_t)(number >> (7 - i) & 1);
	return bits;
}

static inline words2 multiply_doubling(words2 x, struct bits bits)
{
	words2 product = x & bits.masks[0];

	for (unsigned i = 1; i < 8; i++) {
		words2 carries = product >> 7 & SPLAT(0x01);

		product = (product & SPLAT(0x7f)) << 1;
		product ^= carries ^ carries << 2 ^ carries << 3 ^ carries << 4;
		product ^= x & bits.masks[i];
	}
	return product;
}

#define VECTOR     words2
#define NAME(name) name##_doubling
#define TARGET
#define FACTOR              struct bits
#define PREPARE(number)     bits_of(number)
#define MULTIPLY(x, factor) multiply_doubling(x, factor)
#define LAST_MASK           MASK_16
#include "gf256_kernel.def"

/* ---- shuffles ---- */

#if HAS_X86 || HAS_ARM

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* The products of a factor and each low half, and each high half. */
struct products16 {
	bytes16 low;
	bytes16 high;
};

static inline struct products16 products16_of(uint8_t number)
{
	struct products16 products;
	bytes16 part;

	memcpy(&products.low, low_low[number & 15], 16);
	memcpy(&part, low_high[number >> 4], 16);
	products.low ^= part;
	memcpy(&products.high, low_high[number & 15], 16);
	memcpy(&part, high_high[number >> 4], 16);
	products.high ^= part;
	return products;
}

#endif

#if HAS_X86

#define SSSE3 __attribute__((target("ssse3")))

typedef char chars16 __attribute__((vector_size(16)));

SSSE3 static inline bytes16 look_up_16(bytes16 table, bytes16 halves)
{
	return (bytes16)__builtin_ia32_pshufb128(
		(chars16)table, (chars16)halves);
}

#elif HAS_ARM

#define SSSE3

/* What gcc and clang both have. */
static inline bytes16 look_up_16(bytes16 table, bytes16 halves)
{
	bytes16 found;

	__asm__("tbl %0.16b, {%1.16b}, %2.16b"
		: "=w"(found)
		: "w"(table), "w"(halves));
	return found;
}

#endif

#if HAS_X86 || HAS_ARM

SSSE3 static inline bytes16 multiply_16(bytes16 x, struct products16 products)
{
	return look_up_16(products.low, x & 15) ^
	       look_up_16(products.high, x >> 4);
}

#define VECTOR              bytes16
#define NAME(name)          name##_16
#define TARGET              SSSE3
#define FACTOR              struct products16
#define PREPARE(number)     products16_of(number)
#define MULTIPLY(x, factor) multiply_16(x, factor)
#define LAST_MASK           MASK_16
#define SUMS_AT_ONCE        1
#include "gf256_kernel.def"

#endif

#if HAS_AVX2

#define AVX2 __attribute__((target("avx2")))

typedef uint8_t bytes32 __attribute__((vector_size(32)));
typedef char chars32 __attribute__((vector_size(32)));

/* The same in either half, since a shuffle does not cross the middle. */
AVX2 static inline chars32 twice(bytes16 x)
{
	return (chars32)__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7, 8,
		9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
		12, 13, 14, 15);
}

AVX2 static inline bytes32 multiply_32(bytes32 x, struct products16 products)
{
	chars32 low = __builtin_ia32_pshufb256(
		twice(products.low), (chars32)(x & 15));
	chars32 high = __builtin_ia32_pshufb256(
		twice(products.high), (chars32)(x >> 4));

	return (bytes32)(low ^ high);
}

#define VECTOR              bytes32
#define NAME(name)          name##_32
#define TARGET              AVX2
#define FACTOR              struct products16
#define PREPARE(number)     products16_of(number)
#define MULTIPLY(x, factor) multiply_32(x, factor)
#define LAST_MASK           MASK_32
#define SUMS_AT_ONCE        1
#include "gf256_kernel.def"

#endif

/* ---- matrices ---- */

#if HAS_GFNI

#define GFNI __attribute__((target("avx2,gfni")))

/* Multiplying by x^n is a matrix of bits: the low byte has the bits
 * that are summed for bit 7, the high one those for bit 0 (Intel SDM,
 * GF2P8AFFINEQB). */
#define X0 UINT64_C(0x0102040810204080)
#define X1 UINT64_C(0x8001828488102040)
#define X2 UINT64_C(0x408041c2c4881020)
#define X3 UINT64_C(0x2040a061e2c48810)
#define X4 UINT64_C(0x102050b071e2c488)
#define X5 UINT64_C(0x8810a8d83871e2c4)
#define X6 UINT64_C(0xc488d46c1c3871e2)
#define X7 UINT64_C(0xe2c46a368e1c3871)

/* The matrices of the sixteen sums of four of them. */
#define SUMS_2(sum, a)       (sum), (sum) ^ (a)
#define SUMS_4(sum, a, b)    SUMS_2(sum, a), SUMS_2((sum) ^ (b), a)
#define SUMS_8(sum, a, b, c) SUMS_4(sum, a, b), SUMS_4((sum) ^ (c), a, b)
#define SUMS_16(a, b, c, d)  SUMS_8(0, a, b, c), SUMS_8(d, a, b, c)

typedef uint64_t words4 __attribute__((vector_size(32)));

GFNI static inline uint64_t matrix_of(uint8_t number)
{
	static const uint64_t low[16] = {SUMS_16(X0, X1, X2, X3)};
	static const uint64_t high[16] = {SUMS_16(X4, X5, X6, X7)};

	return low[number & 15] ^ high[number >> 4];
}

GFNI static inline bytes32 multiply_matrix(bytes32 x, uint64_t matrix)
{
	words4 matrices = {matrix, matrix, matrix, matrix};

	return (bytes32)__builtin_ia32_vgf2p8affineqb_v32qi(
		(chars32)x, (chars32)matrices, 0);
}

#define VECTOR              bytes32
#define NAME(name)          name##_matrix
#define TARGET              GFNI
#define FACTOR              uint64_t
#define PREPARE(number)     matrix_of(number)
#define MULTIPLY(x, factor) multiply_matrix(x, factor)
#define LAST_MASK           MASK_32
#define SUMS_AT_ONCE        1
#include "gf256_kernel.def"

#endif

/* ---- the functions ---- */

/* Those that this program has; gf256_kernel names no others. */
static const struct kernel *const kernels[] = {
	[GF256_DOUBLING] = &kernel_doubling,
#if HAS_X86 || HAS_ARM
	[GF256_SHUFFLE_16] = &kernel_16,
#endif
#if HAS_AVX2
	[GF256_SHUFFLE_32] = &kernel_32,
#endif
#if HAS_GFNI
	[GF256_MATRIX_32] = &kernel_matrix,
#endif
};

void gf256_add_scaled(
	uint8_t *to, const uint8_t *from, uint8_t factor, size_t size)
{
	enum gf256_kernel kernel = gf256_kernel();

	if (size < 16) {
		for (size_t i = 0; i < size; i++)
			to[i] ^= gf256_multiply(factor, from[i]);
		return;
	}
	if (kernel > GF256_SHUFFLE_16 && size < kernels[kernel]->vector)
		kernel = GF256_SHUFFLE_16;
	kernels[kernel]->add_scaled(to, from, factor, size);
}

void gf256_sum(const struct gf256_sum *sums, unsigned sum_count, size_t size,
	const struct gf256_row *rows, unsigned count)
{
	const struct kernel *kernel = kernels[gf256_kernel()];

	if (sum_count == GF256_SUMS_MAX && kernel->sum_four &&
		size >= 2 * kernel->vector) {
		kernel->sum_four(sums, size, rows, count);
		return;
	}
	for (unsigned i = 0; i < sum_count; i++)
		kernel->sum(&sums[i], size, rows, count);
}
