/* SPDX-License-Identifier: ISC */
/*
 * Nothing here branches on, or indexes by, what is secret.  Vectors are those
 * of the compiler (gcc 12, clang): SSE2, NEON and others with 4 lanes, AVX2,
 * where the processor has it, with 8.
 */
#include "mchat/crypto/chacha.h"

#include <stdbool.h>
#include <string.h>

#include "mchat/crypto/bytes.h"

#ifndef CRYPTO_LANES
#define CRYPTO_LANES CHACHA_LANES
#endif

#ifndef __has_builtin
#define __has_builtin(name) 0
#endif

/* Their stores want the lowest byte first. */
#if __has_builtin(__builtin_shufflevector) &&                                  \
	__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HAS_VECTORS 1
#else
#define HAS_VECTORS 0
#endif

#if HAS_VECTORS && defined(__x86_64__)
#define HAS_AVX2 1
#else
#define HAS_AVX2 0
#endif

unsigned chacha_lanes_max = CRYPTO_LANES;

/* ---- 1 lane ---- */

static void store_1(const uint32_t x[4], uint8_t *out)
{
	for (size_t i = 0; i < 4; i++)
		bytes_store_le32(out + 4 * i, x[i]);
}

#define LANES      1
#define WORD       uint32_t
#define NAME(name) name##_1
#define TARGET
#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define SPLAT(x)     (x)
#define COUNTING     0
#define STORE        store_1
#include "chacha_lanes.def"

/* ---- 4 lanes ---- */

#if HAS_VECTORS

typedef uint32_t word4 __attribute__((vector_size(16)));

/* Four words of four blocks become 16 bytes of each. */
static inline void store_4(const word4 x[4], uint8_t *out)
{
	word4 low01 = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5);
	word4 low23 = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5);
	word4 high01 = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
	word4 high23 = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
	word4 block[4] = {
		__builtin_shufflevector(low01, low23, 0, 1, 4, 5),
		__builtin_shufflevector(low01, low23, 2, 3, 6, 7),
		__builtin_shufflevector(high01, high23, 0, 1, 4, 5),
		__builtin_shufflevector(high01, high23, 2, 3, 6, 7),
	};

	for (size_t i = 0; i < 4; i++)
		memcpy(out + i * CHACHA_BLOCK_SIZE, &block[i], sizeof(word4));
}

#define LANES      4
#define WORD       word4
#define NAME(name) name##_4
#define TARGET
#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define SPLAT(x)     ((word4){x, x, x, x})
#define COUNTING     ((word4){0, 1, 2, 3})
#define STORE        store_4
#include "chacha_lanes.def"

#endif

/* ---- 8 lanes ---- */

#if HAS_AVX2

#define AVX2 __attribute__((target("avx2")))

typedef uint32_t word8 __attribute__((vector_size(32)));
typedef uint8_t bytes32 __attribute__((vector_size(32)));

/* By whole bytes a shuffle is faster than two shifts. */
#define BYTES_TURNED(x, a, b, c, d)                                            \
	((word8)__builtin_shufflevector((bytes32)(x), (bytes32)(x), a, b, c,   \
		d, 4 + (a), 4 + (b), 4 + (c), 4 + (d), 8 + (a), 8 + (b),       \
		8 + (c), 8 + (d), 12 + (a), 12 + (b), 12 + (c), 12 + (d),      \
		16 + (a), 16 + (b), 16 + (c), 16 + (d), 20 + (a), 20 + (b),    \
		20 + (c), 20 + (d), 24 + (a), 24 + (b), 24 + (c), 24 + (d),    \
		28 + (a), 28 + (b), 28 + (c), 28 + (d)))

/* The same as store_4 in either half, of blocks 0 to 3 and 4 to 7. */
AVX2 static inline void store_8(const word8 x[4], uint8_t *out)
{
	word8 low01 =
		__builtin_shufflevector(x[0], x[1], 0, 8, 1, 9, 4, 12, 5, 13);
	word8 low23 =
		__builtin_shufflevector(x[2], x[3], 0, 8, 1, 9, 4, 12, 5, 13);
	word8 high01 =
		__builtin_shufflevector(x[0], x[1], 2, 10, 3, 11, 6, 14, 7, 15);
	word8 high23 =
		__builtin_shufflevector(x[2], x[3], 2, 10, 3, 11, 6, 14, 7, 15);
	word8 pair[4] = {
		__builtin_shufflevector(low01, low23, 0, 1, 8, 9, 4, 5, 12, 13),
		__builtin_shufflevector(
			low01, low23, 2, 3, 10, 11, 6, 7, 14, 15),
		__builtin_shufflevector(
			high01, high23, 0, 1, 8, 9, 4, 5, 12, 13),
		__builtin_shufflevector(
			high01, high23, 2, 3, 10, 11, 6, 7, 14, 15),
	};

	for (size_t i = 0; i < 4; i++) {
		word4 half[2];

		memcpy(half, &pair[i], sizeof(half));
		memcpy(out + i * CHACHA_BLOCK_SIZE, &half[0], sizeof(word4));
		memcpy(out + (4 + i) * CHACHA_BLOCK_SIZE, &half[1],
			sizeof(word4));
	}
}

#define LANES      8
#define WORD       word8
#define NAME(name) name##_8
#define TARGET     AVX2
#define ROTATE(x, n)                                                           \
	((n) == 16         ? BYTES_TURNED(x, 2, 3, 0, 1)                       \
		: (n) == 8 ? BYTES_TURNED(x, 3, 0, 1, 2)                       \
			   : (x) << (n) | (x) >> (32 - (n)))
#define SPLAT(x) ((word8){x, x, x, x, x, x, x, x})
#define COUNTING ((word8){0, 1, 2, 3, 4, 5, 6, 7})
#define STORE    store_8
#include "chacha_lanes.def"

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

#endif

/* ---- the functions ---- */

static const uint8_t constants[] = "expand 32-byte k";

static void load(uint32_t *out, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		out[i] = bytes_load_le32(bytes + 4 * i);
}

void chacha_subkey(const uint8_t key[CHACHA_KEY_SIZE], const uint8_t head[16],
	uint8_t out[CHACHA_KEY_SIZE])
{
	uint32_t x[16];

	load(x, constants, 4);
	load(x + 4, key, 8);
	load(x + 12, head, 4);
	rounds_1(x);
	for (size_t i = 0; i < 4; i++) {
		bytes_store_le32(out + 4 * i, x[i]);
		bytes_store_le32(out + 16 + 4 * i, x[12 + i]);
	}
}

static void refill(struct chacha_stream *stream)
{
	unsigned lanes = 1;

#if HAS_VECTORS
	if (chacha_lanes_max >= 4)
		lanes = 4;
#endif
#if HAS_AVX2
	if (chacha_lanes_max >= 8 && has_avx2())
		lanes = 8;
	if (lanes == 8)
		fill_8(stream->state, stream->bytes);
#endif
#if HAS_VECTORS
	if (lanes == 4)
		fill_4(stream->state, stream->bytes);
#endif
	if (lanes == 1)
		fill_1(stream->state, stream->bytes);
	stream->used = 0;
	stream->filled = (size_t)lanes * CHACHA_BLOCK_SIZE;
}

void chacha_stream_init(struct chacha_stream *stream,
	const uint8_t key[CHACHA_KEY_SIZE], const uint8_t tail[8])
{
	load(stream->state, constants, 4);
	load(stream->state + 4, key, 8);
	stream->state[12] = 0; /* the counter */
	stream->state[13] = 0;
	load(stream->state + 14, tail, 2);
	refill(stream);
	stream->used = CHACHA_BLOCK_SIZE;
}

static void combine(
	const uint8_t *in, const uint8_t *with, uint8_t *out, size_t size)
{
	size_t i = 0;

	for (; i + 8 <= size; i += 8) {
		uint64_t a;
		uint64_t b;

		memcpy(&a, in + i, 8);
		memcpy(&b, with + i, 8);
		a ^= b;
		memcpy(out + i, &a, 8);
	}
	for (; i < size; i++)
		out[i] = in[i] ^ with[i];
}

void chacha_stream_xor(struct chacha_stream *stream, const uint8_t *in,
	uint8_t *out, size_t size)
{
	while (size > 0) {
		size_t part;

		if (stream->used == stream->filled)
			refill(stream);
		part = stream->filled - stream->used;
		if (part > size)
			part = size;
		combine(in, stream->bytes + stream->used, out, part);
		stream->used += part;
		in += part;
		out += part;
		size -= part;
	}
}
