/* SPDX-License-Identifier: ISC */
/* Memory for the simulator; without it the program ends. */
#ifndef MCHAT_TESTS_SIM_MEMORY_H
#define MCHAT_TESTS_SIM_MEMORY_H

#include <stddef.h>

/* As realloc of `count` times `size` bytes, and as calloc. */
void *memory_more(void *old, size_t count, size_t size);
void *memory_zeroed(size_t count, size_t size);
void memory_free(void *memory);

#endif
