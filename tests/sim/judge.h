/* SPDX-License-Identifier: ISC */
/*
 * Whether what members are told is true.  A running member is owed all that is
 * said from the moment it started, whatever the network did meanwhile: each
 * author's messages in order, once, with the author's text; what is missing is
 * told as lost, with a count that fits exactly, and only when nobody has it.
 */
#ifndef MCHAT_TESTS_SIM_JUDGE_H
#define MCHAT_TESTS_SIM_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contact.h"
#include "mchat/protocol/engine_types.h"

struct authors;
struct event;
struct histogram;
struct histograms;
struct journal;
struct parcel;
struct scenario;

/* What one member has of another one, in messages and packets of that one. */
struct pair {
	uint64_t first; /* message that was delivered */
	uint64_t last;
	uint64_t last_sequence; /* of the packet that it came in */
	uint64_t lost;          /* told since then */
	uint64_t vague;   /* messages up to this one are not owed, nor barred */
	uint32_t history; /* messages that came as such */
	uint32_t heard;   /* the last packet that it knows of at first hand */
	uint32_t reported; /* and from the reports of others */
	uint32_t kept;     /* the last packet that it was handed and took */
	int64_t doubt; /* the author may be older by this than others told */
	bool is_met;   /* a packet of the author itself came */
	bool is_live;  /* a message came that was not history */
};

/* What it knows of it, whether it says anything or not. */
struct acquaintance {
	bool is_named; /* a STATE of it came, which has its nick */
	bool is_here;  /* it was told to have joined */
};

struct judge {
	const struct scenario *scenario;
	struct authors *authors;
	struct journal *journal;
	struct histogram *delays;
	struct histogram *reaches; /* until all the others had it */
	unsigned parts;            /* of the group: 2 where there is a crowd */
	unsigned speakers;  /* members that may say something: the first */
	struct pair *pairs; /* of each receiver with each of them */
	struct acquaintance *acquaintances; /* of each with each */
	struct contact contact;
	int64_t now;
	int64_t delays_end;   /* what was said later does not count there; 0:
			       * all counts */
	int64_t delivered_at; /* last */
	uint64_t delivered;
	uint64_t lost; /* messages told as lost */
};

void judge_init(struct judge *judge, const struct scenario *scenario,
	struct authors *authors, struct journal *journal,
	struct histograms *histograms);
void judge_fini(struct judge *judge);

/* A packet of a member was handed to an engine, which did that with it. */
void judge_given(struct judge *judge, uint32_t receiver,
	const struct parcel *parcel, enum engine_disposition took);

/* All engines, or all of the crowd, have the message of this number. */
void judge_reached(
	struct judge *judge, uint32_t slot, uint64_t number, int64_t at);

/* An engine told something. */
void judge_event(
	struct judge *judge, uint32_t receiver, const struct event *event);

/* The engine of `slot` holds all that it said for confirmed, and `other` for
 * being here. */
void judge_confirmed(struct judge *judge, uint32_t slot, uint32_t other);

/* The clock of this member jumped: the ages by which it and others tell what
 * was said before they met are wrong. */
void judge_jumped(struct judge *judge, uint32_t slot);

/* ---- settled.c ---- */

/* Whether nobody lacks anything; if not, `why` (of `size`) says what. */
bool judge_is_settled(const struct judge *judge, char *why, size_t size);

#endif
