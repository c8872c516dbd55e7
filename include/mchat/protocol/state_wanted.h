/* SPDX-License-Identifier: ISC */
/* Whether our next STATE is due, why, and what it is to say. */
#ifndef MCHAT_PROTOCOL_STATE_WANTED_H
#define MCHAT_PROTOCOL_STATE_WANTED_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/protocol/engine_types.h"

struct state_wanted {
	bool is_due;
	bool is_of_all;     /* it speaks of all members */
	bool asks;          /* it wants an answer */
	bool polls;         /* it polls those that have not confirmed */
	unsigned reasons;   /* bits by enum engine_reason_kind */
	uint64_t requester; /* who wants an answer first */
	unsigned requests;  /* and how often it is wanted */
};

/* A STATE is to be sent, or this is a reason more for one that is. */
void state_wanted_add(struct state_wanted *wanted, enum engine_reason_kind why);

/* When the next one leaves this is a reason, too. */
void state_wanted_add_reason(
	struct state_wanted *wanted, enum engine_reason_kind why);

/* The next one answers this member. */
void state_wanted_answer(struct state_wanted *wanted, uint64_t requester);

/* The next one speaks of all members; wants an answer. */
void state_wanted_of_all(struct state_wanted *wanted);
void state_wanted_ask(struct state_wanted *wanted);

/* The next one polls members that have not confirmed all that was sent. */
void state_wanted_poll(struct state_wanted *wanted);

/* Hello is to be sent: it speaks of all, and wants an answer. */
void state_wanted_hello(struct state_wanted *wanted);

/* One was begun: what it says was taken. */
void state_wanted_begun(struct state_wanted *wanted);

/* Its reason, of those that led to it, which are forgotten. */
struct engine_reason state_wanted_take_reason(struct state_wanted *wanted);

#endif
