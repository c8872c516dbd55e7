/* SPDX-License-Identifier: ISC */
/* The time of an event that people are shown. */
#ifndef MCHAT_VIEW_EVENT_TIME_H
#define MCHAT_VIEW_EVENT_TIME_H

#include "mchat/base/time.h"

struct event;

/*
 * The author's time, for that is when it was said; of what is said now by
 * somebody whose clock is wrong, when we received it.
 */
struct wall_time event_time_shown(const struct event *event);

#endif
