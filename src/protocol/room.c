/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/room.h"

#include "mchat/base/address.h"
#include "mchat/base/utf8.h"

const char *room_check(const char *name, size_t size)
{
	if (size == 0)
		return "must not be empty";
	if (size > ROOM_NAME_MAX)
		return "longer than 64 bytes";
	return utf8_is_valid(name, size) ? NULL : "not valid UTF-8";
}

/* FNV-1a, 64 bits (draft-eastlake-fnv, section 2). */
static uint64_t hash(const char *name, size_t size)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < size; i++) {
		h ^= (unsigned char)name[i];
		h *= UINT64_C(0x100000001b3);
	}
	return h;
}

uint32_t room_tag(const char *name, size_t size)
{
	uint32_t tag = (uint32_t)(hash(name, size) >> 32);

	return tag == 0 ? 1 : tag;
}

void room_address(const char *name, size_t size, struct address *out)
{
	uint32_t low = (uint32_t)hash(name, size);
	/* Both halves, since the last bytes of a name hardly reach the high
	 * one of them. */
	uint16_t host = (uint16_t)(low ^ low >> 16);

	*out = (struct address){
		.family = ADDRESS_IPV4,
		.bytes = {239, 255, (uint8_t)(host >> 8), (uint8_t)host},
		.port = out->port,
	};
}
