/* SPDX-License-Identifier: ISC */
/* Peers that were named, and those that proved their address. */
#include "mchat/relay/peer_table.h"

#include <stdlib.h>

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

static void test_names(void)
{
	struct address one = host(1, 5000);
	struct address two = host(2, 5000);
	struct address three = host(3, 5000);
	struct peer_table table;

	peer_table_init(&table, false);
	tap_is_int(peer_table_name(&table, 0, &one, at(0)), 0, "a name");
	tap_is_int(peer_table_name(&table, 1, &two, at(0)), 1, "another");
	tap_is_int(peer_table_name(&table, 1, &two, at(0)), 1, "again");
	tap_is_int(peer_table_name(&table, 2, &two, at(0)), -1,
		"two names of one host are one peer");
	tap_is_int(peer_table_find(&table, &two), 1, "it is found");
	tap_is_int(peer_table_name(&table, 1, &three, at(0)), 1,
		"a name may lead elsewhere later");
	tap_is_int(peer_table_find(&table, &two), -1, "then no more there");
	one.port++;
	tap_is_int(peer_table_find(&table, &one), -1, "nor by another port");
}

static void test_others(void)
{
	struct address first = host(1, 5000);
	struct address others[] = {host(1, 5000), host(2, 5000)};
	struct address moved = host(2, 6000);
	struct peer_table table;

	peer_table_init(&table, false);
	(void)peer_table_name(&table, 0, &first, at(0));
	peer_table_set_others(&table, 0, others, 2);
	tap_is_int(peer_table_find(&table, &others[1]), -1,
		"a peer has one address at a time");
	tap_ok(peer_table_welcomes(&table, &moved),
		"its host is welcome by each of them");
	tap_is_int(peer_table_move(&table, &others[1], at(5)), 0,
		"it is met by another");
	tap_is_int(peer_table_find(&table, &others[1]), 0, "and has that then");
	tap_is_int(table.peers[0].since.ns, at(0).ns,
		"it is waited for as long as before");
	(void)peer_table_note_heard(&table, 0, at(6));
	tap_is_int(peer_table_move(&table, &first, at(7)), -1,
		"which it keeps while it is heard");
	table.peers[0].is_self = true;
	tap_ok(!peer_table_is_used(&table, 0) &&
			instant_is_never(peer_table_deadline(&table)),
		"what is sent to oneself is in vain");
}

static void test_welcome(void)
{
	struct address named = host(1, 5000);
	struct address moved = host(1, 6000);
	struct address stranger = host(2, 5000);
	struct peer_table table;

	peer_table_init(&table, false);
	(void)peer_table_name(&table, 0, &named, at(0));
	tap_ok(!peer_table_welcomes(&table, &stranger),
		"without --peer any a stranger gets nothing");
	tap_ok(peer_table_welcomes(&table, &moved),
		"a host that was named may have another port");
}

static void test_full(void)
{
	struct peer_table table;
	struct peer gone;
	struct address last = host(1000, 5000);

	peer_table_init(&table, true);
	for (unsigned i = 0; i < PEER_MAX; i++) {
		struct address peer = host(i, 5000);

		tap_is_int(peer_table_add(&table, &peer, at(0)), (int)i,
			"one that has proven its address");
	}
	tap_ok(!peer_table_welcomes(&table, &last) &&
			peer_table_add(&table, &last, at(2000)) < 0,
		"where there is no room nobody is");
	for (int i = 0; i < PEER_MAX - 1; i++)
		(void)peer_table_note_heard(&table, i, at(2000));
	tap_is_int(peer_table_take_due(
			   &table, PEER_MAX - 1, at(PEER_SILENT_MS), &gone),
		PEER_DUE_FORGOTTEN, "who is silent is forgotten");
	tap_ok(peer_table_welcomes(&table, &last), "which makes room");
}

static void test_due(void)
{
	struct address named = host(1, 5000);
	struct peer_table table;
	struct peer peer;

	peer_table_init(&table, false);
	tap_ok(instant_is_never(peer_table_deadline(&table)),
		"without peers nothing is due");
	(void)peer_table_name(&table, 0, &named, at(0));
	tap_is_int(peer_table_take_due(&table, 0, at(0), &peer),
		PEER_DUE_KEEP_ALIVE, "one that was named is asked at once");
	table.peers[0].challenge = 1;
	tap_is_int(peer_table_take_due(&table, 0, at(PEER_UNHEARD_MS), &peer),
		PEER_DUE_UNHEARD, "one that is not there is told");
	tap_is_int(peer_table_take_due(&table, 0, at(PEER_UNHEARD_MS), &peer),
		PEER_DUE_NOTHING, "once");
	tap_is_int(peer_table_deadline(&table).ns, at(PEER_KEEP_ALIVE_MS).ns,
		"a keep-alive is due next");
	tap_is_int(
		peer_table_take_due(&table, 0, at(PEER_KEEP_ALIVE_MS), &peer),
		PEER_DUE_KEEP_ALIVE, "and then it is");
	table.peers[0].sent_at = at(PEER_KEEP_ALIVE_MS);
	tap_ok(peer_table_note_heard(&table, 0, at(20000)), "it is heard");
	tap_ok(!peer_table_note_heard(&table, 0, at(20001)), "which is news");
	table.peers[0].sent_at = at(20000 + PEER_SILENT_MS);
	tap_is_int(peer_table_take_due(
			   &table, 0, at(20001 + PEER_SILENT_MS), &peer),
		PEER_DUE_SILENT, "later it is silent");
	tap_is_int(peer_table_take_due(
			   &table, 0, at(20001 + PEER_SILENT_MS), &peer),
		PEER_DUE_NOTHING, "once");
	tap_ok(peer_table_note_heard(&table, 0, at(100000)),
		"that it is heard again is news");
}

int main(void)
{
	test_names();
	test_others();
	test_welcome();
	test_full();
	test_due();
	return tap_done();
}
