/* SPDX-License-Identifier: ISC */
/* Who has a UDP port.  This is what another system does in another way, or not
 * at all. */
#ifndef MCHAT_NETWORK_PORT_HOLDER_H
#define MCHAT_NETWORK_PORT_HOLDER_H

#include <stdbool.h>
#include <stdint.h>

/* The user of a socket that has the port on this host; false when there is
 * none, or the system does not tell. */
bool port_holder_find(uint16_t port, unsigned *out_uid);

#endif
