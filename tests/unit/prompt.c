/* SPDX-License-Identifier: ISC */
/* The prompt of a member whose messages reach the other member, or do not. */
#include "mchat/chat/prompt.h"

#include "ether.h"
#include "mchat/base/buffer.h"
#include "mchat/chat/engine_driver.h"
#include "mchat/chat/one_way.h"
#include "mchat/protocol/engine.h"
#include "tap.h"

enum { ANN, BOB, CEM };

struct fixture {
	struct ether ether;
	struct engine_driver driver;
	struct prompt prompt;
	struct one_way one_way;
	struct prompt_facts facts;
};

static void shows(struct fixture *f, const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	prompt_append(&f->prompt, &f->facts, f->ether.now, &out);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out), expected, what);
	buffer_fini(&out);
}

/* What ann says does not reach bob, for a while. */
static void test_unconfirmed(struct fixture *f)
{
	ether_cut(&f->ether, ANN, BOB, true);
	ether_say(&f->ether, ANN, "one");
	ether_run(&f->ether, duration_ms(0));
	ether_say(&f->ether, ANN, "two");
	shows(f, "ann> ", "two lines unconfirmed for a moment are not told");
	tap_is_int(f->prompt.check_at.ns,
		f->ether.now.ns + duration_ms(PROMPT_UNCONFIRMED_MS).ns,
		"the next look is due when they must be told");
	ether_run(&f->ether, duration_ms(PROMPT_UNCONFIRMED_MS));
	shows(f, "ann (2 not confirmed)> ",
		"two lines unconfirmed for longer are told");
	f->facts.is_leaving = true;
	shows(f, "ann (leaving; 2 not confirmed)> ",
		"a member that leaves is told of unconfirmed lines");
	f->facts.is_leaving = false;
	f->facts.is_ending = true;
	shows(f, "leaving; bob has not confirmed 2 lines (Ctrl-C: at once) ",
		"and, with whom it is, to who ends");
	f->facts.to_come = 3;
	shows(f, "leaving after 3 more messages (Ctrl-C: at once) ",
		"unless that waits for others' words");
	f->facts.to_come = 0;
	f->driver.may_send = false;
	shows(f, "leaving; waiting for 1 more member (Ctrl-C: at once) ",
		"or for members");
	f->driver.may_send = true;
	f->facts.is_ending = false;
	ether_cut(&f->ether, ANN, BOB, false);
	ether_run(&f->ether, duration_ms(1000));
	shows(f, "ann> ", "once confirmed: the nick alone");
	tap_ok(instant_is_never(f->prompt.check_at),
		"once confirmed no look is due");
}

/* What ann says never reaches cem. */
static void test_one_way(void)
{
	struct fixture f = {.facts = {.nick = "ann"}};

	one_way_init(&f.one_way);
	f.facts.one_way = &f.one_way;
	prompt_init(&f.prompt);
	ether_init(&f.ether);
	ether_cut(&f.ether, ANN, CEM, true);
	ether_meet(&f.ether, 3);
	f.driver.engine = f.ether.engines[ANN];
	f.driver.may_send = true;
	f.facts.driver = &f.driver;
	f.one_way.rows[f.one_way.count++] = (struct one_way_row){
		.id = engine_id(f.ether.engines[CEM]), .is_told = true};
	shows(&f, "ann (cem does not hear you)> ",
		"a member that does not hear us is named");
	f.facts.is_leaving = true;
	shows(&f, "ann> ", "a member that leaves need not know");
	ether_fini(&f.ether);
}

int main(void)
{
	struct fixture f = {.facts = {.nick = "ann", .absent = 1}};

	one_way_init(&f.one_way);
	f.facts.one_way = &f.one_way;
	prompt_init(&f.prompt);
	shows(&f, "ann> ", "in no group: the nick alone");
	ether_init(&f.ether);
	ether_meet(&f.ether, 2);
	f.driver.engine = f.ether.engines[ANN];
	f.facts.driver = &f.driver;
	shows(&f, "ann (waiting for 1 more member)> ",
		"before ann may send, the prompt says what it waits for");
	f.facts.is_leaving = true;
	shows(&f, "ann> ", "a member that leaves waits for nobody");
	f.facts.is_leaving = false;
	f.driver.may_send = true;
	shows(&f, "ann> ", "with nothing unconfirmed: the nick alone");

	test_unconfirmed(&f);
	ether_fini(&f.ether);
	test_one_way();
	return tap_done();
}
