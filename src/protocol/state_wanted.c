/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/state_wanted.h"

void state_wanted_add(struct state_wanted *wanted, enum engine_reason_kind why)
{
	state_wanted_add_reason(wanted, why);
	wanted->is_due = true;
}

void state_wanted_add_reason(
	struct state_wanted *wanted, enum engine_reason_kind why)
{
	wanted->reasons |= 1U << why;
}

void state_wanted_answer(struct state_wanted *wanted, uint64_t requester)
{
	if (wanted->requests++ == 0)
		wanted->requester = requester;
	state_wanted_add_reason(wanted, ENGINE_ANSWER);
}

void state_wanted_of_all(struct state_wanted *wanted)
{
	wanted->is_of_all = true;
}

void state_wanted_ask(struct state_wanted *wanted)
{
	wanted->asks = true;
}

void state_wanted_poll(struct state_wanted *wanted)
{
	wanted->polls = true;
}

void state_wanted_begun(struct state_wanted *wanted)
{
	wanted->polls = false;
	wanted->is_due = false;
	wanted->is_of_all = false;
	wanted->asks = false;
}

void state_wanted_hello(struct state_wanted *wanted)
{
	state_wanted_add(wanted, ENGINE_HELLO);
	state_wanted_of_all(wanted);
	state_wanted_ask(wanted);
}

/* The first of the reasons. */
static enum engine_reason_kind strongest(unsigned reasons)
{
	enum engine_reason_kind why = ENGINE_BYE;

	while (why < ENGINE_PRESENCE && !(reasons & 1U << why))
		why++;
	return why;
}

struct engine_reason state_wanted_take_reason(struct state_wanted *wanted)
{
	struct engine_reason reason = {.why = strongest(wanted->reasons)};

	if (reason.why == ENGINE_ANSWER) {
		reason.requester = wanted->requester;
		reason.requests = wanted->requests;
	}
	wanted->requests = 0;
	wanted->reasons = 0;
	return reason;
}
