/* SPDX-License-Identifier: ISC */
/* When the group is joined anew; on the loopback of this host. */
#include "mchat/interfaces/rejoin.h"

#include <string.h>
#include <unistd.h>

#include "mchat/interfaces/membership.h"
#include "tap.h"
#include "mchat/network/call.h"

struct fixture {
	struct call_log log;
	int left;   /* so often */
	int joined; /* so often */
	int left_ipv6;
	int joined_ipv6;
	struct membership membership;
	struct rejoin rejoin;
	struct instant heard;
	struct instant now;
};

static void observe(void *context, const struct call_record *record)
{
	struct fixture *f = context;

	bool is_ipv6 = strstr(record->text, "IPPROTO_IPV6") != NULL;
	bool leaves = strstr(record->text, "DROP_MEMBERSHIP") ||
		      strstr(record->text, "LEAVE_GROUP");
	bool joins = strstr(record->text, "ADD_MEMBERSHIP") ||
		     strstr(record->text, "JOIN_GROUP");

	f->left += leaves && !is_ipv6;
	f->joined += joins && !is_ipv6;
	f->left_ipv6 += leaves && is_ipv6;
	f->joined_ipv6 += joins && is_ipv6;
}

static void setup(struct fixture *f)
{
	static const char *const names[] = {"lo"};
	struct membership_config config = {
		.group = {.hop_limit = 1, .receives = true},
		.interfaces = names,
		.interface_count = 1,
	};

	*f = (struct fixture){.log = {.observe = observe}};
	f->log.context = f;
	address_parse("239.255.78.2", &config.group.address);
	config.group.address.port = (uint16_t)(40000 + getpid() % 20000);
	tap_is_int(membership_open(&f->membership, &config, &f->log),
		MEMBERSHIP_OK, "it is joined on lo");
	f->now = instant_after(f->now, duration_ms(1000));
	rejoin_begin(&f->rejoin, f->now);
	f->joined = 0;
}

static void pass(struct fixture *f, int64_t ms)
{
	f->now = instant_after(f->now, duration_ms(ms));
}

static bool run(struct fixture *f)
{
	return rejoin_run(
		&f->rejoin, &f->membership, &f->log, f->heard, f->now);
}

static void test_times(struct fixture *f)
{
	/* As if it were a network. */
	f->membership.families[0].interfaces.items[0].is_loopback = false;
	pass(f, REJOIN_MS - 1);
	tap_ok(!run(f) && f->left == 0, "not before it is time");
	tap_ok(instant_before(f->now, rejoin_deadline(&f->rejoin)),
		"there is time until then");
	pass(f, 1);
	tap_ok(run(f), "then it is");
	tap_ok(f->left == 1 && f->joined == 1, "it left and joined, once");
	tap_ok(!run(f) && f->left == 1, "and has time again");
	pass(f, REJOIN_MS);
	tap_ok(run(f) && f->left == 2 && f->joined == 2, "so it goes on");
}

static void test_quiet(struct fixture *f)
{
	int before = f->left;

	pass(f, REJOIN_MS);
	f->heard = f->now;
	tap_ok(!run(f), "not while something comes in");
	pass(f, REJOIN_QUIET_MS - 1);
	tap_ok(!run(f) && instant_before(f->now, rejoin_deadline(&f->rejoin)),
		"it waits for a silence");
	pass(f, 1);
	tap_ok(run(f) && f->left == before + 1, "which there is");
	for (int ms = 0; ms < REJOIN_LATEST_MS; ms += REJOIN_QUIET_MS / 2) {
		f->heard = f->now;
		if (run(f))
			break;
		pass(f, REJOIN_QUIET_MS / 2);
	}
	tap_is_int(f->left, before + 1, "where there is none it waits long");
	f->heard = f->now;
	tap_ok(run(f) && f->left == before + 2, "but not for ever");
}

static void test_loopback(struct fixture *f)
{
	f->membership.families[0].interfaces.items[0].is_loopback = true;
	pass(f, REJOIN_MS);
	f->left = 0;
	tap_ok(!run(f) && f->left == 0, "on lo there is no switch");
	tap_ok(instant_before(f->now, rejoin_deadline(&f->rejoin)),
		"which is not asked all the time");
}

/* The same of IPv6, which lo takes as long as nothing is sent. */
static bool add_ipv6(struct fixture *f)
{
	struct family_membership *family = &f->membership.families[1];
	struct interface lo = f->membership.families[0].interfaces.items[0];
	struct group_config config = {.receives = true};

	address_parse("ff12::4d43:2", &config.address);
	config.address.port = (uint16_t)(40000 + getpid() % 20000);
	address_parse("::1", &lo.address);
	lo.family = ADDRESS_IPV6;
	lo.is_loopback = false;
	family->address = config.address;
	if (group_open(&f->log, &config, &family->group) < 0)
		return false;
	if (group_join(family->group, &lo) < 0) {
		group_close(family->group);
		return false;
	}
	interface_set_add(&family->interfaces, &lo, false);
	f->membership.count = 2;
	return true;
}

static void test_ipv6(struct fixture *f)
{
	if (!add_ipv6(f)) {
		tap_ok(true, "over IPv6 # SKIP there is none");
		return;
	}
	f->membership.families[0].interfaces.items[0].is_loopback = false;
	f->left = f->joined = f->left_ipv6 = f->joined_ipv6 = 0;
	pass(f, REJOIN_MS);
	tap_ok(run(f), "over both families");
	tap_ok(f->left == 1 && f->joined == 1, "it left and joined over IPv4");
	tap_ok(f->left_ipv6 == 1 && f->joined_ipv6 == 1, "and over IPv6");
	/* Then over IPv6 alone. */
	f->membership.families[0].interfaces.items[0].is_loopback = true;
	pass(f, REJOIN_MS);
	tap_ok(run(f) && f->left_ipv6 == 2 && f->joined_ipv6 == 2,
		"also where IPv6 alone has a network");
}

int main(void)
{
	struct fixture f;

	setup(&f);
	test_times(&f);
	test_quiet(&f);
	test_loopback(&f);
	test_ipv6(&f);
	membership_close(&f.membership);
	return tap_done();
}
