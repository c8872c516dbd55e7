/* SPDX-License-Identifier: ISC */
/* The router that all other networks are reached by.  This is what another
 * system does in another way, or not at all. */
#ifndef MCHAT_NETWORK_GATEWAY_H
#define MCHAT_NETWORK_GATEWAY_H

#include <stdbool.h>

struct address;

/* That of the default IPv4 route by an interface; false when there is none, or
 * it cannot be known. */
bool gateway_find(const char *interface, struct address *out);

#endif
