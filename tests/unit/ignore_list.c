/* SPDX-License-Identifier: ISC */
/* Whose messages are hidden, among engines that talk in virtual time. */
#include "mchat/chat/ignore_list.h"

#include <stdio.h>
#include <string.h>

#include "ether.h"
#include "tap.h"
#include "mchat/base/buffer.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"

enum { ANN, KIM, NAMESAKE, BLANK };

static struct event_member member_of(uint64_t id, const char *nick)
{
	return (struct event_member){
		.id = id,
		.nick = nick,
		.nick_size = strlen(nick),
	};
}

/* Ann, who ignores; two kims; and one whose nick ends with a blank. */
static void meet(struct ether *ether)
{
	static const char *const nicks[] = {"ann", "kim", "kim", "lee "};

	ether_init(ether);
	for (size_t i = ANN; i <= BLANK; i++) {
		struct engine_config config = ether_config(i);

		config.nick = nicks[i];
		ether_join(ether, &config, i);
	}
	ether_run(ether, duration_ms(600));
}

static void by_name(const struct engine *engine)
{
	struct ignore_list list = {.count = 0};
	struct event_member kim = member_of(77, "kim");
	struct event_member kimmy = member_of(78, "kimmy");

	tap_ok(!ignore_list_has(&list, &kim), "at first nobody is ignored");
	tap_is_int(ignore_list_add(&list, engine, "kim"), IGNORE_HERE,
		"who is here can be ignored");
	tap_is_int(ignore_list_add(&list, engine, "kim"), IGNORE_ALREADY,
		"but not twice");
	tap_is_int(ignore_list_add(&list, engine, "kimmy"), IGNORE_ABSENT,
		"who is not here can be ignored");
	tap_is_int(ignore_list_add(&list, NULL, "sue"), IGNORE_ABSENT,
		"also outside of a group");
	tap_ok(ignore_list_has(&list, &kim) && ignore_list_has(&list, &kimmy),
		"a name stands for whoever goes by it");
	tap_ok(ignore_list_remove(&list, "kim") &&
			!ignore_list_remove(&list, "kim"),
		"what was added can be removed, once");
	tap_ok(!ignore_list_has(&list, &kim) && ignore_list_has(&list, &kimmy),
		"only that name is removed");
}

static void by_id(const struct engine *engine)
{
	struct ignore_list list = {.count = 0};
	struct engine_member first;
	struct event_member other;
	char name[32];

	engine_member_at(engine, 0, &first);
	snprintf(name, sizeof(name), "kim#%04x", (unsigned)(first.id >> 48));
	tap_is_int(ignore_list_add(&list, engine, name), IGNORE_HERE,
		"a member can be ignored by its id");
	other = member_of(first.id, "zoe");
	tap_ok(ignore_list_has(&list, &other), "whatever it is called then");
	other = member_of(first.id + 1, "kim");
	tap_ok(!ignore_list_has(&list, &other),
		"another of the same name is not ignored");
	tap_is_int(ignore_list_add(&list, engine, "kim#ffff"), IGNORE_UNKNOWN,
		"an id that nobody has is told");
	tap_is_int(ignore_list_add(&list, engine, "kim#fff"), IGNORE_ABSENT,
		"what is no id is part of a name");
}

static void as_shown(const struct engine *engine)
{
	struct ignore_list list = {.count = 0};
	struct event_member blank = member_of(5, "lee ");
	struct event_member nameless = member_of(0xabc, "");
	struct buffer names = BUFFER_EMPTY;

	tap_is_int(ignore_list_add(&list, engine, "lee\\x20"), IGNORE_HERE,
		"a name is given as it is shown");
	tap_ok(ignore_list_has(&list, &blank), "and means who is shown so");
	ignore_list_add(&list, engine, "0000000000000abc");
	tap_ok(ignore_list_has(&list, &nameless),
		"who has no nick is shown by its id");
	ignore_list_append(&list, &names);
	buffer_append_char(&names, '\0');
	tap_is_string(buffer_bytes(&names), "lee\\x20, 0000000000000abc",
		"the list tells the names");
	buffer_fini(&names);
}

static void events(void)
{
	struct ignore_list list = {.count = 0};
	struct event event = {
		.kind = EVENT_MESSAGE, .member = member_of(1, "kim")};

	ignore_list_add(&list, NULL, "kim");
	tap_ok(ignore_list_hides(&list, &event), "a message is hidden");
	event.message.is_own = true;
	tap_ok(!ignore_list_hides(&list, &event), "our own is not");
	event.message.is_own = false;
	event.kind = EVENT_ACTION;
	tap_ok(ignore_list_hides(&list, &event), "an action is hidden");
	event.kind = EVENT_LEAVE;
	tap_ok(!ignore_list_hides(&list, &event), "a departure is not");
	event = (struct event){.kind = EVENT_PLAIN};
	tap_ok(!ignore_list_hides(&list, &event),
		"nor is a datagram of another program");
}

static void bounds(void)
{
	struct ignore_list list = {.count = 0};
	char name[IGNORE_LIST_NAME_SIZE + 1];

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	tap_is_int(ignore_list_add(&list, NULL, name), IGNORE_FULL,
		"no name is that long");
	for (int i = 0; i < IGNORE_LIST_MAX; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		ignore_list_add(&list, NULL, name);
	}
	tap_is_int(ignore_list_add(&list, NULL, "one more"), IGNORE_FULL,
		"the list is bounded");
	tap_ok(ignore_list_remove(&list, name) &&
			ignore_list_remove(&list, "n0"),
		"the last and the first can be removed");
	tap_is_int((intmax_t)list.count, IGNORE_LIST_MAX - 2, "and are gone");
}

int main(void)
{
	struct ether ether;

	meet(&ether);
	by_name(ether.engines[ANN]);
	by_id(ether.engines[ANN]);
	as_shown(ether.engines[ANN]);
	ether_fini(&ether);
	events();
	bounds();
	return tap_done();
}
