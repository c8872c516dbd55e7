/* SPDX-License-Identifier: ISC */
/*
 * Which members can reach one another, since when, and whether they could not
 * for so long that the one may have declared the other gone.
 */
#ifndef MCHAT_TESTS_SIM_CONTACT_H
#define MCHAT_TESTS_SIM_CONTACT_H

#include <stdbool.h>
#include <stdint.h>

/* In larger groups all members are taken to be always in contact. */
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

/* Notes that to the others this member was as good as unreachable for long. */
void contact_was_away(struct contact *contact, uint32_t member, int64_t now);

/* Whether they reach one another, and have done so for long enough that each
 * can have got what the other has. */
bool contact_is_lasting(
	const struct contact *contact, uint32_t a, uint32_t b, int64_t now);

/* Whether the author need not have kept waiting for the other with what it said
 * at that time, since they could not reach one another for long. */
bool contact_is_excuse(const struct contact *contact, uint32_t a, uint32_t b,
	int64_t said_at, int64_t now);

#endif
