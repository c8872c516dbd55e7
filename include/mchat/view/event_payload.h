/* SPDX-License-Identifier: ISC */
/* The text of an event in which somebody said something. */
#ifndef MCHAT_VIEW_EVENT_PAYLOAD_H
#define MCHAT_VIEW_EVENT_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/protocol/event.h"

/* What was said: bytes that are not terminated, borrowed from the event. */
struct event_payload {
	const char *bytes;
	size_t size;
};

/* Whether it was a member that said it: a message or an action, numbered and
 * dated by its author, and no datagram of another program. */
static inline bool event_payload_is_message(const struct event *event)
{
	return event->kind == EVENT_MESSAGE || event->kind == EVENT_ACTION;
}

/* Whether somebody said something; the rest are notices. */
static inline bool event_payload_exists(const struct event *event)
{
	return event->kind == EVENT_PLAIN || event_payload_is_message(event);
}

/* What was said in an event for which event_payload_exists. */
static inline struct event_payload event_payload_of(const struct event *event)
{
	return event->kind == EVENT_PLAIN
		       ? (struct event_payload){event->plain.text,
				 event->plain.size}
		       : (struct event_payload){
				 event->message.text, event->message.size};
}

#endif
