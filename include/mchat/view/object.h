/* SPDX-License-Identifier: ISC */
/* From an event to a JSON object, for programs. */
#ifndef MCHAT_VIEW_OBJECT_H
#define MCHAT_VIEW_OBJECT_H

struct buffer;
struct event;

/* Appends the object, one line with its newline. */
void object_append(const struct event *event, struct buffer *out);

#endif
