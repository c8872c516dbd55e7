/* SPDX-License-Identifier: ISC */
#include "mchat/seal/key_schedule.h"

#include <string.h>

#include "mchat/crypto/bytes.h"
#include "mchat/crypto/hkdf.h"
#include "mchat/crypto/secret.h"
#include "mchat/protocol/room.h"
#include "mchat/seal/shared_key.h"

#define SALT "mchat private group 1"

/* What is derived.  Each ends with its terminator, so that none is another's
 * beginning; a room comes last. */
#define SEAL  "seal"
#define PLACE "place"
#define NAME  "name"

#define INFO_MAX (sizeof(PLACE) + ROOM_NAME_MAX)

void key_schedule_make(const struct shared_key *key, const char *room,
	size_t size, struct key_schedule *out)
{
	uint8_t prk[HMAC_SIZE];
	uint8_t info[INFO_MAX];
	uint8_t place[6];
	uint8_t name[4];

	if (size > ROOM_NAME_MAX)
		size = ROOM_NAME_MAX;
	hkdf_extract(
		SALT, sizeof(SALT) - 1, key->bytes, sizeof(key->bytes), prk);

	memcpy(info, SEAL, sizeof(SEAL));
	if (size > 0)
		memcpy(info + sizeof(SEAL), room, size);
	hkdf_expand(prk, info, sizeof(SEAL) + size, out->seal_key,
		sizeof(out->seal_key));

	memcpy(info, PLACE, sizeof(PLACE));
	if (size > 0)
		memcpy(info + sizeof(PLACE), room, size);
	hkdf_expand(prk, info, sizeof(PLACE) + size, place, sizeof(place));

	hkdf_expand(prk, NAME, sizeof(NAME), name, sizeof(name));
	secret_wipe(prk, sizeof(prk));
	out->tag = (uint16_t)(place[0] << 8 | place[1]);
	memcpy(out->place, place + 2, sizeof(out->place));
	out->fingerprint = bytes_load_be32(name);
}

void key_schedule_address(const struct key_schedule *schedule,
	enum address_family family, struct address *out)
{
	const uint8_t *place = schedule->place;
	struct address address = {.family = family, .port = out->port};

	if (family == ADDRESS_IPV6) {
		address.bytes[0] = 0xff;
		address.bytes[1] = 0x12;
		memcpy(address.bytes + 12, place, sizeof(schedule->place));
		address.bytes[12] |= 0x80;
	} else {
		address.bytes[0] = 239;
		address.bytes[1] = 255;
		address.bytes[2] = place[0] % 255;
		address.bytes[3] = place[1];
	}
	*out = address;
}

void key_schedule_fingerprint(const struct key_schedule *schedule,
	char out[KEY_SCHEDULE_FINGERPRINT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	char *at = out;

	for (int shift = 28; shift >= 0; shift -= 4) {
		*at++ = digits[schedule->fingerprint >> shift & 15];
		if (shift == 16)
			*at++ = '-';
	}
	*at = '\0';
}
