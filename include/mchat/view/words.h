/* SPDX-License-Identifier: ISC */
/* The words of an event, if it is somebody's. */
#ifndef MCHAT_VIEW_WORDS_H
#define MCHAT_VIEW_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct event;

/* What was said: bytes that are not terminated, borrowed from the event. */
struct words {
	const char *bytes;
	size_t size;
};

/* Whether somebody said something; the rest are notices. */
bool words_are_in(const struct event *event);

/* The words of an event that has some. */
struct words words_of(const struct event *event);

#endif
