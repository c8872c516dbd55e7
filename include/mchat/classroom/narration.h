/* SPDX-License-Identifier: ISC */
/* --explain: each socket call as a line on stderr, for people who learn. */
#ifndef MCHAT_CLASSROOM_NARRATION_H
#define MCHAT_CLASSROOM_NARRATION_H

struct buffer;
struct call_record;

/* Appends an option's value before and after, and what the call is for. */
void narration_append_purpose(
	struct buffer *out, const struct call_record *record);

/*
 * A call_log observer; `context` is not used.  Prints the call, its result,
 * an option's value before and after, and what the call is for.
 */
void narration_print(void *context, const struct call_record *record);

#endif
