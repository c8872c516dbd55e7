/* SPDX-License-Identifier: ISC */
#include "mchat/chat/settle.h"

void settle_init(struct settle *settle)
{
	*settle = (struct settle){
		.due = INSTANT_NEVER,
		.wait = duration_ms(SETTLE_FIRST_MS),
	};
}

void settle_note(struct settle *settle, struct instant now)
{
	if (!instant_is_never(settle->due))
		return;
	if (instant_before(now,
		    instant_after(settle->looked, duration_ms(SETTLE_CALM_MS))))
		settle->wait = duration_times(settle->wait, 2);
	else
		settle->wait = duration_ms(SETTLE_FIRST_MS);
	if (settle->wait.ns > duration_ms(SETTLE_LONGEST_MS).ns)
		settle->wait = duration_ms(SETTLE_LONGEST_MS);
	settle->due = instant_after(now, settle->wait);
}

void settle_look(struct settle *settle, struct instant now)
{
	settle->due = INSTANT_NEVER;
	settle->looked = now;
}
