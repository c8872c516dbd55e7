/* SPDX-License-Identifier: ISC */
/* The verdict on delivery, with engines that talk in virtual time. */
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

/* The advice, which depends on the first member that is named. */
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
	tap_is_int(
		begin(&f), DELIVERY_WAITING, "-w 1 waits while nobody is here");
	tap_is_int(f.delivery.check_at.ns,
		instant_after(f.ether.now, f.delivery.timeout).ns,
		"the next look is due at the timeout");
	run_ms(&f, DELIVERY_TIMEOUT_MS - 1);
	tap_is_int(begin(&f), DELIVERY_WAITING, "-w 1 waits up to the timeout");
	run_ms(&f, 1);
	tap_is_int(
		begin(&f), DELIVERY_TIMED_OUT, "-w 1 gives up at the timeout");
	tap_is_int((intmax_t)f.delivery.met, 0, "nobody was met");
	fixture_fini(&f);
}

static void test_members_come(void)
{
	struct fixture f;

	fixture_init(&f, 2);
	join(&f, BOB);
	run_ms(&f, 1000);
	tap_is_int(begin(&f), DELIVERY_WAITING, "-w 2 waits while one is here");
	tap_is_int(
		(intmax_t)f.delivery.met, 1, "the one that is here is counted");
	join(&f, CEM);
	run_ms(&f, 1000);
	tap_is_int(begin(&f), DELIVERY_DONE, "-w 2 begins when two are here");
	tap_ok(instant_is_never(f.delivery.check_at),
		"once begun, no look is due");
	fixture_fini(&f);

	fixture_init(&f, 0);
	tap_is_int(begin(&f), DELIVERY_DONE, "-w 0 begins at once");
	fixture_fini(&f);
}

/* ---- the end ---- */

static void test_nothing_said(void)
{
	struct fixture f;

	fixture_init(&f, 3);
	tap_is_int(wait_end(&f), DELIVERY_DONE, "nothing said is delivered");
	tap_is_int(age_ms(&f), 0, "nothing said is delivered at once");
	report_is(&f, true, "", "nothing said: no message");
	fixture_fini(&f);
}

static void test_alone(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	ether_say(&f.ether, ANN, "hello");
	run_ms(&f, 0);
	tap_is_int(delivery_end(&f.delivery, f.ether.engines[ANN], f.ether.now),
		DELIVERY_WAITING, "ann waits to see whether she is alone");
	tap_is_int(instant_until(f.ether.now, f.delivery.check_at).ns,
		duration_ms(DELIVERY_ALONE_MS).ns,
		"the wait to see whether ann is alone has an end");
	tap_is_int(wait_end(&f), DELIVERY_DONE, "ann alone is done");
	tap_is_int(age_ms(&f), DELIVERY_ALONE_MS,
		"ann alone is done when that wait is over");
	report_is(&f, true, "", "ann alone: no message");
	fixture_fini(&f);

	fixture_init(&f, 0);
	run_ms(&f, INT64_C(3) * DELIVERY_ALONE_MS);
	ether_say(&f.ether, ANN, "hello");
	run_ms(&f, 1);
	tap_is_int(wait_end(&f), DELIVERY_DONE, "ann, alone for long, is done");
	tap_is_int(age_ms(&f), 3 * DELIVERY_ALONE_MS + 1,
		"ann, alone for long, does not wait");
	fixture_fini(&f);
}

/* Bob is there when ann begins, and she says something; as many are wanted. */
static void say_to_one(struct fixture *f, size_t wanted)
{
	fixture_init(f, wanted);
	join(f, BOB);
	run_ms(f, 50);
	tap_is_int(
		begin(f), DELIVERY_DONE, "with bob here the delivery begins");
	ether_say(&f->ether, ANN, "hello");
}

static void test_confirmed(void)
{
	struct fixture f;

	say_to_one(&f, 0);
	tap_is_int(wait_end(&f), DELIVERY_DONE, "bob confirms");
	tap_is_int(age_ms(&f), 50 + DELIVERY_SETTLE_MS,
		"the end waits a while for others to come");
	report_is(&f, true, "", "bob, who is here, confirmed: no message");
	f.delivery.wanted = 2;
	report_is(&f, false, "mchat: confirmed by 1 of 2 members" AGAIN,
		"of two wanted only one confirmed");
	fixture_fini(&f);
}

/* No member is waited for beyond those that were wanted. */
static void test_confirmed_by_wanted(void)
{
	struct fixture f;

	say_to_one(&f, 1);
	tap_is_int(
		wait_end(&f), DELIVERY_DONE, "bob, who was wanted, confirms");
	tap_ok(age_ms(&f) < 50 + DELIVERY_SETTLE_MS / 2,
		"when the wanted have confirmed, the end comes at once: %jd ms",
		(intmax_t)age_ms(&f));
	report_is(&f, true, "", "bob, who was wanted, confirmed: no message");
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
		"bob left when he had everything");
	tap_is_int(wait_end(&f), DELIVERY_DONE,
		"bob confirmed and left: the delivery is done");
	tap_is_int(age_ms(&f), 50 + DELIVERY_SETTLE_MS,
		"bob confirmed and left: done as soon as if he had stayed");
	report_is(&f, true, "", "bob confirmed and left: no message");
	fixture_fini(&f);
}

/* What ann says and bob's first bye cross: the next bye confirms it.  Or bob
 * gets nothing any more. */
static void test_confirmed_by_bye(bool is_heard)
{
	struct fixture f;
	intmax_t left;

	fixture_init(&f, 1);
	join(&f, BOB);
	run_ms(&f, 1000);
	ether_cut(&f.ether, ANN, BOB, !is_heard);
	engine_leave(f.ether.engines[BOB], f.ether.now);
	left = age_ms(&f);
	ether_say(&f.ether, ANN, "hello");
	tap_is_int(wait_end(&f), DELIVERY_DONE,
		"bob, who has said bye, is waited for");
	if (is_heard) {
		tap_ok(age_ms(&f) - left < DELIVERY_BYES_MS / 2,
			"until it confirms: %jd ms",
			(intmax_t)(age_ms(&f) - left));
		report_is(&f, true, "", "that is told of nobody");
	} else {
		tap_is_int(age_ms(&f) - left, DELIVERY_BYES_MS,
			"no longer than byes follow one another");
		report_is(&f, false,
			"mchat: not confirmed by bob (has left, lacks line "
			"1); its stderr may say why it left\n",
			"that it left is told");
	}
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
		"a member not waited for yet may only need more time");
	tap_is_int(wait_end(&f), DELIVERY_TIMED_OUT,
		"a member that hears nothing confirms nothing");
	tap_is_int(age_ms(&f), 3100, "the wait for it ends at the timeout");
	report_is(&f, false,
		"mchat: not confirmed by bob (heard 0.9 s ago, lacks line "
		"1)" LONGER,
		"the report names it and the line it lacks");
	ether_say(&f.ether, ANN, "hello again");
	ether_say(&f.ether, ANN, "and again");
	run_ms(&f, 50);
	report_is(&f, false,
		"mchat: not confirmed by bob (heard 1.0 s ago, lacks lines 1 "
		"to "
		"3)" LONGER,
		"the report names several lines it lacks");
	ether_cut(&f.ether, ANN, BOB, false);
	ether_cut(&f.ether, CEM, BOB, false);
	run_ms(&f, 2000);
	report_is(
		&f, true, "", "a member that confirms after all is not named");
	fixture_fini(&f);
}

/* ---- members that left ---- */

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
	tap_is_int(
		wait_end(&f), DELIVERY_DONE, "the wait for a dead member ends");
	run_ms(&f, END_MS);
	tap_is_int((intmax_t)engine_member_count(f.ether.engines[ANN]), 1,
		"a dead member leaves by timeout");
	report_is(&f, false,
		"mchat: not confirmed by bob (silent for 65 s, lacks line "
		"1)" LOOK,
		"the report names a dead member, and how it left");
	fixture_fini(&f);
}

/* A member that is stopped is silent for a while before it is taken for gone.
 */
static void test_silent(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	f.delivery.timeout = duration_ms(DELIVERY_SILENT_MS + 1000);
	join(&f, BOB);
	run_ms(&f, 1000);
	ether_remove(&f.ether, BOB);
	ether_say(&f.ether, ANN, "hello");
	tap_is_int(wait_end(&f), DELIVERY_TIMED_OUT,
		"a silent member is waited for");
	tap_is_int((intmax_t)engine_member_count(f.ether.engines[ANN]), 1,
		"a silent member is still here");
	report_is(&f, false,
		"mchat: not confirmed by bob (silent for 4 s, lacks line "
		"1)" LOOK,
		"the report names a silent member");
	fixture_fini(&f);
}

/* A member that stopped before it heard us, and is taken for gone. */
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
		"a member that never heard us leaves by timeout");
	report_is(&f, false,
		"mchat: not confirmed by bob (silent for 70 s, lacks line "
		"1)" LOOK,
		"the report names a member that never heard us and left");
	fixture_fini(&f);
}

/* A member that we hear, but that never heard us. */
static void test_deaf(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	f.delivery.timeout = duration_ms(1000);
	ether_cut(&f.ether, ANN, BOB, true);
	join(&f, BOB);
	run_ms(&f, 1000);
	ether_say(&f.ether, ANN, "hello");
	tap_is_int(wait_end(&f), DELIVERY_TIMED_OUT,
		"a member that never heard us is waited for");
	report_is(&f, false,
		"mchat: not confirmed by bob (never heard us, lacks line 1)"
		"; mchat --trace there shows what comes in\n",
		"the report names a member that never heard us");
	fixture_fini(&f);
}

/* Large packets do not reach a member. */
static void test_small(void)
{
	char text[1000];
	struct fixture f;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	fixture_init(&f, 0);
	f.delivery.timeout = duration_ms(1000);
	join(&f, BOB);
	ether_limit(&f.ether, ANN, BOB, WIRE_SMALL_MAX);
	run_ms(&f, 1000);
	ether_say(&f.ether, ANN, text);
	run_ms(&f, 20000);
	tap_is_int(wait_end(&f), DELIVERY_DONE,
		"a member that gets small packets only confirms");
	ether_cut(&f.ether, ANN, BOB, true);
	ether_say(&f.ether, ANN, "hello");
	f.delivery.started = f.ether.now;
	tap_is_int(wait_end(&f), DELIVERY_TIMED_OUT,
		"and is waited for as others are");
	report_is(&f, false,
		"mchat: not confirmed by bob (does not get large packets, "
		"lacks line 2); look for a smaller MTU on the way, where they "
		"are dropped\n",
		"the report names a member that gets small packets only");
	fixture_fini(&f);
}

/* The event that `nick` with `id` left, which lacks so many lines. */
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
	report_is(&f, false,
		"mchat: not confirmed by bob (has left, lacks line 1); its "
		"stderr may say why it left\n",
		"a member that said bye before it confirmed is named without "
		"-w, too");
	event = leave_of(1, "bob", 0);
	delivery_note(&f.delivery, &event);
	event = leave_of(1, "bob", 1);
	event.kind = EVENT_JOIN;
	delivery_note(&f.delivery, &event);
	report_is(&f, true, "",
		"members that lack nothing or did not leave are not named");
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
		"a hostile nick is made safe; a member without one is named by "
		"its id");
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
		"of many members some are named, and the others counted");
	fixture_fini(&f);
}

/* Of a member that leaves several times the last time counts. */
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
		"a member that left often is named once, with what it lacks "
		"now");
	event.leave.lacks_from = 1;
	event.leave.has_skipped = true;
	delivery_note(&f.delivery, &event);
	event = leave_of(1, "bob", 0);
	event.leave.has_skipped = true;
	delivery_note(&f.delivery, &event);
	report_is(&f, false,
		"mchat: not confirmed by bob (silent for 1000 s, lacks line "
		"2)" LOOK,
		"a line that a member will never get stays named");
	event.leave.has_skipped = false;
	event.leave.is_timeout = false;
	delivery_note(&f.delivery, &event);
	report_is(&f, true, "",
		"a member that has everything after all is not named");
	event = leave_of(1, "bob", 1);
	delivery_note(&f.delivery, &event);
	event.leave.is_timeout = false;
	delivery_note(&f.delivery, &event);
	report_is(&f, false,
		"mchat: not confirmed by bob (has left, lacks lines 1 to 2); "
		"its "
		"stderr may say why it left\n",
		"a member that came back and said bye is named again");
	fixture_fini(&f);
}

/* More members left than there is room for: those beyond are counted only. */
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
	report_is(
		&f, true, "", "a crowd that fits and comes back is not named");
	event.leave.lacks = 1;
	for (int i = 0; i < DELIVERY_DEPARTED_MAX + 2; i++) {
		event.member.id++;
		delivery_note(&f.delivery, &event);
	}
	event.leave.lacks = 0;
	for (; event.member.id > 0; event.member.id--)
		delivery_note(&f.delivery, &event);
	report_is(&f, false, "mchat: not confirmed by 2 who left" LOOK,
		"of a crowd that is too large those beyond the room are "
		"counted");
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
	test_confirmed_by_bye(true);
	test_confirmed_by_bye(false);
	test_not_confirmed();
	test_gone();
	test_silent();
	test_deaf();
	test_small();
	test_deaf_and_gone();
	test_names();
	test_many_names();
	test_leaves_again();
	test_crowd();
	test_unsent();
	return tap_done();
}
