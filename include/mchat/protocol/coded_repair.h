/* SPDX-License-Identifier: ISC */
/*
 * Coded repair: one combination of a block's packets mends a different loss at
 * each member, so that what is sent again follows from the member that lacks
 * most, not from the sum over all (coding.h; RFC 5740, section 1).  Receivers
 * say how much they lack of each block, authors make as much.
 */
#ifndef MCHAT_PROTOCOL_CODED_REPAIR_H
#define MCHAT_PROTOCOL_CODED_REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/engine_types.h"
#include "mchat/protocol/wire.h"

struct engine;
struct engine_reason;
struct member;
struct repair_request;

/* The member, which reports so, lacks so much of our blocks, from that of
 * `next` on. */
void coded_repair_plan_ours(struct engine *e, struct repair_request *request,
	const struct wire_report *report, const struct wire_lacks *lacks);

/* The same of another author: when it is gone, we repair in its place. */
void coded_repair_plan_others(struct engine *e, struct repair_request *request,
	struct member *origin, uint64_t next, const struct wire_lacks *lacks);

/* A combination of a block of this author came in. */
void coded_repair_hear(struct engine *e, const struct member *m, uint64_t last);

/* When the next combination is planned to leave; NEVER without any. */
struct instant coded_repair_deadline(const struct engine *e);

/* Our packet of this number left: where its block ends, and much is usually
 * lost, some combinations leave before anybody asks. */
void coded_repair_note_sent(
	struct engine *e, uint64_t number, struct instant now);

/* The next combination that is planned, with its reason; 0 without any. */
size_t coded_repair_next(struct engine *e, uint8_t *out,
	struct engine_reason *why, struct instant now);

#endif
