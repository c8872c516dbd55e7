/* SPDX-License-Identifier: ISC */
/*
 * 100,000 random cases give the same as libsodium gives: XChaCha20-Poly1305
 * with each number of lanes and both sizes of limbs, HChaCha20, SHA-256, HMAC;
 * some of scrypt.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "random.h"
#include "tap.h"
#include "mchat/crypto/aead.h"
#include "mchat/crypto/chacha.h"
#include "mchat/crypto/hmac.h"
#include "mchat/crypto/poly1305.h"
#include "mchat/crypto/scrypt.h"

#define CASES        100000
#define SCRYPT_CASES 200
#define SIZE_LAST    1500

struct sample {
	uint8_t key[32];
	uint8_t nonce[24];
	uint8_t text[SIZE_LAST];
	size_t size;
};

static void draw(uint8_t *out, size_t size)
{
	for (size_t i = 0; i < size; i += 8) {
		uint64_t number = random_next();

		memcpy(out + i, &number, size - i < 8 ? size - i : 8);
	}
}

static void draw_sample(struct sample *sample)
{
	draw(sample->key, sizeof(sample->key));
	draw(sample->nonce, sizeof(sample->nonce));
	sample->size = random_below(SIZE_LAST + 1);
	draw(sample->text, sample->size);
}

static bool seals_alike(const struct sample *s, const uint8_t *expected)
{
	uint8_t subkey[32];
	uint8_t sealed[SIZE_LAST + 16];
	uint8_t out[SIZE_LAST];

	aead_subkey(s->key, s->nonce, subkey);
	memcpy(sealed, s->text, s->size);
	aead_seal(subkey, s->nonce + 16, sealed, s->size);
	return memcmp(sealed, expected, s->size + 16) == 0 &&
	       aead_open(subkey, s->nonce + 16, expected, s->size, out) &&
	       memcmp(out, s->text, s->size) == 0;
}

static bool check_aead(const struct sample *s, bool has_wide)
{
	static const unsigned lanes[] = {1, 4, 8};
	uint8_t expected[SIZE_LAST + 16];
	bool is_alike = true;

	crypto_aead_xchacha20poly1305_ietf_encrypt(expected, NULL, s->text,
		s->size, NULL, 0, NULL, s->nonce, s->key);
	for (size_t i = 0; i < 3; i++) {
		chacha_lanes_max = lanes[i];
		poly1305_is_narrow = true;
		is_alike &= seals_alike(s, expected);
		poly1305_is_narrow = !has_wide;
		is_alike &= seals_alike(s, expected);
	}
	return is_alike;
}

static bool check_subkey(const struct sample *s)
{
	uint8_t got[32];
	uint8_t expected[32];

	aead_subkey(s->key, s->nonce, got);
	crypto_core_hchacha20(expected, s->nonce, s->key, NULL);
	return memcmp(got, expected, 32) == 0;
}

static bool check_sha256(const struct sample *s)
{
	size_t part = random_below(s->size + 1);
	uint8_t got[32];
	uint8_t expected[32];
	struct sha256 hash;

	sha256_init(&hash);
	sha256_update(&hash, s->text, part);
	sha256_update(&hash, s->text + part, s->size - part);
	sha256_final(&hash, got);
	crypto_hash_sha256(expected, s->text, s->size);
	return memcmp(got, expected, 32) == 0;
}

static bool check_hmac(const struct sample *s)
{
	size_t key_size = random_below(s->size + 1) % 200;
	uint8_t got[32];
	uint8_t expected[32];
	struct hmac hmac;
	crypto_auth_hmacsha256_state state;

	hmac_init(&hmac, s->text, key_size);
	hmac_update(&hmac, s->text, s->size);
	hmac_final(&hmac, got);
	crypto_auth_hmacsha256_init(&state, s->text, key_size);
	crypto_auth_hmacsha256_update(&state, s->text, s->size);
	crypto_auth_hmacsha256_final(&state, expected);
	return memcmp(got, expected, 32) == 0;
}

static bool check_scrypt(const struct sample *s)
{
	struct scrypt_cost cost = {
		.n = 2U << random_below(8),
		.r = (uint32_t)random_below(8) + 1,
		.p = (uint32_t)random_below(3) + 1,
	};
	struct pbkdf2_input input = {
		.password = s->text,
		.password_size = s->size,
		.salt = s->nonce,
		.salt_size = random_below(25),
	};
	size_t size = random_below(100) + 1;
	uint8_t got[100];
	uint8_t expected[100];

	return scrypt(&input, &cost, got, size) &&
	       crypto_pwhash_scryptsalsa208sha256_ll(s->text, s->size, s->nonce,
		       input.salt_size, cost.n, cost.r, cost.p, expected,
		       size) == 0 &&
	       memcmp(got, expected, size) == 0;
}

int main(void)
{
	bool has_wide = !poly1305_is_narrow;
	intmax_t wrong[5] = {0};

	if (sodium_init() < 0)
		return 2;
	random_restart();
	for (int i = 0; i < CASES; i++) {
		struct sample sample;

		draw_sample(&sample);
		wrong[0] += !check_aead(&sample, has_wide);
		wrong[1] += !check_subkey(&sample);
		wrong[2] += !check_sha256(&sample);
		wrong[3] += !check_hmac(&sample);
		if (i < SCRYPT_CASES)
			wrong[4] += !check_scrypt(&sample);
	}
	tap_is_int(wrong[0], 0, "XChaCha20-Poly1305");
	tap_is_int(wrong[1], 0, "HChaCha20");
	tap_is_int(wrong[2], 0, "SHA-256");
	tap_is_int(wrong[3], 0, "HMAC-SHA-256");
	tap_is_int(wrong[4], 0, "scrypt");
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	return tap_done();
}
