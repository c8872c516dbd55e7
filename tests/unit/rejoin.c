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
	struct membership membership;
	struct rejoin rejoin;
	struct instant heard;
	struct instant now;
};

static void observe(void *context, const struct call_record *record)
{
	struct fixture *f = context;

	f->left += strstr(record->text, "DROP_MEMBERSHIP") != NULL;
	f->joined += strstr(record->text, "ADD_MEMBERSHIP") != NULL;
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

int main(void)
{
	struct fixture f;

	setup(&f);
	test_times(&f);
	test_quiet(&f);
	test_loopback(&f);
	membership_close(&f.membership);
	return tap_done();
}
