/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/record.h"

#include <string.h>

#include "mchat/base/cursor.h"

/* Room for a record's bytes behind its type and length; NULL, and the writer
 * failed, when there is not enough for all: no length without its bytes. */
static uint8_t *begin(struct writer *writer, enum record_type type, size_t size)
{
	uint8_t *head;

	if (size > UINT16_MAX) {
		writer->failed = true;
		return NULL;
	}
	head = writer_room(writer, RECORD_OVERHEAD + size);
	if (!head)
		return NULL;
	head[0] = (uint8_t)type;
	head[1] = (uint8_t)(size >> 8);
	head[2] = (uint8_t)size;
	return head + RECORD_OVERHEAD;
}

void record_encode(struct writer *writer, enum record_type type,
	const void *bytes, size_t size)
{
	struct record record = {.type = (uint8_t)type, .size = size};
	uint8_t *room;

	if (!record_is_valid(&record)) {
		writer->failed = true;
		return;
	}
	room = begin(writer, type, size);
	if (room && size > 0)
		memcpy(room, bytes, size);
}

void record_encode_part(
	struct writer *writer, uint8_t flags, const char *text, size_t size)
{
	uint8_t *room = begin(writer, RECORD_PART, size + 1);

	if (!room)
		return;
	room[0] = flags;
	if (size > 0)
		memcpy(room + 1, text, size);
}
