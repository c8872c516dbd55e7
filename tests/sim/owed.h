/* SPDX-License-Identifier: ISC */
/* Which messages of an author a member is owed, and which could be had. */
#ifndef MCHAT_TESTS_SIM_OWED_H
#define MCHAT_TESTS_SIM_OWED_H

#include <stdbool.h>
#include <stdint.h>

struct judge;
struct pair;

/* Of an author that may say something. */
struct pair *owed_pair(
	const struct judge *judge, uint32_t receiver, uint32_t author);

/*
 * The messages that a member may expect next, by number.  All from `due` on are
 * owed; those from `allowed` to there were said so shortly before it started
 * that they may come, or be told as lost, or not.  Once one has come the two
 * are the same.
 */
struct owed {
	uint64_t allowed;
	uint64_t due;
};

struct owed owed_next(
	const struct judge *judge, uint32_t receiver, uint32_t author);

/* The first that may come as one said while it was running. */
uint64_t owed_first_allowed(
	const struct judge *judge, uint32_t receiver, uint32_t author);

/* The first that may not come as history. */
uint64_t owed_first_due(
	const struct judge *judge, uint32_t receiver, uint32_t author);

/* Whether the receiver may be told that it lost this message: because nobody
 * whom it can ask holds it any more, or it was away for long. */
bool owed_may_be_lost(const struct judge *judge, uint32_t receiver,
	uint32_t author, uint64_t number);

#endif
