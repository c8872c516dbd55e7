/* SPDX-License-Identifier: ISC */
/*
 * Trouble that lasts is reported once when it has begun and once when it is
 * over; trouble that passes at once is not reported at all.
 */
#ifndef MCHAT_IO_HYSTERESIS_H
#define MCHAT_IO_HYSTERESIS_H

#include <stdbool.h>

#include "mchat/base/time.h"

/* What lasts so long is told.  An interface that went down is left by then. */
#define HYSTERESIS_BEGIN_MS 1000

/* It is over when so long nothing went wrong: longer than it takes until a
 * member that says nothing is heard of again. */
#define HYSTERESIS_END_MS 4000

struct hysteresis {
	struct instant began; /* INSTANT_NEVER: there is none */
	struct instant last;  /* when something went wrong last */
	bool is_bad;          /* so did the last try */
	bool is_told;
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

/* What is to be told at `now`; INSTANT_NEVER: at the end of all. */
enum hysteresis_news hysteresis_take(
	struct hysteresis *hysteresis, struct instant now);

/* When hysteresis_take may have something; INSTANT_NEVER: before the next
 * hysteresis_note it will not. */
struct instant hysteresis_deadline(const struct hysteresis *hysteresis);

/* What was not told yet was told in another way. */
void hysteresis_forget(struct hysteresis *hysteresis);

#endif
