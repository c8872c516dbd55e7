/* SPDX-License-Identifier: ISC */
#include "mchat/relay/address_proof.h"

#include "mchat/base/cursor.h"
#include "mchat/crypto/hmac.h"

/* Family, port, scope, address and time. */
#define INPUT_SIZE (1 + 2 + 4 + 16 + 8)

static uint64_t period_of(struct instant now)
{
	return (uint64_t)(now.ns / (ADDRESS_PROOF_MS * NS_PER_MS));
}

static uint64_t bytes_for(const struct address_proof *proof,
	const struct address *address, uint64_t period)
{
	uint8_t input[INPUT_SIZE];
	uint8_t code[HMAC_SIZE];
	struct writer writer;
	struct reader reader;
	struct hmac hmac;
	uint64_t bytes;

	writer_init(&writer, input, sizeof(input));
	writer_u8(&writer, (uint8_t)address->family);
	writer_u16(&writer, address->port);
	writer_u32(&writer, address->scope);
	writer_bytes(&writer, address->bytes, sizeof(address->bytes));
	writer_u64(&writer, period);
	hmac_init(&hmac, proof->key, sizeof(proof->key));
	hmac_update(&hmac, input, sizeof(input));
	hmac_final(&hmac, code);
	reader_init(&reader, code, sizeof(code));
	bytes = reader_u64(&reader);
	return bytes ? bytes : 1;
}

uint64_t address_proof_challenge(struct address_proof *proof,
	const struct address *address, struct instant now)
{
	if (!rate_limit_take(&proof->limit, ADDRESS_PROOF_PER_SECOND, 0, now))
		return 0;
	return bytes_for(proof, address, period_of(now));
}

bool address_proof_check(const struct address_proof *proof,
	const struct address *address, uint64_t bytes, struct instant now)
{
	uint64_t period = period_of(now);

	return bytes == bytes_for(proof, address, period) ||
	       (period > 0 && bytes == bytes_for(proof, address, period - 1));
}
