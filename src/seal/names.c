/* SPDX-License-Identifier: ISC */
#include "mchat/seal/names.h"

#include "mchat/base/cursor.h"

void names_write(const uint64_t *sessions, size_t count, uint8_t *out)
{
	struct writer writer;

	writer_init(&writer, out, NAMES_SIZE(count));
	writer_u8(&writer, (uint8_t)count);
	for (size_t i = 0; i < count; i++)
		writer_u64(&writer, sessions[i]);
}

bool names_are_valid(const uint8_t *content, size_t size)
{
	return size > 0 && content[0] >= 1 && content[0] <= NAMES_MAX &&
	       size == NAMES_SIZE(content[0]);
}

bool names_have(const uint8_t *content, size_t size, uint64_t session)
{
	struct reader reader;

	reader_init(&reader, content, size);
	for (unsigned left = reader_u8(&reader); left > 0; left--)
		if (reader_u64(&reader) == session)
			return true;
	return false;
}
