/* SPDX-License-Identifier: ISC */
/* What --help and --version print. */
#ifndef MCHAT_HELP_H
#define MCHAT_HELP_H

#include <stdbool.h>

/* False when stdout did not take it; why was said. */
bool help_print(void);
bool help_print_version(void);

#endif
