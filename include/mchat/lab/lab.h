/* SPDX-License-Identifier: ISC */
/*
 * The story of one experiment: what is done, what was seen, what it shows.
 *
 * A failure is sticky: when a call that an experiment rests on fails, nothing
 * more is done or told, and the experiment counts as not shown.  So an
 * experiment reads from top to bottom, without a check behind each line.
 */
#ifndef MCHAT_LAB_LAB_H
#define MCHAT_LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/network/call.h"
#include "mchat/view/view.h"

/* Sockets that one experiment may have open at a time; reuseaddr has the most.
 */
#define LAB_SOCKETS_MAX 32

struct lab_guide;
struct lab_packets;

struct lab {
	struct call_log log; /* tells each call as part of the story */
	enum view_format format;
	const char *experiment;      /* its name */
	struct lab_guide *guide;     /* borrowed: who watches */
	struct lab_packets *packets; /* borrowed; NULL: they are not shown */
	const char *group; /* that was asked about; NULL: its own choice */
	unsigned steps;
	int fds[LAB_SOCKETS_MAX]; /* owned: what the experiment left open */
	size_t fd_count;
	bool has_failed;    /* a call failed, and that was reported */
	bool is_unexpected; /* so was that something was not seen */
};

struct experiment {
	const char *name;
	const char *title; /* what it is about */
	const char *shows; /* the conclusion, one sentence */
	void (*run)(struct lab *lab);
};

/*
 * Runs an experiment and tells its story on stdout to whom `guide` describes;
 * returns whether it was shown.  `group` is the address of the group that an
 * experiment about one is to take; NULL: its own.
 */
bool lab_run(const struct experiment *experiment, enum view_format format,
	struct lab_guide *guide, const char *group);

/* Tells what is done next; format as printf. */
void lab_step(struct lab *lab, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Shows people a picture: lines that each end with a newline.  JSON has none.
 */
void lab_draw(struct lab *lab, const char *lines);

/* Tell what was measured: "observed: key=value". */
void lab_observe(struct lab *lab, const char *key, int64_t value);
void lab_observe_text(struct lab *lab, const char *key, const char *value);

/*
 * Tells of a call that network/call does not make.  `result` is as the call
 * returned it, with errno when that is -1, and is returned, errno intact.
 */
long lab_tell(struct lab *lab, const char *text, long result, const char *why);

/* Unless `was_seen`, says that `what` was not, and the experiment then counts
 * as not shown. */
void lab_expect(struct lab *lab, bool was_seen, const char *what);

/* An experiment that takes its time is given so many seconds, if it has a limit
 * (alarm(2)). */
void lab_allow(unsigned seconds);

/* Ends the story: `what` failed, with an errno. */
void lab_fail(struct lab *lab, const char *what, int error);

/* Whether lab_fail has ended the story. */
bool lab_has_failed(const struct lab *lab);

#endif
