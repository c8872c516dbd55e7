/* SPDX-License-Identifier: ISC */
#include "mchat/relay/reporter_table.h"

#include "mchat/relay/pass_times.h"
#include "mchat/relay/peer_table.h"

static size_t set_of(const struct address *address)
{
	uint64_t hash = pass_times_hash(address->bytes, sizeof(address->bytes));

	return (size_t)(pass_times_mix(hash ^ address->port) % REPORTER_SETS);
}

static bool is_free(const struct reporter *reporter, struct instant now)
{
	return reporter->heard_at.ns == 0 ||
	       !instant_before(now, instant_after(reporter->heard_at,
					    duration_ms(PEER_SILENT_MS)));
}

/* A free place for this address; REPORTER_WAYS: none. */
static size_t find_free(const struct reporter *set, struct instant now)
{
	size_t i = 0;

	while (i < REPORTER_WAYS && !is_free(&set[i], now))
		i++;
	return i;
}

struct reporter *reporter_table_find(struct reporter_table *table,
	const struct address *address, struct instant now)
{
	struct reporter *set = table->sets[set_of(address)];

	for (size_t i = 0; i < REPORTER_WAYS; i++) {
		if (!is_free(&set[i], now) &&
			set[i].address.port == address->port &&
			address_same_host(&set[i].address, address))
			return &set[i];
	}
	return NULL;
}

bool reporter_table_has_room(const struct reporter_table *table,
	const struct address *address, struct instant now)
{
	return find_free(table->sets[set_of(address)], now) < REPORTER_WAYS;
}

bool reporter_table_add(struct reporter_table *table,
	const struct address *address, struct instant now)
{
	struct reporter *set = table->sets[set_of(address)];
	size_t i = find_free(set, now);

	if (i == REPORTER_WAYS)
		return false;
	set[i] = (struct reporter){.address = *address, .heard_at = now};
	table->has_any = true;
	return true;
}
