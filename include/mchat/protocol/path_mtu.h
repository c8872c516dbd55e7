/* SPDX-License-Identifier: ISC */
/*
 * Members that large packets do not reach: something on the way has a smaller
 * MTU and drops them without a word, while small ones pass.  Such a member asks
 * for the same packet again and again.  It is then sent whole and in fragments;
 * the member says when it was the fragments that came.
 */
#ifndef MCHAT_PROTOCOL_PATH_MTU_H
#define MCHAT_PROTOCOL_PATH_MTU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct engine;
struct member;
struct packet;
struct packet_store;
struct wire_report;

/*
 * Repairs of one large packet that must fail, one after the other, while the
 * member has no later packet that is as large.  At 30 % random loss that
 * befalls one in 37 of those that are followed by no other, and then costs
 * fragments that were not needed.  More, and a member that asks at growing
 * intervals is taken for stalled before fragments are tried.
 */
#define PATH_MTU_FAILS 3

/* The same where the member does have a later packet that is as large: it may
 * have come in fragments of another member. */
#define PATH_MTU_FAILS_ALTHOUGH 8

/*
 * The same of packets larger than all take: being wrong costs only that they
 * are of the usual size from then on, and where none gets through each repair
 * takes long, at a rate that so much loss has brought down.
 */
#define PATH_MTU_FAILS_LARGER 1

/*
 * Packets that must come in fragments, with none as large coming whole between
 * them, before their author hears that large ones do not come.  Random loss may
 * take one packet, however often it is sent, and leave its fragments: at 30 %
 * that befell one member in a hundred.  More are needed where one as large has
 * come whole since, or shortly before: of the many that a late member is sent,
 * loss takes several; at 30 % four in a row befell one such member in 2,000.
 */
#define PATH_MTU_PACKETS          2
#define PATH_MTU_PACKETS_ALTHOUGH 6

/* Packets that are looked at for a large one: of a member behind its first gap,
 * and the last that we have of one. */
#define PATH_MTU_LOOKS 64

/* Who watches one packet of a member turns to one of another author only when
 * the member has not asked for the first for so long: longer than any member
 * waits before it asks again. */
#define PATH_MTU_WATCH_MS 3000

/* Fragments that came say for this long that large packets do not: then one is
 * tried again, for the network may have been mended. */
#define PATH_MTU_AGAIN_MS 600000

/* The rate is found anew no more than once in this time. */
#define PATH_MTU_RESTART_MS 10000

/* STATEs of a member that asked so many times in vain are small for a while,
 * for they may have been what was too large. */
#define PATH_MTU_VAIN    8
#define PATH_MTU_VAIN_MS 10000

/* How a packet is sent again: in one or both of these forms. */
#define PATH_MTU_WHOLE     0x01
#define PATH_MTU_FRAGMENTS 0x02

/* Before the repairs that this report asks for are planned: `store` has the
 * packets of its origin. */
void path_mtu_hear(struct engine *e, struct member *m,
	const struct packet_store *store, const struct wire_report *report,
	struct instant now);

/* In which forms the packet is sent again to the member that reports this. */
uint8_t path_mtu_forms(const struct engine *e, struct member *m,
	const struct wire_report *report, const struct packet *packet);

/* And in which forms a packet of this size first leaves: it may have been made
 * before we knew. */
uint8_t path_mtu_first_forms(const struct engine *e, size_t size);

/* Whether large packets seem not to reach the member. */
bool path_mtu_is_limited(const struct member *m);

/* The member left: no packets are made small for it. */
void path_mtu_forget(struct engine *e, const struct member *m);

/* A packet of the member, of this number and size, was put together from
 * fragments, which happens once to each. */
void path_mtu_hear_fragments(struct engine *e, struct member *m,
	uint64_t number, size_t size, struct instant now);

/* DATA of this member and size came whole. */
void path_mtu_hear_whole(
	struct engine *e, uint64_t author, size_t size, struct instant now);

/* We have asked this many times in vain. */
void path_mtu_note_vain(struct engine *e, unsigned nacks, struct instant now);

/* Whether our reports are to say that large packets of the member come in
 * fragments only. */
bool path_mtu_gets_fragments(const struct member *m, struct instant now);

/* The largest STATE that we send. */
size_t path_mtu_state_size(const struct engine *e, struct instant now);

#endif
