/* SPDX-License-Identifier: ISC */
#include "mchat/io/hysteresis.h"

void hysteresis_note(
	struct hysteresis *hysteresis, bool is_bad, struct instant now)
{
	hysteresis->is_bad = is_bad;
	if (!is_bad)
		return;
	hysteresis->last = now;
	if (instant_is_never(hysteresis->began))
		hysteresis->began = now;
}

struct instant hysteresis_deadline(const struct hysteresis *hysteresis)
{
	if (instant_is_never(hysteresis->began))
		return INSTANT_NEVER;
	if (!hysteresis->is_told)
		return instant_after(
			hysteresis->began, duration_ms(HYSTERESIS_BEGIN_MS));
	if (hysteresis->is_bad)
		return INSTANT_NEVER;
	return instant_after(hysteresis->last, duration_ms(HYSTERESIS_END_MS));
}

enum hysteresis_news hysteresis_take(
	struct hysteresis *hysteresis, struct instant now)
{
	bool was_told = hysteresis->is_told;

	if (instant_is_never(hysteresis->began) ||
		instant_before(now, hysteresis_deadline(hysteresis)))
		return HYSTERESIS_NO_NEWS;
	if (hysteresis->is_bad) {
		hysteresis->is_told = true;
		return was_told ? HYSTERESIS_NO_NEWS : HYSTERESIS_BEGINS;
	}
	*hysteresis = HYSTERESIS_NONE;
	return was_told ? HYSTERESIS_ENDS : HYSTERESIS_NO_NEWS;
}

void hysteresis_forget(struct hysteresis *hysteresis)
{
	if (!hysteresis->is_told)
		*hysteresis = HYSTERESIS_NONE;
}
