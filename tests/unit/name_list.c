/* SPDX-License-Identifier: ISC */
#include "mchat/view/name_list.h"

#include <stdio.h>

#include "tap.h"
#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"

/* So many members, of which two at most are named; `more` come without names.
 */
static void list_is(
	size_t members, size_t more, const char *expected, const char *what)
{
	struct name_list list = {.max = 2};
	struct buffer out = BUFFER_EMPTY;

	for (size_t i = 0; i < members; i++) {
		char nick[16];
		struct event_member member = {
			.id = UINT64_C(0xabcd) << 48,
			.nick = nick,
			.is_nick_shared = i == 1,
		};

		member.nick_size =
			(size_t)snprintf(nick, sizeof(nick), "kim%zu", i + 1);
		tap_ok(name_list_add(&list, &member, &out) == (i < 2),
			"%s: member %zu is named if there is room", what,
			i + 1);
	}
	list.count += more;
	name_list_end(&list, &out);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out), expected, what);
	buffer_fini(&out);
}

int main(void)
{
	list_is(0, 0, "", "nobody");
	list_is(1, 0, "kim1", "one");
	list_is(2, 0, "kim1, kim2#abcd", "two, of whom one has a namesake");
	list_is(5, 0, "kim1, kim2#abcd and 3 more", "more than are named");
	list_is(1, 2, "kim1 and 2 more", "some without names");
	return tap_done();
}
