/* SPDX-License-Identifier: ISC */
/*
 * A descriptor by which the system tells that its interfaces changed: one came
 * or went, got or lost its carrier or an address.  It does not tell what: list
 * them anew.  This is what another system does in another way.
 */
#ifndef MCHAT_NETWORK_WATCH_H
#define MCHAT_NETWORK_WATCH_H

#include <stdbool.h>

struct call_log;

/*
 * Opens a descriptor that is readable once something has changed from now on;
 * with `has_routes` also when routes have.  To be closed by call_close.  -1
 * with errno where the system does not tell; `log` then names the call.
 */
int watch_open(struct call_log *log, bool has_routes);

/* Takes what there is to read, so that only the next change is told. */
void watch_take(int fd);

#endif
