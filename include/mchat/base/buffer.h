/* SPDX-License-Identifier: ISC */
/*
 * A queue of bytes that grows: append at the end, consume from the front.
 * Running out of memory is sticky (`failed`), so that a writer checks only
 * once.
 */
#ifndef MCHAT_BASE_BUFFER_H
#define MCHAT_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char *bytes;     /* owned; NULL while nothing was ever appended */
	size_t start;    /* index of the first byte not yet consumed */
	size_t end;      /* index past the last byte */
	size_t capacity; /* bytes allocated */
	bool failed;     /* an append failed; its bytes are missing */
};

#define BUFFER_EMPTY ((struct buffer){0})

/* Frees the memory and leaves an empty buffer. */
void buffer_fini(struct buffer *buffer);

static inline size_t buffer_size(const struct buffer *buffer)
{
	return buffer->end - buffer->start;
}

/* The bytes not yet consumed; valid until the next append or reserve. */
static inline const char *buffer_bytes(const struct buffer *buffer)
{
	return buffer->bytes ? buffer->bytes + buffer->start : "";
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t size);
void buffer_append_string(struct buffer *buffer, const char *string);
void buffer_append_char(struct buffer *buffer, char c);

/* Appends as printf and vprintf do. */
void buffer_append_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_append_vformat(struct buffer *buffer, const char *format,
	va_list arguments) __attribute__((format(printf, 2, 0)));

/*
 * Makes room for `size` bytes after the end and returns it, or NULL when there
 * is no memory.  What the caller writes there counts after buffer_commit.
 */
char *buffer_reserve(struct buffer *buffer, size_t size);

/* Counts `size` bytes, written after buffer_reserve, as appended. */
static inline void buffer_commit(struct buffer *buffer, size_t size)
{
	buffer->end += size;
}

/* Drops `size` bytes, at most all, from the front. */
void buffer_consume(struct buffer *buffer, size_t size);

/* Drops everything and forgets a failure; keeps the memory. */
void buffer_clear(struct buffer *buffer);

#endif
