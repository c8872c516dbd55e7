/* SPDX-License-Identifier: ISC */
/*
 * Trouble that lasts is reported once when it has begun and once when it is
 * over; trouble that passes at once is not reported at all.
 */
#ifndef MCHAT_IO_HYSTERESIS_H
#define MCHAT_IO_HYSTERESIS_H

#include <stdbool.h>

#include "mchat/base/time.h"

/* Trouble that lasts this long is reported.  An interface that went down has
 * been left by then. */
#define HYSTERESIS_BEGIN_MS 1000

/* It is over when nothing went wrong for this long: longer than a member of a
 * small group that says nothing waits between two STATEs. */
#define HYSTERESIS_END_MS 4000

struct hysteresis {
	struct instant began; /* INSTANT_NEVER: no trouble */
	struct instant last;  /* when something last went wrong */
	bool is_bad;          /* the last try went wrong */
	bool is_told;         /* that it began was reported */
};

#define HYSTERESIS_NONE ((struct hysteresis){.began = INSTANT_NEVER})

/* Something was tried at `now`, and went wrong or well. */
void hysteresis_note(
	struct hysteresis *hysteresis, bool is_bad, struct instant now);

enum hysteresis_news {
	HYSTERESIS_NO_NEWS,
	HYSTERESIS_BEGINS,
	HYSTERESIS_ENDS,
};

/* What is to be reported at `now`; INSTANT_NEVER: when no more tries follow. */
enum hysteresis_news hysteresis_take(
	struct hysteresis *hysteresis, struct instant now);

/* When hysteresis_take may have something; INSTANT_NEVER: not before the next
 * hysteresis_note. */
struct instant hysteresis_deadline(const struct hysteresis *hysteresis);

/* Drops trouble that was not reported yet, as the caller has said it otherwise.
 */
void hysteresis_forget(struct hysteresis *hysteresis);

#endif
