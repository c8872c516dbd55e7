/* SPDX-License-Identifier: ISC */
/* The text of an event in which somebody said something. */
#ifndef MCHAT_VIEW_EVENT_PAYLOAD_H
#define MCHAT_VIEW_EVENT_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>

struct event;

/* What was said: bytes that are not terminated, borrowed from the event. */
struct event_payload {
	const char *bytes;
	size_t size;
};

/* Whether somebody said something; the rest are notices. */
bool event_payload_exists(const struct event *event);

/* Whether it was a member that said it: a message or an action, numbered and
 * dated by its author, and no datagram of another program. */
bool event_payload_is_message(const struct event *event);

/* What was said in an event for which event_payload_exists. */
struct event_payload event_payload_of(const struct event *event);

#endif
