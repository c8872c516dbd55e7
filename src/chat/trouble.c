/* SPDX-License-Identifier: ISC */
#include "mchat/chat/trouble.h"

void trouble_note(struct trouble *trouble, bool is_bad, struct instant now)
{
	trouble->is_bad = is_bad;
	if (!is_bad)
		return;
	trouble->last = now;
	if (instant_is_never(trouble->began))
		trouble->began = now;
}

struct instant trouble_deadline(const struct trouble *trouble)
{
	if (instant_is_never(trouble->began))
		return INSTANT_NEVER;
	if (!trouble->is_told)
		return instant_after(
			trouble->began, duration_ms(TROUBLE_BEGIN_MS));
	if (trouble->is_bad)
		return INSTANT_NEVER;
	return instant_after(trouble->last, duration_ms(TROUBLE_END_MS));
}

enum trouble_news trouble_take(struct trouble *trouble, struct instant now)
{
	bool was_told = trouble->is_told;

	if (instant_is_never(trouble->began) ||
		instant_before(now, trouble_deadline(trouble)))
		return TROUBLE_NO_NEWS;
	if (trouble->is_bad) {
		trouble->is_told = true;
		return was_told ? TROUBLE_NO_NEWS : TROUBLE_BEGINS;
	}
	*trouble = TROUBLE_NONE;
	return was_told ? TROUBLE_ENDS : TROUBLE_NO_NEWS;
}

void trouble_forget(struct trouble *trouble)
{
	if (!trouble->is_told)
		*trouble = TROUBLE_NONE;
}
