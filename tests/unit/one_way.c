/* SPDX-License-Identifier: ISC */
/* Members that do not hear us, of engines that talk in virtual time. */
#include "mchat/chat/one_way.h"

#include <string.h>

#include "capture.h"
#include "ether.h"
#include "mchat/base/buffer.h"
#include "mchat/chat/who.h"
#include "mchat/network/group_socket.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"
#include "tap.h"

enum { ANN, BOB, CEM };

static const struct group_config sending = {
	.address.port = 62428,
	.hop_limit = 1,
};

struct fixture {
	struct ether ether;
	struct one_way one_way;
};

static void happened(
	struct ether *ether, size_t index, const struct event *event)
{
	struct fixture *f = ether->watcher;

	if (index == ANN && event->kind == EVENT_JOIN)
		one_way_follow(&f->one_way, event->member.id, ether->now);
}

/* Ann and `others`, of which the first `deaf` ones do not hear her. */
static void init(struct fixture *f, size_t others, size_t deaf)
{
	ether_init(&f->ether);
	f->ether.watcher = f;
	f->ether.happened = happened;
	one_way_init(&f->one_way);
	for (size_t i = 1; i <= deaf; i++)
		ether_cut(&f->ether, ANN, i, true);
	ether_meet(&f->ether, 1 + others);
}

/* Lets so much time pass, and looks whenever it is due; what was said. */
static const char *pass(
	struct fixture *f, const struct group_config *config, int ms)
{
	static struct capture capture;
	struct instant end = instant_after(f->ether.now, duration_ms(ms));

	capture_begin(&capture);
	while (instant_before(f->ether.now, end)) {
		struct instant next = instant_earlier(f->one_way.check_at, end);

		if (instant_before(f->ether.now, next))
			ether_run(&f->ether, instant_until(f->ether.now, next));
		one_way_check(&f->one_way, f->ether.engines[ANN], config,
			VERBOSITY_NORMAL, f->ether.now);
	}
	return capture_end(&capture);
}

static void names_are(struct fixture *f, const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	one_way_append_names(&f->one_way, f->ether.engines[ANN], true, &out);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out), expected, what);
	buffer_fini(&out);
}

static void test_everybody_hears(void)
{
	struct fixture f;

	init(&f, 2, 0);
	tap_is_string(pass(&f, &sending, 2 * ONE_WAY_AFTER_MS), "",
		"of members that hear us nothing is said");
	tap_ok(instant_is_never(f.one_way.check_at),
		"and they are looked at no more");
	ether_fini(&f.ether);
}

static void test_one_does_not(void)
{
	struct fixture f;
	const char *said;

	init(&f, 2, 1);
	tap_is_int((intmax_t)who_count(f.ether.engines[ANN]), 2,
		"one that does not hear us is here, too");
	tap_is_string(pass(&f, &sending, ONE_WAY_AFTER_MS - 1000), "",
		"for a while nothing is said of it");
	names_are(&f, "", "nor named");
	said = pass(&f, &sending, 3000);
	tap_is_string(said,
		"mchat: bob is here but does not hear you; look for a firewall "
		"there that keeps UDP port 62428 out, and for a switch or "
		"Wi-Fi between that holds multicast back\n",
		"then it is warned of, with what to look for");
	names_are(&f, "bob", "and named");
	tap_is_string(pass(&f, &sending, 3 * ONE_WAY_AFTER_MS), "", "once");
	ether_cut(&f.ether, ANN, BOB, false);
	tap_is_string(pass(&f, &sending, ONE_WAY_AFTER_MS),
		"mchat: bob hears you now\n", "that it is over is said");
	names_are(&f, "", "and it is named no more");
	tap_ok(instant_is_never(f.one_way.check_at), "nor looked at");
	ether_fini(&f.ether);
}

/* Every packet of the ether has passed as many routers as the hop limit of its
 * author says less ETHER_HOP_LIMIT. */
static void test_far_away(void)
{
	const struct group_config far = {.address.port = 62428, .hop_limit = 2};
	struct engine_config config = ether_config(BOB);
	struct fixture f;

	init(&f, 0, 0);
	ether_cut(&f.ether, ANN, BOB, true);
	config.hop_limit = ETHER_HOP_LIMIT + 3;
	ether_join(&f.ether, &config, BOB);
	tap_ok(strstr(pass(&f, &far, ONE_WAY_AFTER_MS + 2000),
		       "mchat: bob is here but does not hear you; it is 3 "
		       "routers away and the TTL is 2; /ttl 4 or --ttl 4 "
		       "reaches it\n") != NULL,
		"one behind more routers than the TTL passes: the TTL it "
		"takes");
	ether_fini(&f.ether);
}

/* What is said of bob, who is that many routers away. */
static const char *said_of(
	struct fixture *f, const struct group_config *ours, uint8_t routers)
{
	struct engine_config config = ether_config(BOB);

	init(f, 0, 0);
	ether_cut(&f->ether, ANN, BOB, true);
	config.hop_limit = (uint8_t)(ETHER_HOP_LIMIT + routers);
	ether_join(&f->ether, &config, BOB);
	return pass(f, ours, ONE_WAY_AFTER_MS + 2000);
}

static void test_other_limits(void)
{
	const struct group_config host = {
		.address = {.family = ADDRESS_IPV4, .port = 62428}};
	const struct group_config ipv6 = {
		.address = {.family = ADDRESS_IPV6, .port = 62428},
		.hop_limit = 1};
	struct fixture f;

	tap_ok(strstr(said_of(&f, &host, 0),
		       "; it is on another host and the TTL is 0; /ttl 1 or "
		       "--ttl 1 reaches it\n") != NULL,
		"a TTL that keeps all on this host");
	ether_fini(&f.ether);
	tap_ok(strstr(said_of(&f, &ipv6, 1),
		       "; it is 1 router away and the hop limit is 1; /ttl 2 "
		       "or --ttl 2 reaches it\n") != NULL,
		"IPv6 has a hop limit");
	ether_fini(&f.ether);
}

static void test_leaves(void)
{
	struct fixture f;

	init(&f, 2, 2);
	pass(&f, &sending, ONE_WAY_AFTER_MS + 2000);
	names_are(&f, "bob, cem", "two are named");
	engine_leave(f.ether.engines[CEM], f.ether.now);
	tap_is_string(pass(&f, &sending, 3000), "",
		"that one which left hears us is not said");
	names_are(&f, "bob", "nor is it named");
	ether_fini(&f.ether);
}

static void test_bounds(void)
{
	struct one_way one_way;

	one_way_init(&one_way);
	for (uint64_t id = 1; id <= ONE_WAY_MAX + 5; id++) {
		one_way_follow(&one_way, id, (struct instant){0});
		one_way_follow(&one_way, id, (struct instant){0});
	}
	tap_is_int((intmax_t)one_way.count, ONE_WAY_MAX,
		"so many are followed, each once");
}

int main(void)
{
	test_everybody_hears();
	test_one_does_not();
	test_far_away();
	test_other_limits();
	test_leaves();
	test_bounds();
	return tap_done();
}
