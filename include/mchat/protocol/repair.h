/* SPDX-License-Identifier: ISC */
/* Repairs: planned when somebody asks, sent when still needed. */
#ifndef MCHAT_PROTOCOL_REPAIR_H
#define MCHAT_PROTOCOL_REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct engine;
struct engine_reason;
struct member;
struct packet;
struct wire_report;

/* Packets that are looked at, and combinations that are planned, for one STATE,
 * all reports together: a quarter of what an author may have unconfirmed.  Who
 * lacks more asks again. */
#define REPAIR_LOOKS_MAX 1024

/* One STATE that asks. */
struct repair_request {
	struct member *member; /* who asks */
	struct instant at;
	unsigned looks; /* left */
};

/* It reports on packets of ours. */
void repair_plan_ours(struct engine *e, struct repair_request *request,
	const struct wire_report *report);

/* The same of gaps that were not in its STATE, which say nothing of the way to
 * it. */
void repair_plan_asked(struct engine *e, struct repair_request *request,
	const struct wire_report *report);

/* Whether a member may cause a repair of so many bytes, which is taken from
 * what it may, and all may. */
bool repair_may_cause(
	struct engine *e, struct member *m, size_t size, struct instant now);

/* How long to wait before repairing in place of this author. */
struct duration repair_wait_for_author(
	struct engine *e, const struct member *origin);

/* Whether the author was heard since somebody asked, so that it will repair
 * itself. */
bool repair_is_left_to(const struct member *author, struct instant requested,
	struct instant now);

/* It reports on packets of another, that we may have, or lack as well. */
void repair_plan_others(struct engine *e, struct repair_request *request,
	struct member *origin, const struct wire_report *report);

/* Sends one of our packets again, though nobody has asked for it. */
void repair_plan_unasked(struct engine *e, uint64_t number, struct instant now);

/*
 * Sends again what not all have confirmed, which is to be little: whoever lost
 * it is spared finding out and asking (a tail loss probe, RFC 8985, section 7).
 */
void repair_probe(struct engine *e, struct instant now);

/*
 * A packet of ours, whose bytes are in `out`, leaves for the first time, in
 * these forms (PATH_MTU_WHOLE): returns the size of what is in `out` then, a
 * fragment if it does not leave whole.
 */
size_t repair_cut_first(struct engine *e, struct packet *packet,
	uint64_t number, uint8_t forms, uint8_t *out, struct instant now);

/* Whether more fragments of a packet are to follow at once. */
bool repair_is_cutting(const struct engine *e);

/* The next repair that is due, with its reason; 0 when there is none. */
size_t repair_next(struct engine *e, uint8_t *out, struct engine_reason *why,
	struct instant now);

#endif
