/* SPDX-License-Identifier: ISC */
#include "mchat/chat/phase.h"

void phase_enter(struct phase *phase, enum phase_name next)
{
	if (phase->now != PHASE_OVER)
		phase->now = next;
}

void phase_note_failure(struct phase *phase)
{
	phase->has_failed = true;
}

void phase_fail(struct phase *phase)
{
	phase_note_failure(phase);
	phase_enter(phase, PHASE_OVER);
}
