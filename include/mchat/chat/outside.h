/* SPDX-License-Identifier: ISC */
/*
 * What people are told of those who are outside of a private group and yet send
 * to it, and of members whose clocks are wrong: at once, and then seldom, as
 * whoever is outside can send as much as they like, from any address.
 */
#ifndef MCHAT_CHAT_OUTSIDE_H
#define MCHAT_CHAT_OUTSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"
#include "mchat/protocol/event.h"
#include "mchat/seal/seal.h"

struct buffer;

/* After one notice of a kind, the next comes so much later at the soonest. */
#define OUTSIDE_INTERVAL_MS (INT64_C(10) * 60 * 1000)

/* Addresses that are known, for outside_append_summary: those heard last. */
#define OUTSIDE_ADDRESSES 16

/* They count for so long. */
#define OUTSIDE_PRESENT_MS 60000

/* Sessions whose clock was told of; of more, the first are told of anew. */
#define OUTSIDE_SESSIONS 64

/* A clock that is off by more than this is told of. */
#define OUTSIDE_CLOCK_S 10

/* Kinds of which there are notices about addresses. */
#define OUTSIDE_KINDS EVENT_OUTSIDE_TIME

struct outside {
	struct outside_notice {
		uint64_t count; /* of datagrams since the last notice */
		struct address from;
		struct instant quiet_until;
	} notices[OUTSIDE_KINDS];
	struct outside_address {
		struct address address;
		enum event_outside_kind kind;
		struct instant heard;
	} addresses[OUTSIDE_ADDRESSES];
	uint64_t sessions[OUTSIDE_SESSIONS];
	size_t session_count; /* ever told of */
};

void outside_init(struct outside *outside);

/* A datagram came from this address, and was opened with this result.  True
 * when something is to be told: *out, without time. */
bool outside_note(struct outside *outside, enum seal_result result,
	const struct address *from, struct instant now, struct event *out);

/* Whether a clock is off by so much that it is told of. */
bool outside_is_off(int64_t ahead_s);

/* A packet of a member came under this session.  True when it is to be told
 * that the member's clock is off: *out, without time and member. */
bool outside_note_clock(struct outside *outside,
	const struct seal_opened *opened, const struct address *from,
	struct event *out);

/* Appends "outside: 2 addresses with another key or room, 1 without a key", of
 * the last minute; false when there is nobody. */
bool outside_append_summary(
	const struct outside *outside, struct instant now, struct buffer *out);

#endif
