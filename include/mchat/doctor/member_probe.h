/* SPDX-License-Identifier: ISC */
/* Whether anybody else is heard in the group, and hears us. */
#ifndef MCHAT_DOCTOR_MEMBER_PROBE_H
#define MCHAT_DOCTOR_MEMBER_PROBE_H

#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/doctor/evidence.h"

struct sealer;

/* What it takes when there is time: what leaves less is left out. */
#define MEMBER_PROBE_MS 5200

/* Sends probes every way on the chosen interfaces as `self`, listens to what
 * members send and reply, and replies to other doctors, by `deadline` at the
 * latest; fills in *out.  All of it sealed, where the group is private. */
void member_probe_run(uint64_t self, struct sealer *sealer,
	struct instant deadline, struct evidence *out);

#endif
