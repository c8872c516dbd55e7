/* SPDX-License-Identifier: ISC */
/*
 * Which members can reach one another, since when, and whether they could not
 * for so long that the one may have declared the other gone.
 */
#ifndef MCHAT_TESTS_SIM_CONTACT_H
#define MCHAT_TESTS_SIM_CONTACT_H

#include <stdbool.h>
#include <stdint.h>

/* More members than these are taken to be in contact always. */
#define CONTACT_MEMBERS_MAX 64

struct contact {
	unsigned count; /* 0: not noted */
	struct contact_pair *pairs;
};

void contact_init(struct contact *contact, unsigned members);
void contact_fini(struct contact *contact);

/* Whether these two can reach one another from now on, both ways. */
void contact_set(struct contact *contact, uint32_t a, uint32_t b, bool is_apart,
	int64_t now);

/* To the others it was as if this member had not been reached for long. */
void contact_was_away(struct contact *contact, uint32_t member, int64_t now);

/* Whether they reach one another, and have for long enough that what the one
 * has the other can have had of it. */
bool contact_is_lasting(
	const struct contact *contact, uint32_t a, uint32_t b, int64_t now);

/* Whether what was said at that time may not have waited for the other, since
 * for long they did not reach one another. */
bool contact_is_excuse(const struct contact *contact, uint32_t a, uint32_t b,
	int64_t said_at, int64_t now);

#endif
