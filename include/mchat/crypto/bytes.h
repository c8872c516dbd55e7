/* SPDX-License-Identifier: ISC */
/* Numbers of 32 and 64 bits in bytes, whatever the machine's own order. */
#ifndef MCHAT_CRYPTO_BYTES_H
#define MCHAT_CRYPTO_BYTES_H

#include <stdint.h>

static inline uint32_t bytes_load_le32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
	       (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static inline uint32_t bytes_load_be32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
}

static inline void bytes_store_le32(uint8_t *bytes, uint32_t value)
{
	bytes[0] = (uint8_t)value;
	bytes[1] = (uint8_t)(value >> 8);
	bytes[2] = (uint8_t)(value >> 16);
	bytes[3] = (uint8_t)(value >> 24);
}

static inline void bytes_store_be32(uint8_t *bytes, uint32_t value)
{
	bytes[0] = (uint8_t)(value >> 24);
	bytes[1] = (uint8_t)(value >> 16);
	bytes[2] = (uint8_t)(value >> 8);
	bytes[3] = (uint8_t)value;
}

static inline uint64_t bytes_load_le64(const uint8_t *bytes)
{
	return bytes_load_le32(bytes) | (uint64_t)bytes_load_le32(bytes + 4)
						<< 32;
}

static inline void bytes_store_le64(uint8_t *bytes, uint64_t value)
{
	bytes_store_le32(bytes, (uint32_t)value);
	bytes_store_le32(bytes + 4, (uint32_t)(value >> 32));
}

#endif
