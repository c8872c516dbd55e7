/* SPDX-License-Identifier: ISC */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>

static void *or_exit(void *memory)
{
	if (!memory) {
		fputs("sim: out of memory\n", stderr);
		exit(2);
	}
	return memory;
}

void *memory_more(void *old, size_t count, size_t size)
{
	return or_exit(realloc(old, count * size));
}

void *memory_zeroed(size_t count, size_t size)
{
	return or_exit(calloc(count ? count : 1, size));
}

void memory_free(void *memory)
{
	free(memory);
}
