/* SPDX-License-Identifier: ISC */
#include "mchat/seal/nonce.h"

#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/crypto/aead.h"
#include "mchat/crypto/secret.h"

/* A part of HChaCha20 with the seed as the key: random to all who do not have
 * that. */
uint64_t nonce_random(struct nonce *nonce)
{
	uint8_t input[AEAD_NONCE_HEAD_SIZE] = {0};
	uint8_t output[AEAD_KEY_SIZE];
	struct writer writer;
	struct reader reader;
	uint64_t random;

	writer_init(&writer, input, sizeof(input));
	writer_u64(&writer, nonce->drawn++);
	aead_subkey(nonce->seed, input, output);
	reader_init(&reader, output, sizeof(output));
	random = reader_u64(&reader);
	secret_wipe(output, sizeof(output));
	return random;
}

void nonce_renew(struct nonce *nonce)
{
	do
		nonce->session = nonce_random(nonce);
	while (nonce->session == 0);
	nonce->number = 0;
}

void nonce_init(struct nonce *nonce, const uint8_t seed[NONCE_SEED_SIZE],
	uint16_t tag, struct wall_time wall)
{
	*nonce = (struct nonce){.tag = tag, .time = wall_time_seconds(wall)};
	memcpy(nonce->seed, seed, sizeof(nonce->seed));
	nonce_renew(nonce);
}

void nonce_turn(struct nonce *nonce, uint32_t guard, struct wall_time wall)
{
	int64_t time = wall_time_seconds(wall);

	nonce->guard = guard;
	if (time >= nonce->time || nonce->number == 0) {
		nonce->time = time;
	} else if (nonce->time - time > NONCE_STEP_BACK_S) {
		nonce_renew(nonce);
		nonce->time = time;
	}
}

void nonce_next(
	struct nonce *nonce, enum seal_kind kind, uint8_t out[SEAL_HEADER_SIZE])
{
	struct seal_header header = {
		.kind = kind,
		.tag = nonce->tag,
		.time = (uint32_t)nonce->time,
		.guard = nonce->guard,
	};

	if (nonce->number == SEAL_NUMBER_MAX)
		nonce_renew(nonce);
	header.session = nonce->session;
	header.number = ++nonce->number;
	seal_header_write(&header, out);
}
