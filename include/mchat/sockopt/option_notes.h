/* SPDX-License-Identifier: ISC */
/* Notes on a socket option: its sysctls, a remark, the experiment that shows
 * it. */
#ifndef MCHAT_SOCKOPT_OPTION_NOTES_H
#define MCHAT_SOCKOPT_OPTION_NOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/network/sockopt.h"

struct option_notes {
	enum sockopt_id id;
	const char *sysctls[2]; /* those that rule it; NULL: fewer */
	const char *remark;     /* NULL: none */
	const char *experiment; /* that shows it, see mchat lab; NULL: none */
};

/* NULL when there is nothing to add. */
const struct option_notes *option_notes_find(enum sockopt_id id);

/*
 * Reads a sysctl by its name, "net.core.rmem_max", without its newline.  False
 * when this system has none of the name, or it is not for us to read.
 */
bool option_notes_read_sysctl(const char *name, char *out, size_t size);

#endif
