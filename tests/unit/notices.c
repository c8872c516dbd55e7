/* SPDX-License-Identifier: ISC */
/* The queue of notices: in order, bounded, whole. */
#include "mchat/protocol/notices.h"

#include <string.h>

#include "tap.h"

static struct notice make(uint64_t id)
{
	struct notice notice = {
		.kind = id % 2 ? NOTICE_JOIN : NOTICE_NICK,
		.id = id,
		.nick_size = (uint8_t)(id % (WIRE_NICK_MAX + 1)),
		.old_nick_size = (uint8_t)(id % 7),
	};

	memset(notice.nick, 'a' + (int)(id % 26), notice.nick_size);
	memset(notice.old_nick, 'A' + (int)(id % 26), notice.old_nick_size);
	return notice;
}

static bool takes(struct notices *notices, uint64_t id)
{
	struct notice expected = make(id);
	struct notice got;

	return notices_take(notices, &got) && got.kind == expected.kind &&
	       got.id == id && got.nick_size == expected.nick_size &&
	       got.old_nick_size == expected.old_nick_size &&
	       memcmp(got.nick, expected.nick, got.nick_size) == 0 &&
	       memcmp(got.old_nick, expected.old_nick, got.old_nick_size) == 0;
}

static void in_order(void)
{
	struct notices notices = {0};
	struct notice notice;
	uint64_t in = 0;
	uint64_t out = 0;
	bool good = true;

	tap_ok(!notices_take(&notices, &notice), "none at first");
	/* Three in and two out, so that the ring goes round while filling. */
	while (notices.count + 3 <= NOTICES_MAX) {
		for (int i = 0; i < 3; i++) {
			notice = make(in++);
			notices_add(&notices, &notice);
		}
		good = good && takes(&notices, out++) && takes(&notices, out++);
	}
	while (out < in)
		good = good && takes(&notices, out++);
	tap_ok(good, "%ju go through in order", (uintmax_t)in);
	tap_ok(!notices_take(&notices, &notice), "none in the end");
	notices_fini(&notices);
}

static void full(void)
{
	struct notices notices = {0};
	bool good = true;

	for (uint64_t id = 0; id < (uint64_t)2 * NOTICES_MAX; id++) {
		struct notice notice = make(id);

		notices_add(&notices, &notice);
	}
	for (uint64_t id = 0; id < NOTICES_MAX; id++)
		good = good && takes(&notices, id);
	tap_ok(good, "the oldest are kept when there are too many");
	tap_is_int((intmax_t)notices.count, 0, "and no others");
	notices_fini(&notices);
	notices_fini(&notices);
	tap_ok(true, "fini twice");
}

int main(void)
{
	in_order();
	full();
	return tap_done();
}
