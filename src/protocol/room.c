/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/room.h"

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

/* 239.255.0.0/16. */
static void set_ipv4(uint32_t low, struct address *out)
{
	/* Both halves, since the last bytes of a name hardly reach the high
	 * one of them. */
	uint16_t host = (uint16_t)(low ^ low >> 16);

	out->bytes[0] = 239;
	out->bytes[1] = 255;
	out->bytes[2] = (uint8_t)(host >> 8);
	out->bytes[3] = (uint8_t)host;
}

/* ff12::/96: transient, of the link.  The top bit of the group's number says
 * that whoever uses it chose it (RFC 3307, section 4.3). */
static void set_ipv6(uint32_t low, struct address *out)
{
	out->bytes[0] = 0xff;
	out->bytes[1] = 0x12;
	out->bytes[12] = (uint8_t)(low >> 24 | 0x80);
	out->bytes[13] = (uint8_t)(low >> 16);
	out->bytes[14] = (uint8_t)(low >> 8);
	out->bytes[15] = (uint8_t)low;
}

void room_address(const char *name, size_t size, enum address_family family,
	struct address *out)
{
	uint32_t low = (uint32_t)hash(name, size);

	*out = (struct address){.family = family, .port = out->port};
	if (family == ADDRESS_IPV6)
		set_ipv6(low, out);
	else
		set_ipv4(low, out);
}
