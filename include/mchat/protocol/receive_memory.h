/* SPDX-License-Identifier: ISC */
/*
 * The memory that everything takes which comes from others: packets that wait
 * and that are kept, the members themselves and what they report.  It stays
 * within a limit; when that is reached, who holds most for least gives way.
 */
#ifndef MCHAT_PROTOCOL_RECEIVE_MEMORY_H
#define MCHAT_PROTOCOL_RECEIVE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

struct engine;
struct member;

/* Bytes at most, all members together. */
#define RECEIVE_MEMORY_MAX ((size_t)64 * 1024 * 1024)

/* So much is freed at once, so that looking at all members is rare. */
#define RECEIVE_MEMORY_FREED (RECEIVE_MEMORY_MAX / 16)

/* What the member takes has changed; it is about to be forgotten. */
void receive_memory_update(struct engine *e, struct member *m);
void receive_memory_remove(struct engine *e, struct member *m);

/*
 * Makes room for a packet of `size` bytes; false when there is none.  Of the
 * members whose packets give way, those go first that take the most memory for
 * each message that they have shown us: packets that wait behind a gap, from
 * the last on, which will be asked for again, packets that are kept for others,
 * and a long message that has not ended, which will come out as lost.
 */
bool receive_memory_admits(struct engine *e, size_t size);

#endif
