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
	const char *sysctls[2]; /* that bound it or preset it; NULL: none */
	const char *remark;     /* NULL: none */
	const char *experiment; /* of mchat lab, that shows it; NULL: none */
};

/* NULL when there is nothing to add. */
const struct option_notes *option_notes_find(enum sockopt_id id);

#endif
