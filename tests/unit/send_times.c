/* SPDX-License-Identifier: ISC */
/* The log of how much was sent when: few grains, in the order of time, which
 * never tell a packet that is too late. */
#include "mchat/protocol/send_times.h"

#include "random.h"
#include "tap.h"

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static void add(struct send_times *log, int64_t ms, uint64_t number)
{
	send_times_add(log, at(ms), (struct send_mark){number, 10 * number},
		(struct send_mark){number + 1, 10 * number + 10});
}

/* The packet that the log finds for a time; 0: before the first. */
static uint64_t find(const struct send_times *log, struct instant since)
{
	struct send_mark mark;

	return send_times_find(log, since, &mark) ? mark.number : 0;
}

static void few(void)
{
	struct send_times log;
	struct send_mark mark;

	send_times_init(&log);
	tap_is_int(
		(intmax_t)find(&log, at(0)), 0, "an empty log finds nothing");
	add(&log, 100, 1);
	add(&log, 101, 2);
	add(&log, 200, 3);
	tap_is_int(
		(intmax_t)log.count, 2, "packets close in time are one grain");
	tap_is_int((intmax_t)find(&log, at(99)), 0,
		"a time before the first packet finds nothing");
	tap_ok(send_times_find(&log, at(100), &mark) && mark.number == 1 &&
			mark.message == 10,
		"the first packet's time finds it, with its message");
	tap_is_int((intmax_t)find(&log, at(101)), 1,
		"a time within a grain finds the grain's first packet");
	tap_is_int((intmax_t)find(&log, at(102)), 3,
		"a time behind a grain finds the next packet");
	tap_is_int((intmax_t)find(&log, at(200)), 3,
		"a packet's own time finds it");
	tap_ok(send_times_find(&log, at(1000000), &mark) && mark.number == 4 &&
			mark.message == 40,
		"a time after the last packet finds the next to leave");
}

/* The times at which packets left, in bursts. */
struct past {
	int64_t ms[200000];
	size_t count;
};

/* For any time, the log finds the first packet that left then or later, or the
 * first of the grain that the time is in. */
static void many(void)
{
	static struct past past;
	struct send_times log;
	int64_t ms = 0;
	int late = 0;
	int early = 0;

	send_times_init(&log);
	while (past.count < 200000) {
		ms += random_below(100) ? 1 : (int64_t)random_below(200000);
		past.ms[past.count++] = ms;
		add(&log, ms, past.count);
	}
	tap_ok(log.count <= SEND_TIMES_MAX && log.count >= SEND_TIMES_MAX / 4,
		"there are %zu grains for %zu packets", log.count, past.count);
	tap_is_int((intmax_t)log.grains[0].first.number, 1,
		"the first packet stays in the log");
	for (int i = 0; i < 10000; i++) {
		int64_t since = (int64_t)random_below((size_t)ms);
		uint64_t number = find(&log, at(since));

		if (number == 0)
			continue;
		late += number > 1 && past.ms[number - 2] >= since;
		early +=
			past.ms[number - 1] < since - log.length.ns / NS_PER_MS;
	}
	tap_is_int(late, 0, "no packet found is too late");
	tap_is_int(early, 0, "no packet found is more than a grain too early");
}

/* At a high rate the log gets no coarser than it must. */
static void grain(void)
{
	struct send_times log;

	send_times_init(&log);
	for (int64_t ms = 0; ms < 60000; ms++)
		add(&log, ms, (uint64_t)ms + 1);
	tap_ok(log.length.ns <= duration_ms(60000 * 2 / SEND_TIMES_MAX + 30).ns,
		"a minute is logged in steps of %ju ms",
		(uintmax_t)(log.length.ns / NS_PER_MS));
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	few();
	many();
	grain();
	return tap_done();
}
