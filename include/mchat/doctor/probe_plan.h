/* SPDX-License-Identifier: ISC */
/* In which order probes go which way, so that each way is tried all the time.
 * Pure. */
#ifndef MCHAT_DOCTOR_PROBE_PLAN_H
#define MCHAT_DOCTOR_PROBE_PLAN_H

#include "mchat/doctor/evidence.h"

/* What a large probe takes: what mchat fills an Ethernet frame with. */
#define PROBE_PLAN_LARGE 1400

/* With more than one router between, a group is seldom forwarded; and so far it
 * stays within an organisation. */
#define PROBE_PLAN_FAR 8

struct planned_probe {
	enum way way;
	enum probe_class class;
	unsigned hop_limit; /* of what goes to a group */
};

/* The probe of this number, below EVIDENCE_NUMBERS. */
struct planned_probe probe_plan_at(unsigned number);

#endif
