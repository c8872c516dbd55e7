/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/probe_plan.h"

/* A round; there are four.  Unicast comes early, as an address that nobody
 * answers for is given up after 3 s only. */
static const struct {
	enum way way;
	enum probe_class class;
} cycle[] = {
	{WAY_GROUP, PROBE_SMALL},
	{WAY_ALL_HOSTS, PROBE_SMALL},
	{WAY_BROADCAST, PROBE_SMALL},
	{WAY_GROUP, PROBE_LARGE},
	{WAY_UNICAST, PROBE_SMALL},
	{WAY_FAR, PROBE_SMALL},
	{WAY_GROUP, PROBE_SMALL},
	{WAY_ALL_HOSTS, PROBE_LARGE},
	{WAY_BROADCAST, PROBE_LARGE},
	{WAY_GROUP, PROBE_LARGE},
	{WAY_UNICAST, PROBE_LARGE},
	{WAY_FAR, PROBE_SMALL},
};

#define CYCLE (sizeof(cycle) / sizeof(cycle[0]))

struct planned_probe probe_plan_at(unsigned number)
{
	struct planned_probe probe = {
		.way = cycle[number % CYCLE].way,
		.class = cycle[number % CYCLE].class,
		.hop_limit = 1,
	};

	if (probe.way == WAY_FAR)
		probe.hop_limit = PROBE_PLAN_FAR;
	return probe;
}
