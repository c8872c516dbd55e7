/* SPDX-License-Identifier: ISC */
/*
 * Members of a crowd that are no engines: ten thousand of those would know one
 * another in 100 GB.  These say hello, speak for presence, confirm what the
 * first member says, and ask for what they lack of it, as often and as late as
 * engines do in a group of that size; of others they know only how many there
 * are, and they neither repair nor make way for others' asks.
 */
#ifndef MCHAT_TESTS_SIM_CROWD_H
#define MCHAT_TESTS_SIM_CROWD_H

#include <stdbool.h>
#include <stdint.h>

struct parcel;
struct world;

struct crowd_member {
	uint64_t id;
	uint64_t counter; /* of its STATEs; 0: it has not joined */
	int64_t joined_at;
	uint64_t next;     /* of the author: all packets before it are had, */
	uint64_t had;      /* of those from there on these (as bits), */
	uint64_t known;    /* and this is the last that is known */
	uint32_t received; /* DATA */
	bool is_answering; /* a confirmation, or an ask, is under way */
};

struct crowd {
	struct crowd_member *list; /* owned; NULL: none */
	unsigned count;
	unsigned here;
	uint32_t *reached; /* owned; of each packet how many have it */
};

/* Plans all joins; what a scenario wants of them is `crowd`. */
void crowd_plan(struct world *world);
void crowd_fini(struct crowd *crowd);

/* Member `index` of the crowd speaks for presence, the first time to join; or
 * answers what it heard. */
void crowd_speak(struct world *world, uint32_t index);
void crowd_answer(struct world *world, uint32_t index);

/* An engine sends this: perhaps they hear it. */
void crowd_hear(struct world *world, const struct parcel *parcel);

#endif
