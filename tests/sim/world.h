/* SPDX-License-Identifier: ISC */
/* One run of a scenario: the members, the network and time. */
#ifndef MCHAT_TESTS_SIM_WORLD_H
#define MCHAT_TESTS_SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agenda.h"
#include "attackers.h"
#include "authors.h"
#include "crowd.h"
#include "dice.h"
#include "histogram.h"
#include "journal.h"
#include "judge.h"
#include "network.h"
#include "outsider.h"
#include "parcel.h"
#include "rival.h"
#include "scenario.h"
#include "sealing.h"

struct engine;

/* Packets that wait for a member that is stopped, as in a socket's buffer. */
#define MEMBER_INBOX_MAX 256

/* A member, without what authors and judge know of it. */
struct member {
	struct engine *engine;
	struct sealing sealing;
	int64_t clock;   /* its monotonic clock is ahead by this */
	int64_t wake_at; /* the earliest wake in the agenda; INT64_MAX: none */
	uint64_t owed;   /* messages that it wants to say now */
	uint64_t to_say; /* that it will want to say later */
	enum act_kind lie; /* ACT_NONE: it is honest */
	bool was_full;
	bool is_confirmed; /* its engine takes all that it said for confirmed */
	size_t packet_size;
	size_t packet_largest;  /* where all members take that */
	size_t packet_size_max; /* the largest that it had */
	unsigned nicks;
	unsigned settles;
	unsigned spins;     /* wakes in a row that the clock stood still */
	unsigned idle;      /* wakes that came to nothing ... */
	int64_t idle_since; /* ... from here on */
	uint64_t received;  /* bytes, with WIRE_BELOW for each packet */
	struct parcel *inbox[MEMBER_INBOX_MAX];
	size_t inbox_count;
};

/* What was counted on the wire: packets, and bytes. */
struct wire_counts {
	uint64_t data; /* for the first time */
	uint64_t data_bytes;
	uint64_t repairs; /* plain ones */
	uint64_t coded;   /* combinations of packets */
	uint64_t states;
	uint64_t state_bytes;
	uint64_t names; /* of seals */
	uint64_t asks;
	uint64_t bytes; /* of all */
};

struct figures {
	uint64_t messages;
	uint64_t delivered;
	uint64_t lost; /* messages, told */
	struct wire_counts wire;
	uint64_t steps;
	uint64_t controls; /* STATEs from the time that is bounded */
	size_t memory;     /* the most that one engine held */
	uint64_t attack_packets;
	uint64_t attack_bytes;
	uint64_t caused_bytes; /* repairs that the attacker asked for */
	uint64_t steps_per_kb; /* received: the most of one engine */
	int64_t service;       /* what the talk after the attack took */
	int64_t lasted;        /* virtual, until all had settled */
	/* From the first message until all had been delivered to everyone, and
	 * every author knew it; 0: nobody said anything. */
	int64_t took;
};

struct world {
	const struct scenario *scenario;
	struct dice dice;
	struct agenda agenda;
	struct parcels parcels;
	struct network network;
	struct authors authors;
	struct judge judge;
	struct rival rival;
	struct attackers attackers;
	struct crowd crowd;
	struct nonces nonces;
	struct outsider *outsider; /* owned; NULL: none */
	struct sealing insider;    /* the hostile one has the key */
	uint64_t rival_received;   /* bytes, when all had settled */
	struct journal *journal;
	struct figures *figures;
	struct member *members;
	unsigned slots;
	int64_t start;
	int64_t now;
	int64_t settled_at;   /* 0: not yet */
	int64_t talk_from;    /* the first message was said; 0: not yet */
	int64_t confirmed_at; /* an author came to know that all had come */
	struct wire_counts before; /* when the first message was said */
	struct wire_counts confirmed;
	bool is_over;
	uint64_t salt; /* of ids */
	struct act acts[ACTS_MAX];
	unsigned act_count;
	unsigned acts_left;
	bool *has_hole; /* of each member */
	uint32_t loser; /* whose next DATA nobody gets; PARCEL_NOBODY: none */
	struct parcel *overheard; /* by the hostile one; NULL: none yet */
};

/*
 * Plays `scenario` with `seed`; the texts are cut of `pool`.  Adds to figures
 * and histograms; the journal tells what was wrong.
 */
void world_run(const struct scenario *scenario, uint64_t seed,
	const uint8_t *pool, struct figures *figures,
	struct histograms *histograms, struct journal *journal);

/* Milliseconds of virtual time since the start. */
int64_t world_ms(const struct world *world, int64_t ms);

/* ---- member.c ---- */

void member_join(struct world *world, uint32_t slot);
void member_arrive(struct world *world, uint32_t slot, struct parcel *parcel);
void member_wake(struct world *world, uint32_t slot);
void member_say(struct world *world, uint32_t slot);
void member_say_more(struct world *world, uint32_t slot, unsigned count);
void member_nick(struct world *world, uint32_t slot);
void member_resize(struct world *world, uint32_t slot);
void member_jump(struct world *world, uint32_t slot, unsigned ms);
void member_set_clock(struct world *world, uint32_t slot);
void member_stop(struct world *world, uint32_t slot);
void member_continue(struct world *world, uint32_t slot);
void member_leave(struct world *world, uint32_t slot, bool with_bye);

/* Whether it has said all; and whether it takes all of that for confirmed. */
bool member_is_done(const struct world *world, uint32_t slot);
bool member_is_confirmed(const struct world *world, uint32_t slot);

/* Whether its engine knows all the others; in a small group also that they hear
 * it. */
bool member_is_complete(const struct world *world, uint32_t slot);

/* ---- acts.c ---- */

void acts_plan(struct world *world);
void acts_play(struct world *world, uint32_t number);

/* ---- traffic.c ---- */

/* Sends a packet to all others, or what the network leaves of it. */
void traffic_send(struct world *world, struct parcel *parcel);

/* The same of what is no packet of an engine. */
void traffic_send_names(struct world *world, struct parcel *parcel);

/* The same of one of the crowd. */
void traffic_crowd(struct world *world, struct parcel *parcel);

/* The same of one that is no member. */
void traffic_intrude(struct world *world, struct parcel *parcel);

/* Sends a datagram as it is once more, from somewhere. */
void traffic_replay(struct world *world, struct parcel *parcel);

/* The hostile one sends a packet. */
void traffic_hostile(struct world *world);

#endif
