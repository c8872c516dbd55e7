/* SPDX-License-Identifier: ISC */
#include "mchat/chat/absent.h"

#include <stdio.h>

#include "tap.h"

int main(void)
{
	struct absent absent = {0};
	char name[INTERFACE_NAME_SIZE];

	tap_is_int(
		absent_find(&absent, "eth0"), ABSENCE_NONE, "nobody is away");
	absent_note(&absent, "eth0", ABSENCE_GONE);
	absent_note(&absent, "eth1", ABSENCE_REFUSED);
	tap_is_int(absent_find(&absent, "eth0"), ABSENCE_GONE, "one is gone");
	tap_is_int(absent_find(&absent, "eth1"), ABSENCE_REFUSED,
		"another was refused");
	tap_is_int(absent_find(&absent, "eth"), ABSENCE_NONE,
		"a part of a name is none");
	absent_note(&absent, "eth0", ABSENCE_REFUSED);
	tap_ok(absent_find(&absent, "eth0") == ABSENCE_REFUSED &&
			absent.count == 2,
		"the last that was noted holds");
	absent_note(&absent, "eth1", ABSENCE_NONE);
	absent_note(&absent, "eth1", ABSENCE_NONE);
	tap_ok(absent_find(&absent, "eth1") == ABSENCE_NONE &&
			absent.count == 1,
		"who is back is not away");
	for (int i = 0; i < ABSENT_MAX; i++) {
		snprintf(name, sizeof(name), "veth%d", i);
		absent_note(&absent, name, ABSENCE_GONE);
	}
	tap_is_int((intmax_t)absent.count, ABSENT_MAX, "no more than fit");
	tap_is_int(absent_find(&absent, "eth0"), ABSENCE_NONE,
		"the one that was away for longest gave way");
	tap_is_int(absent_find(&absent, "veth0"), ABSENCE_GONE, "and no other");
	return tap_done();
}
