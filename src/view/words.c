/* SPDX-License-Identifier: ISC */
#include "mchat/view/words.h"

#include "mchat/protocol/event.h"

bool words_are_in(const struct event *event)
{
	return event->kind == EVENT_PLAIN || event->kind == EVENT_MESSAGE ||
	       event->kind == EVENT_ACTION;
}

struct words words_of(const struct event *event)
{
	return event->kind == EVENT_PLAIN
		       ? (struct words){event->plain.text, event->plain.size}
		       : (struct words){
				 event->message.text, event->message.size};
}
