/* SPDX-License-Identifier: ISC */
/* Socket options of other systems and of textbooks, and what is here instead.
 */
#ifndef MCHAT_SOCKOPT_FOREIGN_OPTION_H
#define MCHAT_SOCKOPT_FOREIGN_OPTION_H

struct foreign_option {
	const char *name;   /* "TCP_KEEPALIVE" */
	const char *system; /* that has it under this name: "macOS" */
	const char *here;   /* what does the same here, or that nothing does */
};

/* NULL when no other system is known to have the name. */
const struct foreign_option *foreign_option_find(const char *name);

#endif
