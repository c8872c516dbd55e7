/* SPDX-License-Identifier: ISC */
#include "mchat/io/core_dump.h"

#include <sys/resource.h>

void core_dump_forbid(void)
{
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}
