/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/copies.h"

#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/limiting.h"
#include "mchat/protocol/repair.h"

/* Loss below this is not usual. */
#define LOSS_LEAST 0.02

/* So small a part of all packets may be lost with all their copies, of which
 * there are so many at most. */
#define LOST_MOST  0.0015
#define COPIES_MAX 6

/* In a group of more than so many somebody lacks each packet, however little is
 * lost: so many copies are as nothing beside the confirmations. */
#define CROWD        256
#define CROWD_COPIES 2

/* Between two. */
#define SPACING_US 1000

/* Packets that leave faster than this many bytes a second are not alone: the
 * next shows that one was lost. */
#define RATE_MAX 150000.0

/* Nor are they when so many are unconfirmed, but in a crowd, which takes long
 * to confirm. */
#define UNCONFIRMED_MAX 8

void copies_init(struct copies *copies)
{
	*copies = (struct copies){.due = INSTANT_NEVER};
}

/* How many copies are needed so that hardly ever all are lost. */
static unsigned copies_needed(const struct engine *e)
{
	double loss = limiting_usual_loss(e);
	double lost = loss;
	unsigned count = 0;

	while (loss >= LOSS_LEAST && lost > LOST_MOST && count < COPIES_MAX) {
		lost *= loss;
		count++;
	}
	if (e->members.here > CROWD && count < CROWD_COPIES)
		return CROWD_COPIES;
	return count;
}

static bool is_alone(const struct engine *e)
{
	const struct send_window *s = &e->send_window;

	return byte_rate_get(&e->sending) <= RATE_MAX &&
	       (e->members.here > CROWD ||
		       s->unsent - s->confirmed <= UNCONFIRMED_MAX);
}

void copies_note_sent(struct engine *e, uint64_t number, struct instant now)
{
	unsigned count = copies_needed(e);

	if (count == 0 || !is_alone(e))
		return;
	e->copies = (struct copies){
		.number = number,
		.left = count,
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
