/* SPDX-License-Identifier: ISC */
/* Which events notify, how, and how often. */
#include "mchat/chat/notify.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"

static struct event said(const char *text)
{
	return (struct event){
		.kind = EVENT_MESSAGE,
		.member = {.id = 1, .nick = "kim", .nick_size = 3},
		.message = {.text = text, .size = strlen(text)},
	};
}

static void notifies(struct notify *notify, const struct event *event,
	int64_t ms, const char *expected, const char *what)
{
	struct instant now = {ms * NS_PER_MS};
	struct buffer out = BUFFER_EMPTY;

	notify_of(notify, event, "lee", now, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), what);
	buffer_fini(&out);
}

static void names(void)
{
	enum notify_how how;

	tap_ok(notify_how_find("bell", &how) && how == NOTIFY_BELL, "bell");
	tap_ok(notify_how_find("osc", &how) && how == NOTIFY_OSC, "osc");
	tap_ok(!notify_how_find("", &how) && !notify_how_find("off", &how),
		"no other name");
}

static void events(void)
{
	struct notify notify = {.how = NOTIFY_OFF};
	struct event event = said("come, LEE\033");
	struct event other = said("come");

	notifies(&notify, &event, 10, "", "nothing where it is off");
	notify.how = NOTIFY_OSC;
	notifies(&notify, &other, 10, "", "nothing without a mention");
	notifies(&notify, &event, 10, "\033]9;mchat: kim: come, LEE\\x1b\a",
		"who says what, made safe");
	event.kind = EVENT_ACTION;
	notifies(&notify, &event, 10 + NOTIFY_PAUSE_MS,
		"\033]9;mchat: * kim come, LEE\\x1b\a", "an action");
	event.message.is_history = true;
	notifies(&notify, &event, 90000, "", "nothing of history");
}

static void pauses(void)
{
	struct notify notify = {.how = NOTIFY_BELL};
	struct event event = said("lee?");

	notifies(&notify, &event, 1000, "\a", "the bell");
	notifies(&notify, &event, 999 + NOTIFY_PAUSE_MS, "",
		"nothing just after another");
	notifies(&notify, &event, 1000 + NOTIFY_PAUSE_MS, "\a",
		"the bell again after a pause");
}

int main(void)
{
	setenv("TERM", "xterm", 1);
	unsetenv("VTE_VERSION");
	unsetenv("KONSOLE_VERSION");
	names();
	events();
	pauses();
	return tap_done();
}
