/* SPDX-License-Identifier: ISC */
/*
 * The members that our next STATEs are to report on, so that making one does
 * not look at all members: lists in the order in which they came to be wanted.
 */
#ifndef MCHAT_PROTOCOL_REPORT_LIST_H
#define MCHAT_PROTOCOL_REPORT_LIST_H

#include <stddef.h>

#include "mchat/protocol/report_list_types.h"

struct engine;
struct member;

/* What decides it may have changed: must_report, is_unconfirmed, polls_us, or
 * whether anything of the member is known. */
void report_list_update(struct engine *e, struct member *m);

/* The member is to be forgotten. */
void report_list_remove(struct engine *e, struct member *m);

/* Up to `most` members that are first in a list, in their order in the list of
 * members; returns how many. */
size_t report_list_get(const struct engine *e, enum report_list_kind kind,
	struct member **out, size_t most);

#endif
