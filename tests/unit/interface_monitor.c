/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/interface_monitor.h"

#include "mchat/network/call.h"
#include "tap.h"

#define MINUTE_MS 60000

static struct instant at_ms(int64_t ms)
{
	return (struct instant){1000 * NS_PER_S + ms * NS_PER_MS};
}

/* How many looks there are within MINUTE_MS in which nothing is told, whatever
 * tells. */
static int looks_a_minute(int fd)
{
	struct interface_monitor monitor = {.fd = fd};
	struct call_log log = {0};
	int looks = 0;

	debounce_init(&monitor.debounce);
	for (int64_t ms = 0; ms < MINUTE_MS; ms++)
		looks += interface_monitor_is_due(
			&monitor, NULL, &log, at_ms(ms));
	return looks;
}

static void test_deadline(void)
{
	struct interface_monitor monitor = {.fd = -1};
	struct call_log log = {0};

	debounce_init(&monitor.debounce);
	tap_ok(interface_monitor_is_due(&monitor, NULL, &log, at_ms(0)),
		"where nobody tells of changes, the first look is due at once");
	tap_is_int(interface_monitor_deadline(&monitor).ns,
		at_ms(INTERFACE_MONITOR_LOOK_MS).ns,
		"and the next some seconds later");
	tap_ok(!interface_monitor_is_due(&monitor, NULL, &log,
		       at_ms(INTERFACE_MONITOR_LOOK_MS - 1)),
		"not before");
	tap_ok(interface_monitor_is_due(
		       &monitor, NULL, &log, at_ms(INTERFACE_MONITOR_LOOK_MS)),
		"but then");
	tap_is_int(looks_a_minute(-1), MINUTE_MS / INTERFACE_MONITOR_LOOK_MS,
		"so it goes on, and no faster");
}

static void test_suspicion(void)
{
	struct interface_monitor monitor = {.fd = -1};
	struct call_log log = {0};
	int looks = 0;

	debounce_init(&monitor.debounce);
	monitor.looked = at_ms(0);
	interface_monitor_suspect(&monitor, at_ms(2500), at_ms(2500));
	tap_is_int(interface_monitor_deadline(&monitor).ns,
		at_ms(2500 + DEBOUNCE_FIRST_MS).ns,
		"when sending fails, a look is due soon");
	for (int64_t ms = 2500; ms < INTERFACE_MONITOR_LOOK_MS; ms++) {
		interface_monitor_suspect(&monitor, at_ms(2500), at_ms(ms));
		looks += interface_monitor_is_due(
			&monitor, NULL, &log, at_ms(ms));
	}
	tap_is_int(looks, 1, "but one, while it goes on failing");
}

int main(void)
{
	test_deadline();
	test_suspicion();
	tap_is_int(looks_a_minute(0), 0,
		"where somebody tells, nothing is due until something is told");
	return tap_done();
}
