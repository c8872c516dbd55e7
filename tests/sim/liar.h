/* SPDX-License-Identifier: ISC */
/* A member whose engine is honest, but whose reports are changed on the way
 * out.
 */
#ifndef MCHAT_TESTS_SIM_LIAR_H
#define MCHAT_TESTS_SIM_LIAR_H

#include "scenario.h"

struct parcel;

/* Changes what a STATE reports, as `lie` (ACT_LIE_LESS or ACT_LIE_ALL) has it;
 * other packets stay as they are. */
void liar_change(enum act_kind lie, struct parcel *parcel);

#endif
