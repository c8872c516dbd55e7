/* SPDX-License-Identifier: ISC */
/* Whether anybody else is heard in the group. */
#ifndef MCHAT_DOCTOR_MEMBER_PROBE_H
#define MCHAT_DOCTOR_MEMBER_PROBE_H

#include "mchat/base/time.h"
#include "mchat/doctor/evidence.h"

/* Listens to the group on the chosen interfaces, by `deadline` at the latest,
 * and fills in who was heard. */
void member_probe_run(struct instant deadline, struct evidence *out);

#endif
