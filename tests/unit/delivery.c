/* SPDX-License-Identifier: ISC */
/* Delivery as judged from engines that talk in virtual time. */
#include "mchat/chat/delivery.h"

#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "ether.h"
#include "tap.h"
#include "mchat/chat/delivery_report.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"

/* Ann is the one who delivers. */
enum { ANN, BOB, CEM };

/* What to do about it, by whoever is the first. */
#define LOOK   "; look whether it still runs, and what its stderr says\n"
#define LONGER "; a larger -T waits longer, and --trace shows what is lost\n"
#define HURRIED                                                                \
	"; the wait for it was cut short; left alone, it ends after -T\n"
#define AGAIN "; say it again when all of them are here\n"

/* No test waits so long in virtual time. */
#define END_MS 60000

struct fixture {
	struct ether ether;
	struct delivery delivery;
};

/* What happens to ann is noted. */
static void note(struct ether *ether, size_t index, const struct event *event)
{
	if (index == ANN)
		delivery_note(ether->watcher, event);
}

/* Ann joins; `wanted` others are to come. */
static void fixture_init(struct fixture *f, size_t wanted)
{
	struct engine_config config = ether_config(ANN);

	ether_init(&f->ether);
	ether_join(&f->ether, &config, ANN);
	f->delivery = (struct delivery){
		.wanted = wanted,
		.timeout = duration_ms(DELIVERY_TIMEOUT_MS),
	};
	delivery_init(&f->delivery, f->ether.now);
	f->ether.watcher = &f->delivery;
	f->ether.happened = note;
}

static void fixture_fini(struct fixture *f)
{
	ether_fini(&f->ether);
}

static void join(struct fixture *f, size_t index)
{
	struct engine_config config = ether_config(index);

	ether_join(&f->ether, &config, index);
}

static void run_ms(struct fixture *f, int64_t ms)
{
	ether_run(&f->ether, duration_ms(ms));
}

/* The time since the delivery began, in ms. */
static intmax_t age_ms(const struct fixture *f)
{
	return instant_until(f->delivery.started, f->ether.now).ns / NS_PER_MS;
}

static enum delivery_state begin(struct fixture *f)
{
	return delivery_begin(
		&f->delivery, f->ether.engines[ANN], f->ether.now);
}

/* Waits for the end as the chat does: looks at each millisecond. */
static enum delivery_state wait_end(struct fixture *f)
{
	enum delivery_state state = DELIVERY_WAITING;

	while (age_ms(f) < END_MS) {
		state = delivery_end(
			&f->delivery, f->ether.engines[ANN], f->ether.now);
		if (state != DELIVERY_WAITING)
			break;
		run_ms(f, 1);
	}
	return state;
}

/* Checks the report, and what it says. */
static void report_is(const struct fixture *f, bool is_good, const char *said,
	const char *what)
{
	struct capture capture;
	bool got;

	capture_begin(&capture);
	got = delivery_conclude(
		&f->delivery, f->ether.engines[ANN], "", f->ether.now);
	tap_is_string(capture_end(&capture), said, what);
	tap_ok(got == is_good, "the report is %s", is_good ? "good" : "bad");
}

/* ---- the beginning ---- */

static void test_nobody_comes(void)
{
	struct fixture f;

	fixture_init(&f, 1);
	tap_is_int(begin(&f), DELIVERY_WAITING, "one is wanted, none is here");
	tap_is_int(f.delivery.check_at.ns,
		instant_after(f.ether.now, f.delivery.timeout).ns,
		"it is looked again at the timeout");
	run_ms(&f, DELIVERY_TIMEOUT_MS - 1);
	tap_is_int(begin(&f), DELIVERY_WAITING, "up to the timeout it waits");
	run_ms(&f, 1);
	tap_is_int(begin(&f), DELIVERY_TIMED_OUT, "and no longer");
	tap_is_int((intmax_t)f.delivery.met, 0, "nobody was met");
	fixture_fini(&f);
}

static void test_members_come(void)
{
	struct fixture f;

	fixture_init(&f, 2);
	join(&f, BOB);
	run_ms(&f, 1000);
	tap_is_int(begin(&f), DELIVERY_WAITING, "one of two is here");
	tap_is_int((intmax_t)f.delivery.met, 1, "and counted");
	join(&f, CEM);
	run_ms(&f, 1000);
	tap_is_int(begin(&f), DELIVERY_DONE, "with two it begins");
	tap_ok(instant_is_never(f.delivery.check_at),
		"and there is nothing to look for");
	fixture_fini(&f);

	fixture_init(&f, 0);
	tap_is_int(begin(&f), DELIVERY_DONE, "where none is wanted, at once");
	fixture_fini(&f);
}

/* ---- the end ---- */

static void test_nothing_said(void)
{
	struct fixture f;

	fixture_init(&f, 3);
	tap_is_int(wait_end(&f), DELIVERY_DONE, "nothing said is delivered");
	tap_is_int(age_ms(&f), 0, "at once");
	report_is(&f, true, "", "of which there is nothing to say");
	fixture_fini(&f);
}

static void test_alone(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	ether_say(&f.ether, ANN, "hello");
	run_ms(&f, 0);
	tap_is_int(delivery_end(&f.delivery, f.ether.engines[ANN], f.ether.now),
		DELIVERY_WAITING, "who is alone waits whether it is");
	tap_is_int(instant_until(f.ether.now, f.delivery.check_at).ns,
		duration_ms(DELIVERY_ALONE_MS).ns, "and knows until when");
	tap_is_int(wait_end(&f), DELIVERY_DONE, "then it is done");
	tap_is_int(age_ms(&f), DELIVERY_ALONE_MS, "just so long after it came");
	report_is(&f, true, "", "nobody was missed");
	fixture_fini(&f);

	fixture_init(&f, 0);
	run_ms(&f, INT64_C(3) * DELIVERY_ALONE_MS);
	ether_say(&f.ether, ANN, "hello");
	run_ms(&f, 1);
	tap_is_int(wait_end(&f), DELIVERY_DONE, "who was alone for long");
	tap_is_int(age_ms(&f), 3 * DELIVERY_ALONE_MS + 1, "does not wait");
	fixture_fini(&f);
}

/* Bob is there when ann begins, and she says something; as many are wanted. */
static void say_to_one(struct fixture *f, size_t wanted)
{
	fixture_init(f, wanted);
	join(f, BOB);
	run_ms(f, 50);
	tap_is_int(begin(f), DELIVERY_DONE, "one came");
	ether_say(&f->ether, ANN, "hello");
}

static void test_confirmed(void)
{
	struct fixture f;

	say_to_one(&f, 0);
	tap_is_int(wait_end(&f), DELIVERY_DONE, "it confirms");
	tap_is_int(age_ms(&f), 50 + DELIVERY_SETTLE_MS,
		"for others to come up there was some time");
	report_is(&f, true, "", "the one who is here confirmed");
	f.delivery.wanted = 2;
	report_is(&f, false, "mchat: confirmed by 1 of 2 members" AGAIN,
		"two did not");
	fixture_fini(&f);
}

/* Nobody is waited for beyond those who were wanted. */
static void test_confirmed_by_wanted(void)
{
	struct fixture f;

	say_to_one(&f, 1);
	tap_is_int(wait_end(&f), DELIVERY_DONE, "it confirms");
	tap_ok(age_ms(&f) < 50 + DELIVERY_SETTLE_MS / 2,
		"which is enough, %jd ms after the beginning",
		(intmax_t)age_ms(&f));
	report_is(&f, true, "", "the one who was wanted confirmed");
	fixture_fini(&f);
}

static void test_confirmed_and_gone(void)
{
	struct fixture f;

	say_to_one(&f, 0);
	run_ms(&f, 50);
	engine_leave(f.ether.engines[BOB], f.ether.now);
	run_ms(&f, 50);
	tap_is_int((intmax_t)engine_member_count(f.ether.engines[ANN]), 0,
		"and left when it had all");
	tap_is_int(wait_end(&f), DELIVERY_DONE, "which is an end");
	tap_is_int(age_ms(&f), 50 + DELIVERY_SETTLE_MS,
		"as soon as if it had stayed");
	report_is(&f, true, "", "it had confirmed");
	fixture_fini(&f);
}

static void test_not_confirmed(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	f.delivery.timeout = duration_ms(2000);
	join(&f, BOB);
	join(&f, CEM);
	run_ms(&f, 1000);
	ether_cut(&f.ether, ANN, BOB, true);
	ether_cut(&f.ether, CEM, BOB, true);
	ether_say(&f.ether, ANN, "hello");
	run_ms(&f, 100);
	report_is(&f, false,
		"mchat: not confirmed by bob (heard 0.3 s ago, lacks line "
		"1)" HURRIED,
		"who was not waited for may need more time only");
	tap_is_int(wait_end(&f), DELIVERY_TIMED_OUT,
		"who hears nothing confirms nothing");
	tap_is_int(age_ms(&f), 3100, "for which there is a timeout");
	report_is(&f, false,
		"mchat: not confirmed by bob (heard 0.9 s ago, lacks line "
		"1)" LONGER,
		"it is named, and what it lacks");
	ether_say(&f.ether, ANN, "hello again");
	ether_say(&f.ether, ANN, "and again");
	run_ms(&f, 50);
	report_is(&f, false,
		"mchat: not confirmed by bob (heard 1.0 s ago, lacks lines 1 "
		"to "
		"3)" LONGER,
		"of which there may be several");
	ether_cut(&f.ether, ANN, BOB, false);
	ether_cut(&f.ether, CEM, BOB, false);
	run_ms(&f, 2000);
	report_is(&f, true, "", "if it hears it after all, it is not");
	fixture_fini(&f);
}

/* ---- who left ---- */

static void test_gone(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	f.delivery.timeout = duration_ms(END_MS);
	join(&f, BOB);
	join(&f, CEM);
	run_ms(&f, 1000);
	ether_remove(&f.ether, BOB);
	ether_say(&f.ether, ANN, "hello");
	tap_is_int(wait_end(&f), DELIVERY_DONE,
		"one that died is not waited for for ever");
	run_ms(&f, END_MS);
	tap_is_int((intmax_t)engine_member_count(f.ether.engines[ANN]), 1,
		"and left by timeout");
	report_is(&f, false,
		"mchat: not confirmed by bob (silent for 65 s, lacks line "
		"1)" LOOK,
		"it is named, and how it left");
	fixture_fini(&f);
}

/* Who stands still is silent before it is taken for gone. */
static void test_silent(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	f.delivery.timeout = duration_ms(DELIVERY_SILENT_MS + 1000);
	join(&f, BOB);
	run_ms(&f, 1000);
	ether_remove(&f.ether, BOB);
	ether_say(&f.ether, ANN, "hello");
	tap_is_int(wait_end(&f), DELIVERY_TIMED_OUT, "it is waited for");
	tap_is_int((intmax_t)engine_member_count(f.ether.engines[ANN]), 1,
		"and still here");
	report_is(&f, false,
		"mchat: not confirmed by bob (silent for 4 s, lacks line "
		"1)" LOOK,
		"but was not heard for long");
	fixture_fini(&f);
}

/* One that came, stood still before it heard us, and is taken for gone. */
static void test_deaf_and_gone(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	f.delivery.timeout = duration_ms(END_MS);
	ether_cut(&f.ether, ANN, BOB, true);
	join(&f, BOB);
	run_ms(&f, 1000);
	ether_remove(&f.ether, BOB);
	ether_say(&f.ether, ANN, "hello");
	wait_end(&f);
	run_ms(&f, END_MS);
	tap_is_int((intmax_t)engine_member_count(f.ether.engines[ANN]), 0,
		"who never heard us left by timeout");
	report_is(&f, false,
		"mchat: not confirmed by bob (silent for 70 s, lacks line "
		"1)" LOOK,
		"and is named, too");
	fixture_fini(&f);
}

/* One that we hear, but that never heard us. */
static void test_deaf(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	f.delivery.timeout = duration_ms(1000);
	ether_cut(&f.ether, ANN, BOB, true);
	join(&f, BOB);
	run_ms(&f, 1000);
	ether_say(&f.ether, ANN, "hello");
	tap_is_int(wait_end(&f), DELIVERY_TIMED_OUT, "it is waited for");
	report_is(&f, false,
		"mchat: not confirmed by bob (never heard us, lacks line 1)"
		"; mchat --trace there shows what comes in\n",
		"in vain");
	fixture_fini(&f);
}

/* A leave that was told to ann: of `nick`, who lacks so much and has `id`. */
static struct event leave_of(uint64_t id, const char *nick, uint64_t lacks)
{
	return (struct event){
		.kind = EVENT_LEAVE,
		.member = {.id = id, .nick = nick, .nick_size = strlen(nick)},
		.leave = {.is_timeout = true,
			.lacks = lacks,
			.lacks_from = 1,
			.heard_at = {0}},
	};
}

static void test_names(void)
{
	struct event event = leave_of(1, "bob", 1);
	struct fixture f;

	fixture_init(&f, 0);
	ether_say(&f.ether, ANN, "hello");
	event.leave.is_timeout = false;
	delivery_note(&f.delivery, &event);
	event = leave_of(1, "bob", 0);
	delivery_note(&f.delivery, &event);
	event = leave_of(1, "bob", 1);
	event.kind = EVENT_JOIN;
	delivery_note(&f.delivery, &event);
	report_is(&f, true, "",
		"who said bye, lacks nothing or did not leave is not missed");
	event = leave_of(1, "b\033ob", 1);
	delivery_note(&f.delivery, &event);
	event = leave_of(UINT64_C(0x123456789abcdef0), "", 2);
	delivery_note(&f.delivery, &event);
	event = leave_of(2, "cem", 1);
	event.leave.is_timeout = false;
	f.delivery.wanted = 1;
	delivery_note(&f.delivery, &event);
	report_is(&f, false,
		"mchat: not confirmed by "
		"b\\x1bob (silent for 1000 s, lacks line 1), "
		"123456789abcdef0 (silent for 1000 s, lacks line 1), "
		"cem (has left, lacks line 1)" LOOK,
		"a hostile nick is made safe; who has none has an id");
	fixture_fini(&f);
}

#define TEN(x) x ", " x ", " x ", " x ", " x ", " x ", " x ", " x ", " x ", " x

static void test_many_names(void)
{
	struct event event = leave_of(0, "x", 1);
	struct fixture f;

	fixture_init(&f, 1);
	event.leave.is_timeout = false;
	ether_say(&f.ether, ANN, "hello");
	for (int i = 0; i < DELIVERY_REPORT_MAX + 2; i++) {
		event.member.id++;
		delivery_note(&f.delivery, &event);
	}
	report_is(&f, false,
		"mchat: not confirmed by " TEN(
			"x (has left, lacks line 1)") " and 2 more; its stderr "
						      "may say why it left\n",
		"of many there are some names, and how many more");
	fixture_fini(&f);
}

/* Of one that leaves again and again the last time counts. */
static void test_leaves_again(void)
{
	struct event event = leave_of(1, "bob", 1);
	struct fixture f;

	fixture_init(&f, 0);
	ether_say(&f.ether, ANN, "one");
	ether_say(&f.ether, ANN, "two");
	for (int i = 0; i < DELIVERY_REPORT_MAX + 2; i++)
		delivery_note(&f.delivery, &event);
	event.leave.lacks_from = 2;
	delivery_note(&f.delivery, &event);
	report_is(&f, false,
		"mchat: not confirmed by bob (silent for 1000 s, lacks line "
		"2)" LOOK,
		"who left often is named once, with what it lacks now");
	event.leave.lacks_from = 1;
	event.leave.has_skipped = true;
	delivery_note(&f.delivery, &event);
	event = leave_of(1, "bob", 0);
	event.leave.has_skipped = true;
	delivery_note(&f.delivery, &event);
	report_is(&f, false,
		"mchat: not confirmed by bob (silent for 1000 s, lacks line "
		"2)" LOOK,
		"what it will never get it lacks from where it did");
	event.leave.has_skipped = false;
	event.leave.is_timeout = false;
	delivery_note(&f.delivery, &event);
	report_is(&f, true, "", "once it has all it is not missed");
	event = leave_of(1, "bob", 1);
	delivery_note(&f.delivery, &event);
	event.leave.is_timeout = false;
	delivery_note(&f.delivery, &event);
	report_is(&f, true, "", "nor when it came back to say bye");
	fixture_fini(&f);
}

/* More than there is room for: what cannot be undone is told all the same. */
static void test_crowd(void)
{
	struct event event = leave_of(0, "x", 1);
	struct fixture f;

	fixture_init(&f, 0);
	ether_say(&f.ether, ANN, "hello");
	for (int i = 0; i < DELIVERY_DEPARTED_MAX; i++) {
		event.member.id++;
		delivery_note(&f.delivery, &event);
	}
	event.leave.lacks = 0;
	for (; event.member.id > 0; event.member.id--)
		delivery_note(&f.delivery, &event);
	report_is(&f, true, "", "a crowd may come back");
	event.leave.lacks = 1;
	for (int i = 0; i < DELIVERY_DEPARTED_MAX + 2; i++) {
		event.member.id++;
		delivery_note(&f.delivery, &event);
	}
	event.leave.lacks = 0;
	for (; event.member.id > 0; event.member.id--)
		delivery_note(&f.delivery, &event);
	report_is(&f, false, "mchat: not confirmed by 2 who left" LOOK,
		"one that is too large is counted");
	fixture_fini(&f);
}

/* All that was sent is confirmed, but not all that was said was sent. */
static void test_unsent(void)
{
	struct engine_member bob;
	struct fixture f;
	size_t at;

	fixture_init(&f, 0);
	ether_meet(&f.ether, 2);
	ether_say(&f.ether, ANN, "one");
	run_ms(&f, 500);
	report_is(&f, true, "", "what was sent is confirmed");
	ether_say(&f.ether, ANN, "two");
	report_is(&f, false,
		"mchat: not confirmed by bob (heard 0.3 s ago, lacks line 2); "
		"the wait for it was cut short; left alone, it ends after -T\n",
		"a line that was said and has not left yet is not confirmed");
	for (at = 0; engine_member_at(f.ether.engines[ANN], at, &bob); at++)
		tap_is_int((intmax_t)bob.lacks, 1, "nor does bob have it");
	tap_is_int((intmax_t)at, 1, "he is the only one");
	fixture_fini(&f);
}

int main(void)
{
	test_nobody_comes();
	test_members_come();
	test_nothing_said();
	test_alone();
	test_confirmed();
	test_confirmed_by_wanted();
	test_confirmed_and_gone();
	test_not_confirmed();
	test_gone();
	test_silent();
	test_deaf();
	test_deaf_and_gone();
	test_names();
	test_many_names();
	test_leaves_again();
	test_crowd();
	test_unsent();
	return tap_done();
}
