/* SPDX-License-Identifier: ISC */
/* The questions of `mchat lab --quiz`: one for each experiment. */
#ifndef MCHAT_LAB_QUIZ_H
#define MCHAT_LAB_QUIZ_H

#define QUIZ_CHOICES 3

struct quiz_question {
	const char *experiment;
	const char *key;   /* the observation that answers it */
	const char *value; /* what is observed then; NULL: a measurement */
	const char *text;
	const char *choices[QUIZ_CHOICES];
	int right; /* index of the right one */
};

/* NULL when there is no question about the experiment. */
const struct quiz_question *quiz_find(const char *experiment);

#endif
