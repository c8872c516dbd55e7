/* SPDX-License-Identifier: ISC */
/* The only place that asks the system what time it is. */
#ifndef MCHAT_IO_CLOCK_H
#define MCHAT_IO_CLOCK_H

#include "mchat/base/time.h"

struct instant clock_now(void);
struct wall_time clock_wall(void);

#endif
