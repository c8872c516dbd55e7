/* SPDX-License-Identifier: ISC */
#include "mchat/io/core_dump.h"

#include <sys/prctl.h>

/* A core that goes to a program (core_pattern) has no limit. */
void core_dump_forbid(void)
{
	(void)prctl(PR_SET_DUMPABLE, 0);
}
