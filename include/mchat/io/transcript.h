/* SPDX-License-Identifier: ISC */
/*
 * The transcript (--log): each event is a line appended to a file, as text with
 * date and time.  A line is one write, so that several programs may append to
 * one file.  What cannot be written is counted, and the chat goes on.
 */
#ifndef MCHAT_IO_TRANSCRIPT_H
#define MCHAT_IO_TRANSCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/base/time.h"
#include "mchat/view/view.h"

struct event;

struct transcript {
	int fd;           /* -1: there is none */
	const char *name; /* borrowed */
	struct view view;
	struct buffer line; /* of the event; reused for the next */
	bool is_torn;       /* the file ends within a line */
	bool is_file;       /* that can be moved; no FIFO, say */
	bool is_moved; /* it was moved, and there is no new one, as was said
			*/
	struct instant look_at; /* when to look for that again */
	uint64_t missing;       /* lines */
};

/*
 * Opens `name`, creating it with mode 0600 if needed; NULL: no transcript.
 * False, after saying why, when that fails; otherwise transcript_close is due.
 */
bool transcript_open(struct transcript *transcript, const char *name);

/* Whether there is one. */
bool transcript_is_open(const struct transcript *transcript);

/*
 * Opens the file anew where another, or none, goes by its name by now, as after
 * logrotate; what fails is said, and lines go on to the old one.
 */
void transcript_follow(struct transcript *transcript);

/* Appends the line of an event, after what transcript_follow does, once a
 * second; reports the first failure. */
void transcript_event(struct transcript *transcript, const struct event *event);

/* Closes it; false, after saying so, when lines are or may be missing. */
bool transcript_close(struct transcript *transcript);

#endif
