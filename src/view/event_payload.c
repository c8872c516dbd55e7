/* SPDX-License-Identifier: ISC */
#include "mchat/view/event_payload.h"

#include "mchat/protocol/event.h"

bool event_payload_is_message(const struct event *event)
{
	return event->kind == EVENT_MESSAGE || event->kind == EVENT_ACTION;
}

bool event_payload_exists(const struct event *event)
{
	return event->kind == EVENT_PLAIN || event_payload_is_message(event);
}

struct event_payload event_payload_of(const struct event *event)
{
	return event->kind == EVENT_PLAIN
		       ? (struct event_payload){event->plain.text,
				 event->plain.size}
		       : (struct event_payload){
				 event->message.text, event->message.size};
}
