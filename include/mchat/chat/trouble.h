/* SPDX-License-Identifier: ISC */
/*
 * A trouble that goes on is told when it has begun and when it is over, once
 * each; one that passes at once is not told at all.
 */
#ifndef MCHAT_CHAT_TROUBLE_H
#define MCHAT_CHAT_TROUBLE_H

#include <stdbool.h>

#include "mchat/base/time.h"

/* What lasts so long is told.  An interface that went down is left by then. */
#define TROUBLE_BEGIN_MS 1000

/* It is over when so long nothing went wrong: longer than it takes until a
 * member that says nothing is heard of again. */
#define TROUBLE_END_MS 4000

struct trouble {
	struct instant began; /* INSTANT_NEVER: there is none */
	struct instant last;  /* when something went wrong last */
	bool is_bad;          /* so did the last try */
	bool is_told;
};

#define TROUBLE_NONE ((struct trouble){.began = INSTANT_NEVER})

/* Something was tried at `now`, and went wrong or well. */
void trouble_note(struct trouble *trouble, bool is_bad, struct instant now);

enum trouble_news {
	TROUBLE_NO_NEWS,
	TROUBLE_BEGINS,
	TROUBLE_ENDS,
};

/* What is to be told at `now`; INSTANT_NEVER: at the end of all. */
enum trouble_news trouble_take(struct trouble *trouble, struct instant now);

/* When trouble_take may have something; INSTANT_NEVER: before the next
 * trouble_note it will not. */
struct instant trouble_deadline(const struct trouble *trouble);

/* What was not told yet was told in another way. */
void trouble_forget(struct trouble *trouble);

#endif
