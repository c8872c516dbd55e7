/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/rejoin.h"

#include <stddef.h>

#include "mchat/interfaces/membership.h"

void rejoin_begin(struct rejoin *rejoin, struct instant now)
{
	rejoin->due = instant_after(now, duration_ms(REJOIN_MS));
	rejoin->latest = instant_after(now, duration_ms(REJOIN_LATEST_MS));
}

struct instant rejoin_deadline(const struct rejoin *rejoin)
{
	return rejoin->due;
}

/* Whether a switch may stand between. */
static bool is_on_network(const struct membership *membership)
{
	for (size_t i = 0; i < membership->count; i++) {
		const struct interface_set *set =
			&membership->families[i].interfaces;

		for (size_t k = 0; k < set->count; k++) {
			if (!set->items[k].is_loopback)
				return true;
		}
	}
	return false;
}

bool rejoin_run(struct rejoin *rejoin, struct membership *membership,
	struct call_log *log, struct instant heard, struct instant now)
{
	struct instant quiet = instant_earlier(
		instant_after(heard, duration_ms(REJOIN_QUIET_MS)),
		rejoin->latest);

	if (instant_before(now, rejoin->due))
		return false;
	if (instant_before(now, quiet)) {
		rejoin->due = quiet;
		return false;
	}
	rejoin_begin(rejoin, now);
	if (!is_on_network(membership))
		return false;
	membership_renew(membership, log);
	return true;
}
