/* SPDX-License-Identifier: ISC */
/*
 * Whose clock is wrong, as seen from ours: how far what an author says now is
 * dated from when it comes.  A clock that is ahead shows at once, for nothing
 * comes before it was said.  One that is behind looks like a delay; but of an
 * author whose words have come in time before, a late one is only late.
 */
#ifndef MCHAT_CHAT_CLOCK_OFFSET_H
#define MCHAT_CHAT_CLOCK_OFFSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct buffer;

/* A clock that is so much ahead is wrong.  Two that nobody sets drift apart by
 * some seconds a day; people do not mind a minute. */
#define CLOCK_OFFSET_AHEAD_MS (INT64_C(60) * 1000)

/* And one so much behind: what is repaired is late by up to half a minute, and
 * what crosses a cut in the network by as long as that lasted. */
#define CLOCK_OFFSET_BEHIND_MS (INT64_C(10) * 60 * 1000)

/* Authors that are known; of more, the ones heard of first are met anew. */
#define CLOCK_OFFSET_MAX 256

struct clock_offset {
	uint64_t id;
	int64_t delay_ms; /* the least of what did not come too early */
	bool is_told;     /* that it is wrong */
};

struct clock_offsets {
	struct clock_offset list[CLOCK_OFFSET_MAX];
	size_t count; /* in all */
	size_t last;  /* index of who was heard last */
};

void clock_offsets_init(struct clock_offsets *offsets);

/*
 * The author said something at `time` by its clock that came at `received` by
 * ours, and is no history.  Whether the author's clock is wrong; *is_news is
 * set when that was not so before, for it is told once.
 */
bool clock_offset_is_wrong(struct clock_offsets *offsets, uint64_t id,
	struct wall_time time, struct wall_time received, bool *is_news);

/* Appends "3 days ahead of", "2 h behind", to go before whose clock is meant.
 */
void clock_offset_append(
	struct buffer *out, struct wall_time time, struct wall_time received);

#endif
