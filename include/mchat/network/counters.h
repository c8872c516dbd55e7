/* SPDX-License-Identifier: ISC */
/*
 * The kernel's counters of what came, what left and what was dropped.  This is
 * what another system does in another way, or not at all.
 */
#ifndef MCHAT_NETWORK_COUNTERS_H
#define MCHAT_NETWORK_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/address.h"

/* Of one address family, over all interfaces of the host (its namespace). */
enum counter {
	COUNTER_IN_RECEIVES,         /* packets that reached IP */
	COUNTER_IN_DELIVERS,         /* and UDP, IGMP, ... above it */
	COUNTER_IN_MULTICAST,        /* IPv4: past the hook "prerouting" */
	COUNTER_IN_MULTICAST_OCTETS, /* of those */
	COUNTER_OUT_MULTICAST,       /* multicast that left, IGMP too */
	COUNTER_REVERSE_PATH,        /* dropped by rp_filter; IPv4 only */
	COUNTER_REPORTS_OUT,         /* of MLDv2; IPv6 only */
	COUNTER_REPORTS_OUT_V1,      /* of MLDv1; IPv6 only */
	COUNTER_QUERIES_IN,          /* of MLD; IPv6 only */
	COUNTERS
};

struct counters {
	bool is_known[COUNTERS]; /* else the system did not tell */
	uint64_t values[COUNTERS];
};

/* Reads them; what cannot be read is not known. */
void counters_read(enum address_family family, struct counters *out);

/* By how much each has grown; known where both are. */
void counters_since(const struct counters *before, const struct counters *after,
	struct counters *out);

/* The packets that came in by an interface; false when that is not known. */
bool counters_interface_in(const char *interface, uint64_t *out);

/* The version of IGMP that an interface speaks just now, 1 to 3; 0 when that is
 * not known. */
int counters_igmp_version(const char *interface);

#endif
