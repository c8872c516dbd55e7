/* SPDX-License-Identifier: ISC */
#include "contact.h"

#include "memory.h"
#include "mchat/base/time.h"

/* An author waits 5 s for a member without progress; of that some may have
 * passed before they were apart. */
#define PATIENCE_NS (4 * NS_PER_S)

/* The time to hear of one another again, to ask and to repair: some intervals
 * of presence, and a NACK with its repeats. */
#define LASTING_NS (10 * NS_PER_S)

struct contact_pair {
	int64_t apart_since;    /* 0: they are in contact */
	int64_t together_since; /* 0: from the beginning */
	bool was_long_apart;
};

void contact_init(struct contact *contact, unsigned members)
{
	*contact = (struct contact){0};
	if (members > CONTACT_MEMBERS_MAX)
		return;
	contact->count = members;
	contact->pairs = memory_zeroed(
		(size_t)members * members, sizeof(*contact->pairs));
}

void contact_fini(struct contact *contact)
{
	memory_free(contact->pairs);
}

/* NULL when it is not noted. */
static struct contact_pair *find(
	const struct contact *contact, uint32_t a, uint32_t b)
{
	uint32_t low = a < b ? a : b;
	uint32_t high = a < b ? b : a;

	return a != b && high < contact->count
		       ? &contact->pairs[low * contact->count + high]
		       : NULL;
}

void contact_set(struct contact *contact, uint32_t a, uint32_t b, bool is_apart,
	int64_t now)
{
	struct contact_pair *pair = find(contact, a, b);

	if (!pair || is_apart == (pair->apart_since != 0))
		return;
	if (is_apart) {
		pair->apart_since = now;
		return;
	}
	if (now - pair->apart_since > PATIENCE_NS)
		pair->was_long_apart = true;
	pair->apart_since = 0;
	pair->together_since = now;
}

void contact_was_away(struct contact *contact, uint32_t member, int64_t now)
{
	for (uint32_t i = 0; i < contact->count; i++) {
		struct contact_pair *pair = find(contact, member, i);

		if (!pair)
			continue;
		pair->was_long_apart = true;
		pair->together_since = now;
	}
}

bool contact_is_lasting(
	const struct contact *contact, uint32_t a, uint32_t b, int64_t now)
{
	const struct contact_pair *pair = find(contact, a, b);

	return !pair ||
	       (pair->apart_since == 0 &&
		       (pair->together_since == 0 ||
			       now - pair->together_since > LASTING_NS));
}

bool contact_is_excuse(const struct contact *contact, uint32_t a, uint32_t b,
	int64_t said_at, int64_t now)
{
	const struct contact_pair *pair = find(contact, a, b);

	if (!pair)
		return false;
	if (pair->apart_since != 0 && now - pair->apart_since > PATIENCE_NS)
		return true;
	return pair->was_long_apart &&
	       said_at <= pair->together_since + LASTING_NS;
}
