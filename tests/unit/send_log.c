/* SPDX-License-Identifier: ISC */
/* When how much was sent: marks in the order of time, few, never too late. */
#include "mchat/protocol/send_log.h"

#include "random.h"
#include "tap.h"

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static void add(struct send_log *log, int64_t ms, uint64_t number)
{
	send_log_add(log, &(struct send_mark){
				  .at = at(ms),
				  .number = number,
				  .message = 10 * number,
			  });
}

static void few(void)
{
	struct send_log log;
	const struct send_mark *mark;

	send_log_init(&log);
	tap_ok(!send_log_find(&log, at(0)), "nothing was sent");
	add(&log, 100, 1);
	add(&log, 101, 2);
	add(&log, 200, 3);
	tap_is_int((intmax_t)log.count, 2, "one mark in a while");
	tap_ok(!send_log_find(&log, at(99)), "before the first there is none");
	mark = send_log_find(&log, at(100));
	tap_ok(mark && mark->number == 1 && mark->message == 10,
		"the first, at its time");
	mark = send_log_find(&log, at(199));
	tap_ok(mark && mark->number == 1, "until the next");
	mark = send_log_find(&log, at(200));
	tap_ok(mark && mark->number == 3, "which is the second");
	mark = send_log_find(&log, at(1000000));
	tap_ok(mark && mark->number == 3, "for ever");
}

/* A thousand hours of packets, in bursts: whatever the time, the mark is not
 * behind it, and not older than the grain and the pause in which nothing was
 * sent. */
static void many(void)
{
	struct send_log log;
	int64_t ms = 0;
	uint64_t number = 0;
	int wrong = 0;

	send_log_init(&log);
	for (int i = 0; i < 200000; i++) {
		ms += random_below(100) ? 1 : (int64_t)random_below(200000);
		add(&log, ms, ++number);
	}
	tap_ok(log.count <= SEND_LOG_MAX && log.count >= SEND_LOG_MAX / 4,
		"%zu marks of %ju packets", log.count, (uintmax_t)number);
	tap_is_int((intmax_t)log.marks[0].number, 1, "the first stays");
	for (size_t i = 1; i < log.count; i++)
		wrong += !instant_before(log.marks[i - 1].at, log.marks[i].at);
	tap_is_int(wrong, 0, "in the order of time");
	for (int i = 0; i < 10000; i++) {
		struct instant since = at((int64_t)random_below((size_t)ms));
		const struct send_mark *mark = send_log_find(&log, since);

		wrong += mark && instant_before(since, mark->at);
		wrong += mark && mark + 1 < log.marks + log.count &&
			 !instant_before(since, mark[1].at);
	}
	tap_is_int(wrong, 0, "the last one that is not behind a time");
}

/* However fast, it grows coarser by no more than it must. */
static void grain(void)
{
	struct send_log log;

	send_log_init(&log);
	for (int64_t ms = 0; ms < 60000; ms++)
		add(&log, ms, (uint64_t)ms + 1);
	tap_ok(log.grain.ns <= duration_ms(60000 * 2 / SEND_LOG_MAX + 30).ns,
		"a minute in steps of %ju ms",
		(uintmax_t)(log.grain.ns / NS_PER_MS));
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
