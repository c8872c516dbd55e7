/* SPDX-License-Identifier: ISC */
/*
 * Who watches an experiment: --step waits for Enter between its steps, --quiz
 * asks what will be observed, --packets wants to see what is sent
 * (lab/lab_packets.h).  The first two read lines of stdin; when that has ended
 * nothing waits any more.  Meanwhile the alarm that bounds an experiment stands
 * still.
 */
#ifndef MCHAT_LAB_LAB_GUIDE_H
#define MCHAT_LAB_LAB_GUIDE_H

#include <stdbool.h>

struct quiz_question;

/* All zero: nobody in particular. */
struct lab_guide {
	bool is_stepwise;
	bool is_quiz;
	bool sees_packets; /* what is sent is told, too */
	bool has_step;     /* a step was told: the next one waits */
	bool has_ended;    /* stdin has */
	const struct quiz_question *question; /* not yet answered by what was
						 observed; NULL: none */
	int answer;     /* index of the choice; -1: none was given */
	unsigned told;  /* questions that an observation answered */
	unsigned right; /* of these */
};

/* Before an experiment: asks its question. */
void lab_guide_begin(struct lab_guide *guide, const char *experiment);

/* Before a step: waits, unless it is the first of all. */
void lab_guide_step(struct lab_guide *guide);

/* After an observation was told: says whether the answer was right. */
void lab_guide_observed(
	struct lab_guide *guide, const char *key, const char *value);

/* After the last experiment: the score. */
void lab_guide_conclude(const struct lab_guide *guide);

#endif
