/* SPDX-License-Identifier: ISC */
/*
 * When room is needed, consumed space is reused, but only once it is at least
 * as large as what must be moved: so each byte consumed pays for the move of
 * one byte.
 */
#include "mchat/base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first allocation: a few lines of chat. */
#define CAPACITY_FIRST 256

void buffer_fini(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = BUFFER_EMPTY;
}

static void move_to_front(struct buffer *buffer)
{
	size_t size = buffer_size(buffer);

	if (!buffer->bytes || buffer->start == 0)
		return;
	memmove(buffer->bytes, buffer->bytes + buffer->start, size);
	buffer->start = 0;
	buffer->end = size;
}

static bool grow(struct buffer *buffer, size_t size)
{
	size_t used = buffer_size(buffer);
	size_t capacity = buffer->capacity;
	char *bytes;

	if (used > SIZE_MAX / 4 || size > SIZE_MAX / 4 - used)
		return false;
	/* Doubling at least once keeps appends amortised when start > 0. */
	do
		capacity = capacity ? capacity * 2 : CAPACITY_FIRST;
	while (capacity - used < size);
	move_to_front(buffer);
	bytes = realloc(buffer->bytes, capacity);
	if (!bytes)
		return false;
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return true;
}

/* Finds room where there is none behind the end. */
static char *make_room(struct buffer *buffer, size_t size)
{
	size_t used = buffer_size(buffer);

	if (buffer->bytes && buffer->capacity - used >= size &&
		buffer->start >= used) {
		move_to_front(buffer);
	} else if (!grow(buffer, size)) {
		buffer->failed = true;
		return NULL;
	}
	return buffer->bytes + buffer->end;
}

static inline char *reserve(struct buffer *buffer, size_t size)
{
	if (buffer->bytes && buffer->capacity - buffer->end >= size)
		return buffer->bytes + buffer->end;
	return make_room(buffer, size);
}

char *buffer_reserve(struct buffer *buffer, size_t size)
{
	return reserve(buffer, size);
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t size)
{
	char *room;

	if (size == 0)
		return;
	room = reserve(buffer, size);
	if (!room)
		return;
	memcpy(room, bytes, size);
	buffer_commit(buffer, size);
}

void buffer_append_string(struct buffer *buffer, const char *string)
{
	buffer_append(buffer, string, strlen(string));
}

void buffer_append_char(struct buffer *buffer, char c)
{
	char *room = reserve(buffer, 1);

	if (!room)
		return;
	*room = c;
	buffer_commit(buffer, 1);
}

void buffer_append_vformat(
	struct buffer *buffer, const char *format, va_list arguments)
{
	va_list again;
	char *room;
	int size;

	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (size < 0) {
		buffer->failed = true;
		return;
	}
	/* One more for the terminator, which is not counted. */
	room = buffer_reserve(buffer, (size_t)size + 1);
	if (!room)
		return;
	vsnprintf(room, (size_t)size + 1, format, arguments);
	buffer_commit(buffer, (size_t)size);
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	buffer_append_vformat(buffer, format, arguments);
	va_end(arguments);
}

void buffer_consume(struct buffer *buffer, size_t size)
{
	if (size < buffer_size(buffer)) {
		buffer->start += size;
	} else {
		buffer->start = 0;
		buffer->end = 0;
	}
}

void buffer_clear(struct buffer *buffer)
{
	buffer->start = 0;
	buffer->end = 0;
	buffer->failed = false;
}
