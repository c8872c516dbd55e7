/* SPDX-License-Identifier: ISC */
/* A number that all programs of a host have in common, and no other host: so
 * that two hosts with one address are told from one.  This is what another
 * system does in another way, or not at all. */
#ifndef MCHAT_NETWORK_HOST_NUMBER_H
#define MCHAT_NETWORK_HOST_NUMBER_H

#include <stdint.h>

/* The same until the next boot; 0 when it is not known.  It is not for the
 * network as such: see probe_responder_host. */
uint64_t host_number(void);

#endif
