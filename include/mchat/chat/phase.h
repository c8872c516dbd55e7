/* SPDX-License-Identifier: ISC */
/* How far a chat is, and whether something failed; set here alone. */
#ifndef MCHAT_CHAT_PHASE_H
#define MCHAT_CHAT_PHASE_H

#include <stdbool.h>

enum phase_name {
	PHASE_GATHERING, /* for members, before anything is said (-w) */
	PHASE_TALKING,
	PHASE_PARTING,    /* from a group, once what was said is confirmed */
	PHASE_CONFIRMING, /* all was said */
	PHASE_OVER,
};

struct phase {
	enum phase_name now;
	bool has_failed; /* the exit status is 1; why was said */
};

/* The next phase begins; after PHASE_OVER none does. */
void phase_enter(struct phase *phase, enum phase_name next);

/* The exit status will be 1; phase_fail: and it is over.  Why is said by who
 * calls it. */
void phase_note_failure(struct phase *phase);
void phase_fail(struct phase *phase);

#endif
