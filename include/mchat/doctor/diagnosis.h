/* SPDX-License-Identifier: ISC */
/* From evidence to findings: pure. */
#ifndef MCHAT_DOCTOR_DIAGNOSIS_H
#define MCHAT_DOCTOR_DIAGNOSIS_H

#include "mchat/doctor/finding.h"

struct evidence;

/* Concludes what there is to conclude; *out is made anew. */
void diagnosis_make(const struct evidence *evidence, struct finding_list *out);

/* What it comes to: the cause of the worst finding; without one CAUSE_OK where
 * somebody was heard, and CAUSE_ALONE where nobody was. */
enum cause diagnosis_verdict(
	const struct evidence *evidence, const struct finding_list *findings);

#endif
