/* SPDX-License-Identifier: ISC */
/* Who has not confirmed what was said, and why: gathered, then told in a line.
 */
#ifndef MCHAT_CHAT_ABSENTEES_H
#define MCHAT_CHAT_ABSENTEES_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/base/time.h"

/* Names of members that are told at most. */
#define ABSENTEES_MAX 10

enum absent_why {
	ABSENT_SILENT,
	ABSENT_LEFT,
	ABSENT_DEAF,    /* we hear it, but it never heard us */
	ABSENT_BEHIND,  /* it was heard a moment ago, and waited for */
	ABSENT_HURRIED, /* so it was, but there was no time to wait */
	ABSENT_SKIPPED, /* it gave up some, and has the rest */
};

/* A member that has not confirmed. */
struct absentee {
	uint64_t id;
	const char *nick; /* borrowed, not terminated, any bytes */
	size_t nick_size;
	enum absent_why why;
	uint64_t lacks_from;     /* number of the first message it lacks */
	struct instant heard_at; /* last */
};

struct absentees {
	uint64_t said; /* messages; the caller's to set, as is the next */
	struct instant now;

	struct buffer text;
	size_t count; /* to which the caller may add some without a name */
	size_t named;
	enum absent_why first; /* of them */
};

/* One more; behind ABSENTEES_MAX they are only counted. */
void absentees_add(
	struct absentees *absentees, const struct absentee *absentee);

/* Says on stderr, behind `before`, who they are and what to do about the first,
 * if there are any.  Once and last: the memory is given back, the count stays.
 */
void absentees_say(struct absentees *absentees, const char *before);

#endif
