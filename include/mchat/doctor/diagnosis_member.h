/* SPDX-License-Identifier: ISC */
/* What the evidence of other members says: pure. */
#ifndef MCHAT_DOCTOR_DIAGNOSIS_MEMBER_H
#define MCHAT_DOCTOR_DIAGNOSIS_MEMBER_H

#include "mchat/doctor/finding.h"

struct evidence;

/* Adds what lies between each of them and this host, and a note of how each is
 * reached. */
void diagnosis_members(
	const struct evidence *evidence, struct finding_list *out);

#endif
