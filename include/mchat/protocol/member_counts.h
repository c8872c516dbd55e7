/* SPDX-License-Identifier: ISC */
/*
 * How many members hear us, and how many have all that we sent, or said: kept
 * up to date, since a chat asks at each turn.
 */
#ifndef MCHAT_PROTOCOL_MEMBER_COUNTS_H
#define MCHAT_PROTOCOL_MEMBER_COUNTS_H

#include <stddef.h>

struct engine;
struct member;

/* Something of the member that decides it may have changed. */
void member_counts_update(struct engine *e, struct member *m);

/* The member, which is not here any more, is to be forgotten. */
void member_counts_forget(struct engine *e, struct member *m);

/* Members that are here and have all that was sent. */
size_t member_counts_caught_up(const struct engine *e);

/* Members that confirmed all that was said, from the first packet on. */
size_t member_counts_confirmers(const struct engine *e);

#endif
