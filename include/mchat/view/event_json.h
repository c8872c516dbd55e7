/* SPDX-License-Identifier: ISC */
/* From an event to a JSON object, for programs. */
#ifndef MCHAT_VIEW_EVENT_JSON_H
#define MCHAT_VIEW_EVENT_JSON_H

struct buffer;
struct event;

/* Appends the object, one line with its newline. */
void event_json_append(const struct event *event, struct buffer *out);

#endif
