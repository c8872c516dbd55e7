/* SPDX-License-Identifier: ISC */
/* The GNU C library and musl tell how much waits, as Solaris does. */
#include "mchat/io/held_stream.h"

#include <stdio_ext.h> /* __fpending */

void held_stream_begin(FILE *stream, char *bytes, size_t size)
{
	(void)setvbuf(stream, bytes, _IOFBF, size);
}

bool held_stream_has_some(FILE *stream, const char *bytes)
{
	(void)bytes;
	return __fpending(stream) > 0;
}

void held_stream_flush(FILE *stream, char *bytes)
{
	(void)bytes;
	(void)fflush(stream);
}
