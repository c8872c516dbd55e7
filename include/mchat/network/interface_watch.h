/* SPDX-License-Identifier: ISC */
/*
 * A descriptor by which the system tells that its interfaces changed: one came
 * or went, got or lost its carrier or an address.  What there is now is to be
 * listed anew; but that a device went is told, because another one that came in
 * its place may have the same index.  This is what another system does in
 * another way.
 */
#ifndef MCHAT_NETWORK_INTERFACE_WATCH_H
#define MCHAT_NETWORK_INTERFACE_WATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Devices that are told to have gone at one time; more are told the next. */
#define INTERFACE_WATCH_GONE_MAX 64

struct call_log;

struct interface_watch_news {
	unsigned gone[INTERFACE_WATCH_GONE_MAX]; /* indices of devices that went
						  */
	size_t gone_count;
	bool has_missed; /* there were more news than the system kept */
};

/* Whether this system tells; else the interfaces are to be listed again and
 * again. */
bool interface_watch_is_there(void);

/*
 * Opens a descriptor that is readable once something has changed from now on;
 * with `has_routes` also when routes have.  To be closed by call_close.  -1
 * with errno where the system does not tell; `log` then names the call.
 */
int interface_watch_open(struct call_log *log, bool has_routes);

/* Takes what there is to read, so that only the next change is told. */
void interface_watch_take(int fd, struct interface_watch_news *out);

#endif
