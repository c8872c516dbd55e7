/* SPDX-License-Identifier: ISC */
/*
 * Local time (TZ) as people read it, in English whatever the locale.  A time
 * that the system cannot convert is shown as 1 January 1970.
 */
#ifndef MCHAT_VIEW_CALENDAR_H
#define MCHAT_VIEW_CALENDAR_H

#include <stdint.h>

#include "mchat/base/time.h"

struct buffer;

/* Appends "11:23". */
void calendar_append_clock(struct buffer *out, struct wall_time time);

/* Appends "2026-11-22 11:23:45". */
void calendar_append_stamp(struct buffer *out, struct wall_time time);

/* Appends "Sunday, 22 November 2026". */
void calendar_append_day(struct buffer *out, struct wall_time time);

/* A number that is the same for two times if, and only if, their day is. */
int64_t calendar_day(struct wall_time time);

#endif
