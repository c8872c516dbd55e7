/* SPDX-License-Identifier: ISC */
/*
 * What is played: who is there, who talks, what the network does to them, what
 * happens when, and what has to be true of it.
 */
#ifndef MCHAT_TESTS_SIM_SCENARIO_H
#define MCHAT_TESTS_SIM_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "attacks.h"
#include "network.h"

/* Things that happen at a time. */
enum act_kind {
	ACT_NONE,
	ACT_JOIN,     /* a member that was not there yet */
	ACT_KILL,     /* kill -9 */
	ACT_LEAVE,    /* with bye */
	ACT_STOP,     /* SIGSTOP; `for_ms` later SIGCONT */
	ACT_DEAFEN,   /* hears nobody; `for_ms` later again */
	ACT_CUT,      /* neither hears nor is heard, likewise */
	ACT_SPLIT,    /* two halves; `for_ms` later whole */
	ACT_ONE_WAY,  /* the upper half does not hear the lower, likewise */
	ACT_ROTATE,   /* two sides by the seed, others each second, likewise */
	ACT_HOLE,     /* does not get the second packet of any author, likewise;
		       * never, if that is 0 */
	ACT_LIE_LESS, /* reports to lack what it has, likewise */
	ACT_LIE_ALL,  /* reports to have what it lacks, likewise */
	ACT_LOSE_NEXT, /* its next new DATA is lost at every receiver */
	ACT_NICK,      /* takes another nick */
	ACT_SIZE,      /* makes packets of another size */
	ACT_JUMP,      /* its clock jumps ahead by `for_ms` */
	ACT_CLOCK,     /* its wall clock is set, by the seed */
	ACT_CONTINUE,  /* the ends of the above */
	ACT_HEAR,
	ACT_HEAL,
	ACT_FILL,
	ACT_TELL_TRUTH,
};

struct act {
	enum act_kind kind;
	unsigned at_ms; /* up to ACT_JITTER_MS later, by the seed; 0: exactly */
	unsigned who;   /* slot */
	unsigned for_ms;
};

#define ACT_JITTER_MS 50
#define ACTS_MAX      160

struct talk {
	unsigned talkers;  /* the first of the members */
	unsigned messages; /* that each says */
	unsigned every_us; /* about; 0: as fast as the engine takes them */
	unsigned from_ms;
	unsigned size_max;
	unsigned long_ppm; /* chance of one of up to ENGINE_MESSAGE_MAX */
};

/* An attacker, see attackers.h, and what it must not bring about. */
struct scenario_attack {
	enum attack_kind kind;
	unsigned fakes;
	unsigned per_s; /* packets */
	unsigned from_ms;
	unsigned for_ms;
	unsigned service;    /* messages that the first member says after it */
	unsigned service_ms; /* all have them by then */
	unsigned steps_per_kb;  /* of work, for what a member got with what is
				 * below it; 0: no bound */
	unsigned repair_factor; /* bytes of repairs for each byte sent, */
	unsigned repair_free;   /* and so many beside; 0: no bound */
	unsigned p99_ms;        /* of messages meanwhile; 0: no bound */
};

enum scenario_flags {
	/* Who was stopped, deaf or cut off, so long that authors do not wait
	 * for it any more, may be told a loss, exactly. */
	SCENARIO_MAY_LOSE = 0x01,
	/* There is a forger: only memory, traffic and time are judged. */
	SCENARIO_NO_TRUTH = 0x02,
	/* engine_is_confirmed need not come true. */
	SCENARIO_NO_CONFIRM = 0x04,
	/* No member that is there may be taken for gone. */
	SCENARIO_PRESENCE = 0x08,
	SCENARIO_NO_REPAIRS = 0x10,
	/* Acts by the seed: joins, leaves, kills, short stops, nicks. */
	SCENARIO_CHURN = 0x20,
	/* Acts of every kind, by the seed, beside those of the scenario. */
	SCENARIO_RANDOM = 0x40,
	/* Those that join later come one after the other, and for each of them
	 * the one that has been there for longest leaves or is killed. */
	SCENARIO_RELAY = 0x80,
	/* Those that join later talk, too, from then on. */
	SCENARIO_LATE_TALK = 0x100,
	/* Talkers hear nobody, and are killed in the end. */
	SCENARIO_DEAF_TALKERS = 0x200,
	/* Those that were there first are told that they know all the members
	 * they can, those that join later that the others do. */
	SCENARIO_FULL = 0x400,
	/* The group is private; --sealed makes it so in every scenario. */
	SCENARIO_SEALED = 0x800,
	/* Wall clocks are wrong, some by a day or by decades, and are set. */
	SCENARIO_CLOCKS = 0x1000,
	/* Some wall clocks are wrong, by three hours at least. */
	SCENARIO_SKEWED = 0x2000,
	/* What is counted on the wire is what is sent from the first message
	 * until it is known that all have come. */
	SCENARIO_BENCHMARK = 0x4000,
	/* So many members that nothing is kept for each two of them that can be
	 * done without: only the first ones talk, and links do not jitter. */
	SCENARIO_CROWD = 0x8000,
	/* A member lies for a while: it may be given up, and come back. */
	SCENARIO_LIES = 0x10000,
};

struct scenario {
	const char *name;
	unsigned cost;      /* it runs for one seed in so many */
	unsigned members;   /* that join at the beginning */
	unsigned spread_ms; /* within this time */
	unsigned more;      /* slots for those that join later */
	unsigned crowd;     /* members that are no engines (crowd.h) */
	unsigned history;   /* that these ask for, and must get */
	struct talk talk;
	struct faults faults;
	struct act acts[8];
	struct scenario_attack attack;
	unsigned hostile_per_s;  /* while there is talk */
	unsigned outsider_per_s; /* outsider.h, likewise */
	unsigned flags;
	unsigned limit_s;       /* all must have settled by then */
	unsigned least_s;       /* it goes on at least until then */
	unsigned control_per_s; /* STATEs, the whole group; 0: no bound */
	unsigned control_from_s;
	unsigned control_to_s; /* 0: to the end */
	unsigned asks_median;  /* asking STATEs; 0: no bound */
	size_t packet_size;    /* of all; 0: each has one by the seed */
	size_t packet_largest; /* that most members take, the others half of
				* it; 0: no larger than that */
	size_t memory_max;     /* bytes in one engine; 0: SCENARIO_MEMORY */
	size_t memory_least;   /* that one gets to hold, or it shows nothing */
	uint64_t packets_max;  /* sent by all; 0: no bound */
	/* Of first-time DATA, from `talk` on to the end; behind no bottleneck
	 * it is meant with the largest packets. */
	unsigned least_kbit;
	unsigned rival_kbit; /* of a TCP beside it, at least; 0: no TCP */
};

/* What one engine may hold in packets, where a scenario says nothing else. */
#define SCENARIO_MEMORY ((size_t)11 * 1024 * 1024)

extern const struct scenario scenarios[];
extern const size_t scenario_count;

#endif
