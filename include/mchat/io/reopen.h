/* SPDX-License-Identifier: ISC */
/* Another file description of what a descriptor has open, so that its flags
 * are not those of other processes. */
#ifndef MCHAT_IO_REOPEN_H
#define MCHAT_IO_REOPEN_H

#include <stdbool.h>

/* Whether the system can do that with a FIFO, which may have no name. */
bool reopen_is_there(void);

/* Opens what standard error is for writing, with further flags of open(2).
 * The descriptor, or -1 with errno. */
int reopen_stderr(int flags);

#endif
