/* SPDX-License-Identifier: ISC */
/* Collects who has not confirmed, and why, and prints it as one line. */
#ifndef MCHAT_CHAT_DELIVERY_REPORT_H
#define MCHAT_CHAT_DELIVERY_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/base/time.h"
#include "mchat/protocol/event.h"
#include "mchat/view/name_list.h"

/* Names of members that are told at most. */
#define DELIVERY_REPORT_MAX 10

enum delivery_report_reason {
	DELIVERY_REPORT_SILENT,
	DELIVERY_REPORT_LEFT,
	DELIVERY_REPORT_DEAF,    /* we hear it, but it never heard us */
	DELIVERY_REPORT_SMALL,   /* large packets do not reach it */
	DELIVERY_REPORT_BEHIND,  /* it was heard a moment ago, and waited for */
	DELIVERY_REPORT_HURRIED, /* so it was, but there was no time to wait */
	DELIVERY_REPORT_SKIPPED, /* it gave up some, and has the rest */
};

/* A member that has not confirmed. */
struct delivery_report_entry {
	struct event_member name; /* borrowed */
	enum delivery_report_reason why;
	uint64_t lacks_from;     /* number of the first message it lacks */
	struct instant heard_at; /* last */
};

struct delivery_report {
	uint64_t said; /* messages; the caller's to set, as is the next */
	struct instant now;

	struct buffer text;
	struct name_list names; /* to whose count the caller may add some */
	enum delivery_report_reason first; /* of them */
};

/* One more; behind DELIVERY_REPORT_MAX they are only counted. */
void delivery_report_add(struct delivery_report *report,
	const struct delivery_report_entry *entry);

/* Says on stderr, behind `before`, who they are and what to do about the first,
 * if there are any.  Once and last: the memory is given back, the count stays.
 */
void delivery_report_say(struct delivery_report *report, const char *before);

#endif
