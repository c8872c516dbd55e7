/* SPDX-License-Identifier: ISC */
/* Whether anybody else is heard in the group, and hears us. */
#ifndef MCHAT_DOCTOR_MEMBER_PROBE_H
#define MCHAT_DOCTOR_MEMBER_PROBE_H

#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/doctor/evidence.h"

/* Sends probes to the group on the chosen interfaces as `self`, listens to what
 * members send and reply, by `deadline` at the latest, and fills in *out. */
void member_probe_run(
	uint64_t self, struct instant deadline, struct evidence *out);

#endif
