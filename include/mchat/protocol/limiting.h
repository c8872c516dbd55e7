/* SPDX-License-Identifier: ISC */
/*
 * The limiting receiver of an author: the member whose reports the rate follows
 * (the current limiting receiver of TFMCC, RFC 4654, section 2.3).  It reports
 * at each turn-around, the others seldom, so that what a group reports is a
 * share of what its author sends, however many members there are.
 */
#ifndef MCHAT_PROTOCOL_LIMITING_H
#define MCHAT_PROTOCOL_LIMITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct engine;
struct member;

/* The member reports on what we send; `slows`: because of that the rate was
 * lowered. */
void limiting_report(struct engine *e, const struct member *m, bool slows,
	struct instant now);

/* We send as fast as the rate allows: whoever is to report at each turn-around
 * is told, unless it is known to do so. */
void limiting_need(struct engine *e, struct instant now);

/* The share of packets that is usually lost on the way to it, 0 to 0.4. */
double limiting_usual_loss(const struct engine *e);

/*
 * The members that are to report to us next, the limiting receiver first; at
 * most `most`.  Returns how many.
 */
size_t limiting_polled(struct engine *e, uint64_t *ids, size_t most);

#endif
