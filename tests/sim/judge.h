/* SPDX-License-Identifier: ISC */
/*
 * Whether what members are told is true: each author's messages in order, once,
 * with the author's text; what is missing is told as lost, with a count that
 * fits exactly; and at the end nobody lacks anything that could be had.
 */
#ifndef MCHAT_TESTS_SIM_JUDGE_H
#define MCHAT_TESTS_SIM_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct authors;
struct event;
struct journal;
struct parcel;
struct scenario;
struct histogram;

/* What one member has of another one. */
struct pair {
	int64_t known_at; /* its first packet came in; 0: none yet */
	uint64_t first;   /* message that was delivered */
	uint64_t last;
	uint64_t last_sequence; /* of the packet that it came in */
	uint64_t lost;          /* told since then */
	uint64_t history;       /* messages that came as such */
	bool is_here;           /* it was told to have joined */
};

struct judge {
	const struct scenario *scenario;
	struct authors *authors;
	struct journal *journal;
	struct histogram *delays;
	struct pair *pairs; /* of each receiver with each author */
	bool *is_forgiven;  /* who was stopped or deaf may be told losses */
	int64_t now;
	uint64_t delivered;
	uint64_t lost; /* messages told as lost */
};

void judge_init(struct judge *judge, const struct scenario *scenario,
	struct authors *authors, struct journal *journal,
	struct histogram *delays);
void judge_fini(struct judge *judge);

/* A packet of a member was handed to an engine. */
void judge_given(
	struct judge *judge, uint32_t receiver, const struct parcel *parcel);

/* An engine told something. */
void judge_event(
	struct judge *judge, uint32_t receiver, const struct event *event);

/* Whether nobody lacks anything; if not, `why` (of `size`) says what. */
bool judge_is_settled(const struct judge *judge, char *why, size_t size);

#endif
