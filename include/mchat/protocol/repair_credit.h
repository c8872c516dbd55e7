/* SPDX-License-Identifier: ISC */
/*
 * How many bytes of repairs one member may cause: at first only a multiple of
 * what it has sent itself, then more by what it has confirmed.  So a few small
 * packets from a stranger cannot have much sent to everybody.
 */
#ifndef MCHAT_PROTOCOL_REPAIR_CREDIT_H
#define MCHAT_PROTOCOL_REPAIR_CREDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of repairs for each byte that a member has sent in STATEs, with what a
 * network puts before and behind them. */
#define REPAIR_CREDIT_FACTOR 50

/* Bytes that can be saved up: the gap of a member that was away for half of
 * what an author may have unconfirmed. */
#define REPAIR_CREDIT_MAX ((size_t)2048 * 1472)

struct repair_credit {
	size_t bytes;       /* left */
	uint64_t confirmed; /* in all */
	uint64_t caused;    /* in all */
};

/* With this many repairs queued, a member that has not earned it gets no more
 * of our packets, or of others' (the second limit): those who have earned it
 * must not wait, nor our packets for what others can repair. */
#define REPAIR_CREDIT_QUEUE        64
#define REPAIR_CREDIT_QUEUE_OTHERS (REPAIR_CREDIT_QUEUE / 2)

/* Whether the member has confirmed at least as much as it has caused. */
bool repair_credit_is_earned(const struct repair_credit *credit);

/* The member has sent a STATE of `size` bytes, with WIRE_BELOW. */
void repair_credit_add_state(struct repair_credit *credit, size_t size);

/* It has confirmed packets of so many bytes that it had not before. */
void repair_credit_add_confirmed(struct repair_credit *credit, uint64_t bytes);

/* Takes `bytes`, when there are as many; and gives them back when the repair
 * was not sent after all. */
bool repair_credit_take(struct repair_credit *credit, size_t bytes);
void repair_credit_give_back(struct repair_credit *credit, size_t bytes);

#endif
