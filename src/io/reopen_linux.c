/* SPDX-License-Identifier: ISC */
#include "mchat/io/reopen.h"

#include <fcntl.h>

bool reopen_is_there(void)
{
	return true;
}

int reopen_stderr(int flags)
{
	return open("/proc/self/fd/2", O_WRONLY | flags);
}
