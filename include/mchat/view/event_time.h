/* SPDX-License-Identifier: ISC */
/* The time of an event that people are shown. */
#ifndef MCHAT_VIEW_EVENT_TIME_H
#define MCHAT_VIEW_EVENT_TIME_H

#include <stdint.h>

#include "mchat/base/time.h"

struct buffer;
struct event;

/*
 * The author's time, for that is when it was said; of what is said now by
 * somebody whose clock is wrong, when we received it.
 */
struct wall_time event_time_shown(const struct event *event);

/* Appends "3 days ahead of", "2 hours behind", to go before whose clock is
 * meant; what is dated by the other one seems late by `delay_ms`. */
void event_time_append_offset(struct buffer *out, int64_t delay_ms);

#endif
