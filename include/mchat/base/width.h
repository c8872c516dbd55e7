/* SPDX-License-Identifier: ISC */
/*
 * How many columns of a terminal a code point takes, whatever the locale.  The
 * ambiguous ones of UAX #11 take one, as on most terminals.
 */
#ifndef MCHAT_BASE_WIDTH_H
#define MCHAT_BASE_WIDTH_H

#include <stdint.h>

#include "mchat/base/width_table.h"

/* `code_point` may be UTF8_INVALID, which is hidden. */
enum width_kind width_kind(uint32_t code_point);

/* Columns of a code point that is drawn as it is: 0, 1 or 2. */
unsigned width_of(uint32_t code_point);

#endif
