/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/copies.h"

#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/limiting.h"
#include "mchat/protocol/repair.h"

/* Loss below this is not usual. */
#define LOSS_LEAST 0.02

/* So small a part of all packets may be lost with all their copies, of which
 * there are so many at most. */
#define LOST_MOST  0.003
#define COPIES_MAX 5

/* Between two. */
#define SPACING_US 1000

/* Packets that leave faster than this many bytes a second are not alone: the
 * next shows that one was lost. */
#define RATE_MAX 150000.0

/* Nor are they when so many are unconfirmed. */
#define UNCONFIRMED_MAX 8

void copies_init(struct copies *copies)
{
	*copies = (struct copies){.due = INSTANT_NEVER};
}

/* How many copies are needed so that hardly ever all are lost. */
static unsigned copies_for(double loss)
{
	double lost = loss;
	unsigned count = 0;

	while (lost > LOST_MOST && count < COPIES_MAX) {
		lost *= loss;
		count++;
	}
	return count;
}

void copies_note_sent(struct engine *e, uint64_t number, struct instant now)
{
	const struct send_window *s = &e->send_window;
	double loss = limiting_usual_loss(e);

	if (loss < LOSS_LEAST || byte_rate_get(&e->sending) > RATE_MAX ||
		s->unsent - s->confirmed > UNCONFIRMED_MAX)
		return;
	e->copies = (struct copies){
		.number = number,
		.left = copies_for(loss),
		.due = instant_after(now, duration_us(SPACING_US)),
	};
}

void copies_tick(struct engine *e, struct instant now)
{
	struct copies *copies = &e->copies;

	if (instant_before(now, copies->due))
		return;
	if (copies->left == 0 || copies->number < e->send_window.confirmed) {
		copies->due = INSTANT_NEVER;
		return;
	}
	repair_plan_unasked(e, copies->number, now);
	copies->left--;
	copies->due = instant_after(now, duration_us(SPACING_US));
}
