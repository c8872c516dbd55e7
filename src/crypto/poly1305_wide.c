/* SPDX-License-Identifier: ISC */
/* Arithmetic modulo 2^130 - 5; nothing branches on what is secret. */
#include "mchat/crypto/poly1305_wide.h"

#ifdef __SIZEOF_INT128__

#include "mchat/crypto/bytes.h"

__extension__ typedef unsigned __int128 product;

#define BITS_44 UINT64_C(0xfffffffffff)
#define BITS_42 UINT64_C(0x3ffffffffff)

/* The limbs of 128 bits, and one more. */
static inline void split(const uint8_t bytes[16], unsigned top, uint64_t out[3])
{
	uint64_t low = bytes_load_le64(bytes);
	uint64_t high = bytes_load_le64(bytes + 8);

	out[0] = low & BITS_44;
	out[1] = (low >> 44 | high << 20) & BITS_44;
	out[2] = high >> 24 | (uint64_t)top << 40;
}

/* Adds a times b to d; 2^132 is 20. */
static inline void multiply(
	product d[3], const uint64_t a[3], const uint64_t b[3])
{
	uint64_t b1 = b[1] * 20;
	uint64_t b2 = b[2] * 20;

	d[0] += (product)a[0] * b[0] + (product)a[1] * b2 + (product)a[2] * b1;
	d[1] += (product)a[0] * b[1] + (product)a[1] * b[0] +
		(product)a[2] * b2;
	d[2] += (product)a[0] * b[2] + (product)a[1] * b[1] +
		(product)a[2] * b[0];
}

/* cppcheck takes a product for 32 bits. */
static inline void carry(product d[3], uint64_t out[3])
{
	out[0] = (uint64_t)d[0] & BITS_44;
	/* cppcheck-suppress shiftTooManyBits */
	d[1] += (uint64_t)(d[0] >> 44);
	out[1] = (uint64_t)d[1] & BITS_44;
	/* cppcheck-suppress shiftTooManyBits */
	d[2] += (uint64_t)(d[1] >> 44);
	out[2] = (uint64_t)d[2] & BITS_42;
	/* cppcheck-suppress shiftTooManyBits */
	out[0] += (uint64_t)(d[2] >> 42) * 5;
	out[1] += out[0] >> 44;
	out[0] &= BITS_44;
}

void poly1305_wide_init(struct poly1305_wide *poly, const uint8_t key[32])
{
	product d[3] = {0, 0, 0};

	split(key, 0, poly->r);
	/* "Clamped", as the section says. */
	poly->r[0] &= UINT64_C(0xffc0fffffff);
	poly->r[1] &= UINT64_C(0xfffffc0ffff);
	poly->r[2] &= UINT64_C(0x00ffffffc0f);
	multiply(d, poly->r, poly->r);
	carry(d, poly->square);
	for (int i = 0; i < 3; i++)
		poly->h[i] = 0;
	poly->pad[0] = bytes_load_le64(key + 16);
	poly->pad[1] = bytes_load_le64(key + 24);
}

void poly1305_wide_blocks(struct poly1305_wide *poly, const uint8_t *data,
	size_t count, unsigned top)
{
	uint64_t h[3] = {poly->h[0], poly->h[1], poly->h[2]};
	uint64_t m[3];

	for (; count >= 2; count -= 2, data += 32) {
		product d[3] = {0, 0, 0};

		split(data, top, m);
		for (int i = 0; i < 3; i++)
			h[i] += m[i];
		split(data + 16, top, m);
		multiply(d, h, poly->square);
		multiply(d, m, poly->r);
		carry(d, h);
	}
	if (count > 0) {
		product d[3] = {0, 0, 0};

		split(data, top, m);
		for (int i = 0; i < 3; i++)
			h[i] += m[i];
		multiply(d, h, poly->r);
		carry(d, h);
	}
	for (int i = 0; i < 3; i++)
		poly->h[i] = h[i];
}

/* Carries twice around, so that each limb has no more than its bits. */
static void carry_fully(uint64_t h[3])
{
	for (int i = 0; i < 2; i++) {
		h[1] += h[0] >> 44;
		h[0] &= BITS_44;
		h[2] += h[1] >> 44;
		h[1] &= BITS_44;
		h[0] += (h[2] >> 42) * 5;
		h[2] &= BITS_42;
	}
	h[1] += h[0] >> 44;
	h[0] &= BITS_44;
}

/* Takes off 2^130 - 5 where h is not below that. */
static void reduce(uint64_t h[3])
{
	uint64_t g[3];
	uint64_t mask;

	carry_fully(h);
	g[0] = h[0] + 5;
	g[1] = h[1] + (g[0] >> 44);
	g[0] &= BITS_44;
	g[2] = h[2] + (g[1] >> 44) - (UINT64_C(1) << 42);
	g[1] &= BITS_44;
	/* All ones where that did not borrow. */
	mask = (g[2] >> 63) - 1;
	for (int i = 0; i < 3; i++)
		h[i] = (h[i] & ~mask) | (g[i] & mask);
}

void poly1305_wide_tag(const struct poly1305_wide *poly, uint8_t tag[16])
{
	uint64_t h[3] = {poly->h[0], poly->h[1], poly->h[2]};
	uint64_t low;
	uint64_t high;
	product sum;

	reduce(h);
	low = h[0] | h[1] << 44;
	high = h[1] >> 20 | h[2] << 24;
	sum = (product)low + poly->pad[0];
	bytes_store_le64(tag, (uint64_t)sum);
	high += poly->pad[1] + (uint64_t)(sum >> 64);
	bytes_store_le64(tag + 8, high);
}

#endif
