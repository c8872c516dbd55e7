/* SPDX-License-Identifier: ISC */
/* Arithmetic modulo 2^130 - 5; nothing branches on what is secret. */
#include "mchat/crypto/poly1305_narrow.h"

#include "mchat/crypto/bytes.h"

#define BITS_26 UINT32_C(0x3ffffff)

/* The limbs of 128 bits, and one more. */
static void split(const uint8_t bytes[16], unsigned top, uint32_t out[5])
{
	out[0] = bytes_load_le32(bytes) & BITS_26;
	out[1] = bytes_load_le32(bytes + 3) >> 2 & BITS_26;
	out[2] = bytes_load_le32(bytes + 6) >> 4 & BITS_26;
	out[3] = bytes_load_le32(bytes + 9) >> 6;
	out[4] = bytes_load_le32(bytes + 12) >> 8 | (uint32_t)top << 24;
}

void poly1305_narrow_init(struct poly1305_narrow *poly, const uint8_t key[32])
{
	static const uint32_t clamp[5] = {
		0x3ffffff, 0x3ffff03, 0x3ffc0ff, 0x3f03fff, 0x00fffff};

	split(key, 0, poly->r);
	for (int i = 0; i < 5; i++) {
		poly->r[i] &= clamp[i];
		poly->h[i] = 0;
	}
	for (size_t i = 0; i < 4; i++)
		poly->pad[i] = bytes_load_le32(key + 16 + 4 * i);
}

/* h becomes h times r; 2^130 is 5. */
static void multiply(uint32_t h[5], const uint32_t r[5])
{
	uint64_t d[5] = {0};
	uint32_t carry = 0;

	for (int i = 0; i < 5; i++) {
		for (int j = 0; j < 5; j++)
			d[i] += (uint64_t)h[j] *
				(j <= i ? r[i - j] : 5 * r[5 + i - j]);
	}
	for (int i = 0; i < 5; i++) {
		d[i] += carry;
		carry = (uint32_t)(d[i] >> 26);
		h[i] = (uint32_t)d[i] & BITS_26;
	}
	h[0] += carry * 5;
	h[1] += h[0] >> 26;
	h[0] &= BITS_26;
}

void poly1305_narrow_blocks(struct poly1305_narrow *poly, const uint8_t *data,
	size_t count, unsigned top)
{
	for (; count > 0; count--, data += 16) {
		uint32_t m[5];

		split(data, top, m);
		for (int i = 0; i < 5; i++)
			poly->h[i] += m[i];
		multiply(poly->h, poly->r);
	}
}

/* Carries twice around, so that each limb has no more than its bits. */
static void carry_fully(uint32_t h[5])
{
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 4; i++) {
			h[i + 1] += h[i] >> 26;
			h[i] &= BITS_26;
		}
		h[0] += (h[4] >> 26) * 5;
		h[4] &= BITS_26;
	}
	h[1] += h[0] >> 26;
	h[0] &= BITS_26;
}

/* Takes off 2^130 - 5 where h is not below that. */
static void reduce(uint32_t h[5])
{
	uint32_t g[5];
	uint32_t carry = 5;
	uint32_t mask;

	carry_fully(h);
	for (int i = 0; i < 5; i++) {
		g[i] = h[i] + carry;
		carry = g[i] >> 26;
		g[i] &= BITS_26;
	}
	/* All ones where there is a bit 130 then. */
	mask = 0 - carry;
	for (int i = 0; i < 5; i++)
		h[i] = (h[i] & ~mask) | (g[i] & mask);
}

void poly1305_narrow_tag(const struct poly1305_narrow *poly, uint8_t tag[16])
{
	uint32_t h[5];
	uint32_t words[4];
	uint64_t sum = 0;

	for (int i = 0; i < 5; i++)
		h[i] = poly->h[i];
	reduce(h);
	words[0] = h[0] | h[1] << 26;
	words[1] = h[1] >> 6 | h[2] << 20;
	words[2] = h[2] >> 12 | h[3] << 14;
	words[3] = h[3] >> 18 | h[4] << 8;
	for (size_t i = 0; i < 4; i++) {
		sum = (sum >> 32) + words[i] + poly->pad[i];
		bytes_store_le32(tag + 4 * i, (uint32_t)sum);
	}
}
