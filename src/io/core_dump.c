/* SPDX-License-Identifier: ISC */
#include "mchat/io/core_dump.h"

#ifdef __linux__
#include <sys/prctl.h>
#else
#include <sys/resource.h>
#endif

void core_dump_forbid(void)
{
#ifdef __linux__
	/* A core that goes to a program (core_pattern) has no limit. */
	(void)prctl(PR_SET_DUMPABLE, 0);
#else
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#endif
}
