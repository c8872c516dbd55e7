/* SPDX-License-Identifier: ISC */
/* Repairs: planned when somebody asks, sent when still needed. */
#ifndef MCHAT_PROTOCOL_MENDING_H
#define MCHAT_PROTOCOL_MENDING_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct engine;
struct member;
struct wire_report;

/* The member asks for packets of ours. */
void mending_ask_ours(struct engine *e, struct member *m,
	const struct wire_report *report, struct instant now);

/* The member asks for packets of another that we may have, or lack as well. */
void mending_ask_others(struct engine *e, struct member *m,
	struct member *origin, const struct wire_report *report,
	struct instant now);

/* The next repair that is due, with its reason; 0 when there is none. */
/*
 * Sends again what not all have confirmed, which is to be little: whoever lost
 * it is spared finding out and asking (a tail loss probe, RFC 8985, section 7).
 */
void mending_probe(struct engine *e, struct instant now);

size_t mending_next(struct engine *e, uint8_t *out, struct instant now);

#endif
