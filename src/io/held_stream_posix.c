/* SPDX-License-Identifier: ISC */
/*
 * POSIX does not tell what waits in a stream.  But all C libraries fill a
 * buffer that they are given from its beginning, some a few bytes behind that,
 * and what is said has no NUL.  If one did otherwise, what is held back would
 * be shown with what comes next.
 */
#include "mchat/io/held_stream.h"

#include <string.h>

/* musl keeps 8 bytes for ungetc. */
#define BEGINNING 16

void held_stream_begin(FILE *stream, char *bytes, size_t size)
{
	memset(bytes, '\0', size);
	(void)setvbuf(stream, bytes, _IOFBF, size);
}

bool held_stream_has_some(FILE *stream, const char *bytes)
{
	(void)stream;
	for (size_t i = 0; i < BEGINNING; i++) {
		if (bytes[i] != '\0')
			return true;
	}
	return false;
}

void held_stream_flush(FILE *stream, char *bytes)
{
	(void)fflush(stream);
	memset(bytes, '\0', BEGINNING);
}
