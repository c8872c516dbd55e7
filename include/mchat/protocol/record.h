/* SPDX-License-Identifier: ISC */
/*
 * The records of a DATA packet, which hold what its author said: short messages
 * whole, long ones in pieces, and the nick that all of them go by.  Types that
 * are not known are passed over by their length.
 */
#ifndef MCHAT_PROTOCOL_RECORD_H
#define MCHAT_PROTOCOL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/cursor.h"

enum record_type {
	RECORD_LINE = 1,   /* a whole message */
	RECORD_ACTION = 2, /* a whole message of /me */
	RECORD_PART = 3,   /* a piece of a long message; its first byte is */
	RECORD_NICK = 4,   /* the author's nick from here on */
};

/* The first byte of a RECORD_PART. */
#define RECORD_PART_FIRST  0x01
#define RECORD_PART_LAST   0x02
#define RECORD_PART_ACTION 0x04

/* Bytes of a nick. */
#define RECORD_NICK_MAX 32

/* Bytes that a record takes beyond its own: type and length. */
#define RECORD_OVERHEAD 3

/* It borrows from the packet. */
struct record {
	uint8_t type; /* record_type, or unknown: to be passed over */
	const uint8_t *bytes;
	size_t size;

	/* What they mean. */
	bool is_text;     /* a message, or a piece of one */
	bool is_first;    /* with which a message begins */
	bool is_last;     /* with which a message ends */
	bool is_action;   /* of /me */
	const char *text; /* of message, piece or nick; not terminated */
	size_t text_size;
};

/* Whether the bytes of a record are a whole message. */
static inline bool record_is_whole(const struct record *record)
{
	return record->type == RECORD_LINE || record->type == RECORD_ACTION;
}

/* What the bytes of a record mean: those of a message by its type, of a piece
 * of one by its first byte. */
static inline void record_interpret(struct record *record)
{
	bool is_part = record->type == RECORD_PART && record->size > 0;
	bool is_action = record->type == RECORD_ACTION;
	bool is_whole = record_is_whole(record);
	uint8_t flags = is_part ? record->bytes[0] : 0;

	record->is_text = is_whole || is_part;
	record->is_first = is_whole || flags & RECORD_PART_FIRST;
	record->is_last = is_whole || flags & RECORD_PART_LAST;
	record->is_action = is_action || flags & RECORD_PART_ACTION;
	record->text = (const char *)record->bytes + is_part;
	record->text_size = record->size - is_part;
}

/*
 * Takes the next record from a reader over the records of a packet; false at
 * the end, and with reader->failed set when the next one is cut off.  Inline,
 * as whoever walks over the records wants little of each.
 */
static inline bool record_next(struct reader *reader, struct record *out)
{
	const uint8_t *head;
	const uint8_t *bytes;
	size_t size;

	if (reader_left(reader) == 0)
		return false;
	head = reader_bytes(reader, RECORD_OVERHEAD);
	if (!head)
		return false;
	size = (size_t)head[1] << 8 | head[2];
	bytes = reader_bytes(reader, size);
	if (!bytes)
		return false;
	out->type = head[0];
	out->bytes = bytes;
	out->size = size;
	record_interpret(out);
	return true;
}

/* Whether a record that record_next gave is one that an author may send. */
static inline bool record_is_valid(const struct record *record)
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

/* Writes a record, whole or not at all; what does not fit, or would not decode,
 * makes the writer fail. */
void record_encode(struct writer *writer, enum record_type type,
	const void *bytes, size_t size);

/* The same for a piece of a message, with its flags. */
void record_encode_part(
	struct writer *writer, uint8_t flags, const char *text, size_t size);

#endif
