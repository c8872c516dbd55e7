/* SPDX-License-Identifier: ISC */
/*
 * Somebody who has no key, hears all that a private group sends, and sends it
 * again: at once, later and to those that came later; changed, put together
 * anew, and in the clear.  Nothing of it is to have an effect.
 */
#ifndef MCHAT_TESTS_SIM_OUTSIDER_H
#define MCHAT_TESTS_SIM_OUTSIDER_H

#include <stddef.h>
#include <stdint.h>

struct parcel;
struct world;

/* Datagrams that it keeps: the last ones, and as many of all that it heard,
 * each with the same chance, so that some of the first remain. */
#define OUTSIDER_LAST ((size_t)1024)
#define OUTSIDER_KEPT (2 * OUTSIDER_LAST)

struct outsider {
	struct {
		struct parcel *parcel; /* owned */
		int64_t at;
	} kept[OUTSIDER_KEPT];
	size_t heard;
};

/* Puts it on the agenda, where the scenario has one. */
void outsider_plan(struct world *world);
void outsider_fini(struct world *world);

/* A datagram is on its way. */
void outsider_hear(struct world *world, struct parcel *parcel);

/* It sends one. */
void outsider_send(struct world *world);

/* Whether it caused more than it may. */
void outsider_check(struct world *world);

#endif
