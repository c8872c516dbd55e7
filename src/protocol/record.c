/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/record.h"

#include "mchat/base/cursor.h"

bool record_is_valid(const struct record *record)
{
	switch (record->type) {
	case RECORD_PART:
		return record->size >= 1;
	case RECORD_NICK:
		return record->size <= RECORD_NICK_MAX;
	default:
		return true;
	}
}

/* Fills in what the bytes of a record mean. */
static void interpret(struct record *record)
{
	uint8_t flags;

	record->text = (const char *)record->bytes;
	record->text_size = record->size;
	switch (record->type) {
	case RECORD_LINE:
	case RECORD_ACTION:
		record->is_text = true;
		record->is_first = true;
		record->is_last = true;
		record->is_action = record->type == RECORD_ACTION;
		break;
	case RECORD_PART:
		if (record->size == 0)
			break;
		flags = record->bytes[0];
		record->is_text = true;
		record->is_first = flags & RECORD_PART_FIRST;
		record->is_last = flags & RECORD_PART_LAST;
		record->is_action = flags & RECORD_PART_ACTION;
		record->text++;
		record->text_size--;
		break;
	default:
		break;
	}
}

bool record_next(struct reader *reader, struct record *out)
{
	struct record record = {0};

	if (reader_left(reader) == 0)
		return false;
	record.type = reader_u8(reader);
	record.size = reader_u16(reader);
	record.bytes = reader_bytes(reader, record.size);
	if (reader->failed)
		return false;
	interpret(&record);
	*out = record;
	return true;
}

/* Writes type and length of a record; false, and the writer failed, when its
 * bytes have no room behind them: no length without its bytes. */
static bool begin(struct writer *writer, enum record_type type, size_t size)
{
	if (size > UINT16_MAX || writer_left(writer) < RECORD_OVERHEAD + size) {
		writer->failed = true;
		return false;
	}
	writer_u8(writer, (uint8_t)type);
	writer_u16(writer, (uint16_t)size);
	return true;
}

void record_encode(struct writer *writer, enum record_type type,
	const void *bytes, size_t size)
{
	struct record record = {.type = (uint8_t)type, .size = size};

	if (!record_is_valid(&record))
		writer->failed = true;
	else if (begin(writer, type, size))
		writer_bytes(writer, bytes, size);
}

void record_encode_part(
	struct writer *writer, uint8_t flags, const char *text, size_t size)
{
	if (!begin(writer, RECORD_PART, size + 1))
		return;
	writer_u8(writer, flags);
	writer_bytes(writer, text, size);
}
