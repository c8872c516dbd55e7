/* SPDX-License-Identifier: ISC */
/* What time it is; all parts of a chat ask here. */
#ifndef MCHAT_IO_CLOCK_H
#define MCHAT_IO_CLOCK_H

#include "mchat/base/time.h"

struct instant clock_now(void);
struct wall_time clock_wall(void);

/* Lets so much time pass, less when a signal comes. */
void clock_sleep(struct duration duration);

#endif
