/* SPDX-License-Identifier: ISC */
/*
 * An attacker with a strategy among the members, and what has to hold while it
 * is there and after it: bounds of what it causes, and that service is back.
 */
#ifndef MCHAT_TESTS_SIM_ATTACKERS_H
#define MCHAT_TESTS_SIM_ATTACKERS_H

#include <stddef.h>
#include <stdint.h>

#include "attacks.h"

struct engine_reason;
struct event;
struct parcel;
struct world;

/* So long after the attack service is back. */
#define ATTACK_SERVICE_AFTER_MS 5000

struct attackers {
	struct attack attack;
	int64_t service_from; /* 0: not yet */
};

/* The attack of the scenario, if there is one, is put on the agenda. */
void attackers_plan(struct world *world);

/* The attacker sends a packet; service after it begins. */
void attackers_send(struct world *world);
void attackers_serve(struct world *world);

/* A member sent a packet, and why. */
void attackers_overhear(struct world *world, const struct parcel *parcel,
	const struct engine_reason *reason);

/* Whether what was caused is within the bounds of the scenario. */
void attackers_check(struct world *world);

#endif
