/* SPDX-License-Identifier: ISC */
/*
 * Hands out events: joins and nicks first, then what each author said, in
 * order, and last that it left.
 */
#ifndef MCHAT_PROTOCOL_EVENT_QUEUE_H
#define MCHAT_PROTOCOL_EVENT_QUEUE_H

#include <stdbool.h>

struct engine;
struct event;
struct member;
struct reassembly_item;

/* Whether the event that the member joined was taken. */
void event_queue_note_told(struct member *m, bool was_told);

/* The member left, which is told after what it said, if its join was told; or
 * it is here again, and nothing is told. */
void event_queue_leave(struct member *m);
void event_queue_stay(struct member *m);

/* Notes the nick that the author said; false when the item is none. */
bool event_queue_note_nick(
	struct member *m, const struct reassembly_item *item);

/* The member may have something to hand out. */
void event_queue_add(struct engine *e, struct member *m);

/* The next event, as engine_next_event gives it. */
bool event_queue_next(struct engine *e, struct event *out);

#endif
