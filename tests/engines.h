/* SPDX-License-Identifier: ISC */
/*
 * Engines over a tiny network in virtual time: each packet reaches all others
 * after a delay, unless the test's rule says that it is lost.
 */
#ifndef MCHAT_TESTS_ENGINES_H
#define MCHAT_TESTS_ENGINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "forged.h"
#include "mchat/base/time.h"
#include "mchat/protocol/engine.h"

#define ENGINES_MAX  4 /* nodes */
#define ENGINES_ROOM 0x524f4f4d

/* What one node was told. */
struct seen {
	unsigned joins;
	unsigned leaves;
	unsigned byes;
	unsigned nicks;
	unsigned fulls;   /* told that a newcomer was not let in */
	unsigned refused; /* told that others did not let us in */
	unsigned limited; /* told that large packets do not reach somebody */
	uint64_t messages;
	uint64_t history;
	uint64_t lost;
	unsigned lost_unknown; /* losses that nobody knows the size of */
	uint64_t first;        /* number that the first message carried */
	uint64_t last;         /* and the last one */
	bool is_ordered;       /* numbers only grew */
	bool is_numbered;      /* and each is its author\'s for that message */
	bool is_balanced;      /* no leave without a join, no second join */
	bool is_loss_named;    /* each loss came with a nick */
	bool is_shared;        /* the nick of the last event */
	int here;
	char text[64]; /* of the last message */
	char nick[WIRE_NICK_MAX + 1];
};

struct node {
	struct engine *engine; /* NULL: dead, or not born */
	bool is_stopped;       /* SIGSTOP: packets to it go lost */
	struct seen seen;
	uint64_t said;
};

struct engines;
struct engines_flight;

/* Whether the packet from one node to another goes lost. */
typedef bool engines_rule(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size);

struct engines {
	struct node nodes[ENGINES_MAX];
	struct engines_flight *flights; /* a ring in order of time */
	size_t head;
	size_t count;
	struct instant now;
	engines_rule *loses; /* NULL: none */
	uint64_t packets;
	uint64_t bytes[ENGINES_MAX]; /* that each has sent */
	uint64_t hash;               /* of all packets */
	uint64_t drains;
	size_t loss;      /* percent, for those rules that want it */
	unsigned reports; /* seen, by the rule that reads them */
	unsigned twice;   /* of an author that the STATE named already */
	unsigned sent_for[ENGINES_MAX]
			 [ENGINE_PRESENCE + 1];            /* packets of each */
	struct engine_reason reasons[ENGINE_PRESENCE + 1]; /* the last ones */
	unsigned took[ENGINE_DISPOSITION_NOTHING + 1];
	bool has_echo; /* a sender hears its own packets, as with
			  IP_MULTICAST_LOOP */
};

/* A network of `members` nodes that know each other. */
struct engines *engines_open(size_t members);
void engines_close(struct engines *engines);

/* Ann, bob, cem and dee, of ids from 100 on. */
struct engine_config engines_config(size_t index);

/* A node starts, with its usual configuration or the one given. */
void engines_join(struct engines *engines, size_t index);
void engines_join_as(struct engines *engines, size_t index,
	const struct engine_config *config);

/* kill -9 */
void engines_die(struct engines *engines, size_t index);

/* Lets `ms` of virtual time pass. */
void engines_run(struct engines *engines, int64_t ms);

/* Sends all packets that a node has to send, and notes all its events. */
void engines_drain(struct engines *engines, size_t index);

/* A node says its next number; and sends it. */
enum engine_said engines_say(struct engines *engines, size_t index);
void engines_say_now(struct engines *engines, size_t index);

/* A node says `packets` packets of `numbers` numbers each, one a millisecond,
 * or more slowly while its window is full. */
void engines_say_packets(
	struct engines *engines, size_t index, int packets, int numbers);

/* A node says numbers up to `last`, as fast as it takes them, for at most the
 * time given; returns whether it said all. */
bool engines_say_all(
	struct engines *engines, size_t index, uint64_t last, int64_t most_ms);

/* A forged packet comes in at a node. */
void engines_receive(
	struct engines *engines, size_t index, const struct forged *packet);

/* Node 0 gets a STATE of a member that has all its packets up to `last`, of
 * which so many came; each is newer than the one before. */
void engines_report(struct engines *engines, uint64_t member, uint8_t flags,
	uint64_t last, uint32_t received);

/* A STATE of eve, who has just started and has sent and keeps these packets;
 * and DATA of one line, the author's first. */
void engines_forge_state(struct forged *out, uint64_t member, uint64_t counter,
	uint64_t first, uint64_t last);
void engines_forge_data(struct forged *out, uint64_t member, uint64_t sequence);

struct seen *engines_seen(struct engines *engines, size_t index);
struct engine_counts engines_counts(
	const struct engines *engines, size_t index);

/* The member of this nick, as one node knows it; id 0: none. */
struct engine_member engines_known(
	const struct engines *engines, size_t index, const char *nick);

/* Checks that a node has all of `count` messages of one author, in order, and
 * none told as lost. */
void engines_has_all(struct engines *engines, size_t index, uint64_t count,
	const char *what);

/* Whether a packet is DATA. */
bool engines_is_data(const uint8_t *packet);

/* Or a combination of such. */
bool engines_gives_data(const uint8_t *packet);

/* The last byte of the number of DATA. */
uint8_t engines_number(const uint8_t *packet);

/* Rules: a share of all; all DATA; DATA to node 2; everything. */
engines_rule engines_lose_share;
engines_rule engines_lose_data;
engines_rule engines_lose_data_to_last;
engines_rule engines_lose_all;

#endif
