/* SPDX-License-Identifier: ISC */
#include "mchat/chat/outside.h"

#include <string.h>

#include "mchat/base/buffer.h"

void outside_init(struct outside *outside)
{
	memset(outside, 0, sizeof(*outside));
}

/* Which notice a datagram belongs to; false: none.  What came twice is not told
 * of, as a second interface makes as many. */
static bool find_kind(enum seal_result result, enum event_outside_kind *out)
{
	switch (result) {
	case SEAL_OTHER_KEY:
		*out = EVENT_OUTSIDE_OTHER_KEY;
		return true;
	case SEAL_PLAIN:
		*out = EVENT_OUTSIDE_PLAIN;
		return true;
	case SEAL_FORGED:
		*out = EVENT_OUTSIDE_FORGED;
		return true;
	default:
		return false;
	}
}

/* Keeps the address in mind, in place of the one that was heard longest ago. */
static void note_address(struct outside *outside, const struct address *from,
	enum event_outside_kind kind, struct instant now)
{
	struct outside_address *oldest = outside->addresses;

	for (size_t i = 0; i < OUTSIDE_ADDRESSES; i++) {
		struct outside_address *it = &outside->addresses[i];

		if (it->address.family != ADDRESS_NONE && it->kind == kind &&
			address_same_host(&it->address, from)) {
			it->heard = now;
			return;
		}
		if (instant_before(it->heard, oldest->heard))
			oldest = it;
	}
	*oldest = (struct outside_address){*from, kind, now};
}

bool outside_note(struct outside *outside, enum seal_result result,
	const struct address *from, struct instant now, struct event *out)
{
	enum event_outside_kind kind;
	struct outside_notice *notice;

	if (!find_kind(result, &kind))
		return false;
	note_address(outside, from, kind, now);
	notice = &outside->notices[kind];
	notice->count++;
	notice->from = *from;
	if (instant_before(now, notice->quiet_until))
		return false;
	*out = (struct event){
		.kind = EVENT_OUTSIDE,
		.outside =
			{
				.kind = kind,
				.address = *from,
				.count = notice->count,
			},
	};
	notice->count = 0;
	notice->quiet_until =
		instant_after(now, duration_ms(OUTSIDE_INTERVAL_MS));
	return true;
}

static bool is_told(const struct outside *outside, uint64_t session)
{
	for (size_t i = 0; i < outside->session_count && i < OUTSIDE_SESSIONS;
		i++) {
		if (outside->sessions[i] == session)
			return true;
	}
	return false;
}

bool outside_is_off(int64_t ahead_s)
{
	return ahead_s > OUTSIDE_CLOCK_S || ahead_s < -OUTSIDE_CLOCK_S;
}

bool outside_note_clock(struct outside *outside,
	const struct seal_opened *opened, const struct address *from,
	struct event *out)
{
	if (!outside_is_off(opened->ahead_s) ||
		is_told(outside, opened->session))
		return false;
	outside->sessions[outside->session_count++ % OUTSIDE_SESSIONS] =
		opened->session;
	*out = (struct event){
		.kind = EVENT_OUTSIDE,
		.outside =
			{
				.kind = EVENT_OUTSIDE_TIME,
				.address = *from,
				.count = 1,
				.ahead_s = opened->ahead_s,
			},
	};
	return true;
}

static size_t count_present(const struct outside *outside,
	enum event_outside_kind kind, struct instant now)
{
	size_t count = 0;

	for (size_t i = 0; i < OUTSIDE_ADDRESSES; i++) {
		const struct outside_address *it = &outside->addresses[i];

		if (it->address.family != ADDRESS_NONE && it->kind == kind &&
			instant_before(
				now, instant_after(it->heard,
					     duration_ms(OUTSIDE_PRESENT_MS))))
			count++;
	}
	return count;
}

bool outside_append_summary(
	const struct outside *outside, struct instant now, struct buffer *out)
{
	static const char *const words[OUTSIDE_KINDS] = {
		[EVENT_OUTSIDE_OTHER_KEY] = "with another key or room",
		[EVENT_OUTSIDE_PLAIN] = "without a key",
		[EVENT_OUTSIDE_FORGED] = "with forged or damaged packets",
	};
	bool has_any = false;

	for (int i = 0; i < OUTSIDE_KINDS; i++) {
		size_t count =
			count_present(outside, (enum event_outside_kind)i, now);

		if (count == 0)
			continue;
		buffer_append_format(out, "%s%zu%s %s",
			has_any ? ", " : "outside: ", count,
			has_any      ? ""
			: count == 1 ? " address"
				     : " addresses",
			words[i]);
		has_any = true;
	}
	return has_any;
}
