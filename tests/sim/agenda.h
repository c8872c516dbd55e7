/* SPDX-License-Identifier: ISC */
/*
 * What is going to happen, by virtual time: a binary heap.  What is due at the
 * same instant happens in the order in which it was put in.
 */
#ifndef MCHAT_TESTS_SIM_AGENDA_H
#define MCHAT_TESTS_SIM_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct parcel;

enum agenda_kind {
	AGENDA_ARRIVE,   /* a parcel, at a member */
	AGENDA_WAKE,     /* a member's deadline */
	AGENDA_SAY,      /* a member has something to say */
	AGENDA_ACT,      /* of the scenario; `member` counts the acts */
	AGENDA_HOSTILE,  /* the hostile sender sends */
	AGENDA_ATTACK,   /* the attacker sends */
	AGENDA_OUTSIDER, /* the outsider sends */
	AGENDA_CROWD,    /* a member of the crowd joins, or is still there */
	AGENDA_CROWD_ANSWER,
	AGENDA_SERVE, /* service after the attack begins */
	AGENDA_RIVAL, /* a packet of the rival has arrived */
	AGENDA_RIVAL_LOST,
	AGENDA_LOOK, /* look whether all has settled */
};

struct agenda_item {
	int64_t at; /* virtual nanoseconds */
	uint64_t order;
	enum agenda_kind kind;
	uint32_t member;
	struct parcel *parcel;
};

struct agenda {
	struct agenda_item *items;
	size_t count;
	size_t room;
	uint64_t order;
};

void agenda_add(struct agenda *agenda, const struct agenda_item *item);

/* The next one; false when nothing is left. */
bool agenda_next(struct agenda *agenda, struct agenda_item *out);

void agenda_fini(struct agenda *agenda);

#endif
