/* SPDX-License-Identifier: ISC */
/* Gathers the evidence: everything that is looked at, one after the other. */
#ifndef MCHAT_DOCTOR_EXAMINATION_H
#define MCHAT_DOCTOR_EXAMINATION_H

#include "mchat/base/time.h"
#include "mchat/doctor/evidence.h"

struct sealer;

/* What is to be looked at. */
struct examination {
	struct address group;          /* with the port */
	const char *const *interfaces; /* as the user named them */
	size_t interface_count;        /* 0: those that a chat takes */
	const struct address *sources; /* as -s names them; borrowed, as long
					* as the evidence is in use */
	size_t source_count;
	struct sealer *sealer; /* .seal NULL: the group is not private */
	struct instant deadline;
};

enum examination_result {
	EXAMINATION_DONE,
	EXAMINATION_FAILED, /* why was said */
	EXAMINATION_USAGE,  /* an interface that is none, which was said */
};

/* Looks at this host, by `deadline`, and fills in *out. */
enum examination_result examination_run(
	const struct examination *examination, struct evidence *out);

#endif
