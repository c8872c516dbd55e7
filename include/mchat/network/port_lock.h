/* SPDX-License-Identifier: ISC */
/*
 * Who takes unicast on a port of this host.  Members share the group's port, so
 * each sets SO_REUSEADDR; but of what is sent to the host, and not to a group,
 * the kernel gives all to the last that bound.  So one takes it, and the others
 * another port.
 */
#ifndef MCHAT_NETWORK_PORT_LOCK_H
#define MCHAT_NETWORK_PORT_LOCK_H

#include <stdint.h>

/* A descriptor that holds the lock until it is closed; or -1 with errno:
 * EADDRINUSE while another member has it. */
int port_lock_take(uint16_t port);

#endif
