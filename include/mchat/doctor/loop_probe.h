/* SPDX-License-Identifier: ISC */
/*
 * Datagrams that this host sends to itself on an interface: the kernel loops
 * back what it sends to a group or as a broadcast, and filters it as if it had
 * come in there.  So every filter of this host shows, with nobody else there.
 */
#ifndef MCHAT_DOCTOR_LOOP_PROBE_H
#define MCHAT_DOCTOR_LOOP_PROBE_H

#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/doctor/evidence.h"

struct sealer;

/* What is probed: the group, and who we are. */
struct loop_probe {
	struct address group;
	uint64_t member;       /* a random number, never 0 */
	struct sealer *sealer; /* .seal NULL: the group is not private */
	struct instant deadline;
};

/*
 * Sends on the interface of *out, each way, and fills in its loops and
 * counters.  0, or -1 with errno when the port cannot be bound.
 */
int loop_probe_run(
	const struct loop_probe *probe, struct interface_evidence *out);

#endif
