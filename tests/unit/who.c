/* SPDX-License-Identifier: ISC */
/* /who of engines that talk in virtual time. */
#include "mchat/chat/who.h"

#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "ether.h"
#include "forged.h"
#include "tap.h"
#include "mchat/chat/ignore_list.h"
#include "mchat/chat/outside.h"
#include "mchat/peers/peers.h"
#include "mchat/protocol/engine.h"

enum { ANN, BOB, CEM, DEE };

static const char *who_ignoring(const struct ether *ether,
	const struct ignore_list *ignored, struct capture *capture)
{
	capture_begin(capture);
	who_print(&(struct who){
		.engine = ether->engines[ANN],
		.ignored = ignored,
		.now = ether->now,
	});
	return capture_end(capture);
}

static const char *who(const struct ether *ether, struct capture *capture)
{
	static const struct ignore_list nobody;

	return who_ignoring(ether, &nobody, capture);
}

static void has(const char *said, const char *part, const char *what)
{
	if (!tap_ok(strstr(said, part) != NULL, "%s", what))
		tap_note("said: %s", said);
}

static const char *who_by_peers(const struct ether *ether,
	const struct peers *peers, struct capture *capture)
{
	static const struct ignore_list nobody;

	capture_begin(capture);
	who_print(&(struct who){
		.engine = ether->engines[ANN],
		.ignored = &nobody,
		.peers = peers,
		.now = ether->now,
	});
	return capture_end(capture);
}

/* One that is heard by a peer is so far off as that, whatever the hop limit. */
static void test_peer(void)
{
	static const struct peers_config config = {
		.names = {{.host = "there.example", .port = 5}}, .count = 1};
	const struct address address = {.family = ADDRESS_IPV4, .port = 5};
	struct peers *peers = calloc(1, sizeof(*peers));
	struct capture capture;
	struct forged packet;
	struct ether ether;
	struct relay_author author;

	ether_init(&ether);
	ether_meet(&ether, 3);
	peers->config = &config;
	peers->seen = relay_seen_new();
	(void)peer_table_name(&peers->table, 0, &address, ether.now);
	forged_data(&packet, 0, engine_id(ether.engines[CEM]), 1, 1);
	(void)relay_seen_take(peers->seen,
		&(struct relay_packet){
			.bytes = packet.bytes,
			.size = forged_size(&packet),
			.source = RELAY_PEER(0),
		},
		engine_id(ether.engines[ANN]), ether.now, &author);
	has(who_by_peers(&ether, peers, &capture),
		": via peer there.example:5; ",
		"a member that is heard by a peer is named with it");
	has(who_by_peers(&ether, peers, &capture), ": on this network; ",
		"one of our own network is not");
	forged_data(&packet, 0, engine_id(ether.engines[BOB]), 1, 1);
	(void)relay_seen_take(peers->seen,
		&(struct relay_packet){
			.bytes = packet.bytes,
			.size = forged_size(&packet),
			.source = RELAY_REPORTS,
		},
		engine_id(ether.engines[ANN]), ether.now, &author);
	has(who_by_peers(&ether, peers, &capture),
		"bob: reports to this host; ",
		"one that reports to a source is");
	relay_seen_free(peers->seen);
	free(peers);
	ether_fini(&ether);
}

static void test_alone(void)
{
	struct capture capture;
	struct ether ether;

	ether_init(&ether);
	ether_meet(&ether, 1);
	tap_is_string(who(&ether, &capture), "mchat: nobody else is here\n",
		"a member that is alone is told so");
	ether_fini(&ether);
}

static void test_together(void)
{
	struct capture capture;
	struct ether ether;
	const char *said;

	ether_init(&ether);
	ether_meet(&ether, 2);
	has(who(&ether, &capture), "mchat: 1 other is here\n",
		"one other is told in the singular");
	ether_meet(&ether, 3);
	ether_say(&ether, ANN, "hello");
	ether_say(&ether, CEM, "hello");
	ether_run(&ether, duration_ms(500));
	said = who(&ether, &capture);
	has(said, "mchat: 2 others are here\n",
		"two others are told in the plural");
	has(said, "mchat: bob: on this network; has all of yours; hears cem;",
		"a member that has all of ours and hears another");
	has(said, "mchat: cem: on this network; has all of yours; heard ",
		"a member that has all of ours and hears no other");
	tap_is_int((intmax_t)capture_count(said, "\n"), 3,
		"/who has one line a member and one more");
	ether_fini(&ether);
}

/* Bob lacks the last line of cem and the last of ann. */
static void test_lacking(void)
{
	struct capture capture;
	struct ether ether;
	const char *said;

	ether_init(&ether);
	ether_meet(&ether, 3);
	for (size_t author = ANN; author <= CEM; author += CEM - ANN) {
		ether_say(&ether, author, "one");
		ether_run(&ether, duration_ms(500));
	}
	ether_cut(&ether, ANN, BOB, true);
	ether_cut(&ether, CEM, BOB, true);
	ether_say(&ether, CEM, "two");
	ether_say(&ether, ANN, "two");
	ether_run(&ether, duration_ms(500));
	said = who(&ether, &capture);
	has(said, "bob: on this network; lacks 1 of your packets; hears cem",
		"a member that lacks a packet of ours");
	has(said, "cem: on this network; has all of yours; heard",
		"the other member has the packet");
	ether_fini(&ether);
}

/* What comes from ann does not reach bob, from the start. */
static void test_one_way(void)
{
	struct capture capture;
	struct ether ether;

	ether_init(&ether);
	ether_cut(&ether, ANN, BOB, true);
	ether_meet(&ether, 2);
	ether_run(&ether, duration_ms(500));
	has(who(&ether, &capture), "bob: on this network; does not hear you;",
		"a member that does not hear us is told as such");
	ether_fini(&ether);
}

static void test_ignored(void)
{
	struct ignore_list ignored = {.count = 0};
	struct capture capture;
	struct ether ether;
	const char *said;

	ether_init(&ether);
	ether_meet(&ether, 3);
	ignore_list_add(&ignored, ether.engines[ANN], "bob");
	said = who_ignoring(&ether, &ignored, &capture);
	has(said, "mchat: bob (ignored): on this network",
		"who is ignored is marked");
	has(said, "mchat: cem: on this network", "and nobody else");
	ether_fini(&ether);
}

static void test_silence(void)
{
	struct capture capture;
	struct ether ether;

	ether_init(&ether);
	ether_meet(&ether, 2);
	ether_say(&ether, BOB, "one");
	ether_run(&ether, duration_ms(0));
	ether_remove(&ether, BOB);
	ether.now = instant_after(ether.now, duration_ms(3400));
	has(who(&ether, &capture), "; heard 3.4 s ago\n",
		"how long ago a member was heard is told");
	ether_fini(&ether);
}

static void test_namesakes(void)
{
	static const char *const nicks[] = {"ann", "l\033ee", "l\033ee", ""};
	struct capture capture;
	struct ether ether;
	const char *said;

	ether_init(&ether);
	for (size_t i = ANN; i <= DEE; i++) {
		struct engine_config config = ether_config(i);

		config.nick = nicks[i];
		config.hop_limit = (uint8_t)(i + 1 - (i == DEE));
		ether_join(&ether, &config, i);
	}
	ether_run(&ether, duration_ms(600));
	said = who(&ether, &capture);
	has(said, "mchat: l\\x1bee#0002: 1 router away",
		"a shared nick has a part of the id, and is made safe");
	has(said, "mchat: l\\x1bee#0003: 2 routers away",
		"the other of the same nick has a part of its id");
	has(said, "mchat: 0004000000000abc: 2 routers away",
		"a member without a nick is named by its id");
	ether_say(&ether, CEM, "hello");
	ether_run(&ether, duration_ms(500));
	has(who(&ether, &capture), "; hears l\\x1bee#0003;",
		"so has one that another member hears");
	ether_fini(&ether);
}

/* A private group is told with its key, and with who is outside. */
static void test_private(void)
{
	static const struct ignore_list nobody;
	const struct address from = {.family = ADDRESS_IPV4, .bytes = {192}};
	struct outside outside;
	struct capture capture;
	struct event event;
	struct ether ether;
	struct who it;

	ether_init(&ether);
	ether_meet(&ether, 2);
	outside_init(&outside);
	it = (struct who){
		.engine = ether.engines[ANN],
		.ignored = &nobody,
		.privacy = "private, key 02e8-a717",
		.outside = &outside,
		.now = ether.now,
	};
	capture_begin(&capture);
	who_print(&it);
	has(capture_end(&capture),
		"mchat: private, key 02e8-a717; 1 other is here\nmchat: bob: ",
		"the key is told first");
	(void)outside_note(&outside, SEAL_PLAIN, &from, ether.now, &event);
	capture_begin(&capture);
	who_print(&it);
	has(capture_end(&capture),
		"1 other is here\nmchat: outside: 1 address without a key\n"
		"mchat: bob: ",
		"then who is outside");
	ether_fini(&ether);
}

int main(void)
{
	test_alone();
	test_peer();
	test_together();
	test_lacking();
	test_one_way();
	test_ignored();
	test_silence();
	test_namesakes();
	test_private();
	return tap_done();
}
