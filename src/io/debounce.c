/* SPDX-License-Identifier: ISC */
#include "mchat/io/debounce.h"

void debounce_init(struct debounce *debounce)
{
	*debounce = (struct debounce){
		.due = INSTANT_NEVER,
		.wait = duration_ms(DEBOUNCE_FIRST_MS),
	};
}

void debounce_note(struct debounce *debounce, struct instant now)
{
	if (!instant_is_never(debounce->due))
		return;
	if (instant_before(now, instant_after(debounce->looked,
					duration_ms(DEBOUNCE_CALM_MS))))
		debounce->wait = duration_times(debounce->wait, 2);
	else
		debounce->wait = duration_ms(DEBOUNCE_FIRST_MS);
	if (debounce->wait.ns > duration_ms(DEBOUNCE_LONGEST_MS).ns)
		debounce->wait = duration_ms(DEBOUNCE_LONGEST_MS);
	debounce->due = instant_after(now, debounce->wait);
}

void debounce_look(struct debounce *debounce, struct instant now)
{
	debounce->due = INSTANT_NEVER;
	debounce->looked = now;
}
