/* SPDX-License-Identifier: ISC */
/* The last things that happened in a run, and the first that was wrong. */
#ifndef MCHAT_TESTS_SIM_JOURNAL_H
#define MCHAT_TESTS_SIM_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many of them are told. */
#define JOURNAL_MAX 40

enum journal_what {
	JOURNAL_JOINED,
	JOURNAL_ACT,     /* number in the scenario */
	JOURNAL_SAID,    /* message, bytes */
	JOURNAL_FULL,    /* message */
	JOURNAL_DATA,    /* sequence, bytes: sent */
	JOURNAL_REPAIR,  /* sequence, author: sent */
	JOURNAL_CODED,   /* last packet in it, author: sent */
	JOURNAL_STATE,   /* bytes: sent */
	JOURNAL_ASK,     /* bytes: sent */
	JOURNAL_GIVEN,   /* sequence, author: a DATA came in */
	JOURNAL_HEARD,   /* bytes, sender: a STATE came in */
	JOURNAL_DROPPED, /* bytes, sender: the network lost one */
	JOURNAL_MESSAGE, /* sequence, author: delivered */
	JOURNAL_LOST,    /* count, author: told */
	JOURNAL_JOIN,    /* author: told */
	JOURNAL_LEAVE,   /* author, is timeout: told */
	JOURNAL_HOSTILE, /* bytes, kind: sent */
};

struct journal_entry {
	int64_t at;
	uint32_t member;
	enum journal_what what;
	uint64_t a;
	uint64_t b;
};

struct journal {
	int64_t start; /* virtual time of the beginning */
	int64_t now;
	size_t count; /* of all that was noted */
	struct journal_entry entries[JOURNAL_MAX];
	bool failed;
	char why[512];
};

void journal_note(struct journal *journal, uint32_t member,
	enum journal_what what, uint64_t a, uint64_t b);

/* Something is wrong (printf format); only the first time counts. */
void journal_fail(struct journal *journal, const char *why, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints the last entries on stdout. */
void journal_print(const struct journal *journal);

#endif
