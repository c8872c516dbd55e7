/* SPDX-License-Identifier: ISC */
/* What the evidence of one interface says: pure. */
#ifndef MCHAT_DOCTOR_DIAGNOSIS_INTERFACE_H
#define MCHAT_DOCTOR_DIAGNOSIS_INTERFACE_H

#include "mchat/doctor/finding.h"

struct evidence;
struct interface_evidence;

/* Adds why a group cannot be joined there, if so; whether it did. */
bool diagnosis_interface_state(const struct evidence *evidence,
	const struct interface_evidence *interface, enum severity severity,
	struct finding_list *out);

/* Adds what its loop, its memberships and its counters show. */
void diagnosis_interface_traffic(const struct evidence *evidence,
	const struct interface_evidence *interface, struct finding_list *out);

#endif
