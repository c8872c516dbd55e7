/* SPDX-License-Identifier: ISC */
/*
 * Changes of this host's interfaces: when to look at them again, as the kernel
 * tells, or where it does not, again and again.
 */
#ifndef MCHAT_INTERFACES_INTERFACE_MONITOR_H
#define MCHAT_INTERFACES_INTERFACE_MONITOR_H

#include <stdbool.h>

#include "mchat/base/time.h"
#include "mchat/io/debounce.h"
#include "mchat/io/diagnostics.h"

struct call_log;
struct membership;

/* How often to look where the kernel does not tell of changes: listing the
 * interfaces takes a few system calls each, and who plugs in a cable waits that
 * long. */
#define INTERFACE_MONITOR_LOOK_MS 3000

struct interface_monitor {
	int fd;                /* that tells of changes; -1: none does */
	bool has_missed;       /* some changes, since the last look */
	struct instant looked; /* at them, last */
	struct debounce debounce;
};

/* Asks the kernel for changes of interfaces, and of routes as well where those
 * decide; that it will not tell is warned of.  interface_monitor_close is due.
 */
void interface_monitor_open(struct interface_monitor *monitor,
	bool needs_routes, enum verbosity verbosity, struct call_log *log);
void interface_monitor_close(
	struct interface_monitor *monitor, struct call_log *log);

/* What to poll for reading, before interface_monitor_read; -1: nothing. */
int interface_monitor_fd(const struct interface_monitor *monitor);

/* Reads the changes, and drops at once the memberships that went with a device;
 * `membership` is NULL outside a group. */
void interface_monitor_read(struct interface_monitor *monitor,
	struct membership *membership, struct call_log *log,
	struct instant now);

/* Since `began` something goes wrong that a change of interfaces may explain:
 * where the kernel does not tell, they are looked at soon, once. */
void interface_monitor_suspect(struct interface_monitor *monitor,
	struct instant began, struct instant now);

/* When interface_monitor_is_due may be true. */
struct instant interface_monitor_deadline(
	const struct interface_monitor *monitor);

/* Whether the interfaces are to be looked at now: then the caller does.  To be
 * called when no batch is being sent. */
bool interface_monitor_is_due(struct interface_monitor *monitor,
	struct membership *membership, struct call_log *log,
	struct instant now);

#endif
