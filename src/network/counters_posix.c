/* SPDX-License-Identifier: ISC */
/* POSIX has no counters of the network: none is known. */
#include "mchat/network/counters.h"

void counters_read(enum address_family family, struct counters *out)
{
	(void)family;
	*out = (struct counters){0};
}

void counters_since(const struct counters *before, const struct counters *after,
	struct counters *out)
{
	(void)before, (void)after;
	*out = (struct counters){0};
}

bool counters_interface_in(const char *interface, uint64_t *out)
{
	(void)interface, (void)out;
	return false;
}

int counters_igmp_version(const char *interface)
{
	(void)interface;
	return 0;
}
