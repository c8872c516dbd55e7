/* SPDX-License-Identifier: ISC */
/* Keeping secrets out of files that are written when a program crashes. */
#ifndef MCHAT_IO_CORE_DUMP_H
#define MCHAT_IO_CORE_DUMP_H

/* From now on this process leaves no core dump, and only root can look into its
 * memory where the system has a way to forbid that. */
void core_dump_forbid(void);

#endif
