/* SPDX-License-Identifier: ISC */
/* Hosts that report to a source. */
#include "mchat/relay/reporter_table.h"

#include <stdlib.h>

#include "mchat/relay/peer_table.h"
#include "tap.h"

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static struct address host(unsigned number, uint16_t port)
{
	return (struct address){
		.family = ADDRESS_IPV4,
		.bytes = {10, 0, (uint8_t)(number >> 8), (uint8_t)number},
		.port = port,
	};
}

int main(void)
{
	struct reporter_table *table = calloc(1, sizeof(*table));
	struct address one = host(1, 5000);
	struct address other_port = host(1, 5001);
	struct reporter *found;
	unsigned added = 0;

	if (!table)
		abort();
	tap_ok(!reporter_table_find(table, &one, at(0)) && !table->has_any,
		"there are none at first");
	tap_ok(reporter_table_has_room(table, &one, at(0)) &&
			reporter_table_add(table, &one, at(0)),
		"one is added");
	found = reporter_table_find(table, &one, at(1));
	tap_ok(found != NULL && table->has_any, "and found");
	tap_ok(!reporter_table_find(table, &other_port, at(1)),
		"by its port, too");
	if (found)
		found->heard_at = at(1000);
	tap_ok(reporter_table_find(table, &one, at(PEER_SILENT_MS)) != NULL,
		"while it is heard");
	tap_ok(!reporter_table_find(table, &one, at(1000 + PEER_SILENT_MS)),
		"and not when it is silent");
	for (unsigned i = 0; i < 20000; i++) {
		struct address many = host(i, 6000);

		added += reporter_table_add(table, &many, at(1000));
	}
	tap_ok(added > REPORTER_SETS && added < REPORTER_SETS * REPORTER_WAYS,
		"of 20,000 as many as there is room for: %u", added);
	tap_ok(!reporter_table_has_room(table, &other_port, at(1001)) ||
			reporter_table_add(table, &other_port, at(1001)),
		"where there is room one is added");
	tap_ok(reporter_table_has_room(
		       table, &other_port, at(2000 + PEER_SILENT_MS)),
		"who is silent makes room");
	free(table);
	return tap_done();
}
