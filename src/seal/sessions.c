/* SPDX-License-Identifier: ISC */
#include "mchat/seal/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/crypto/secret.h"

#define CAPACITY_FIRST 8

/* The place of a session, or where it is to be put. */
static size_t place_of(const struct sessions *sessions, uint64_t session)
{
	size_t low = 0;
	size_t high = sessions->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sessions->entries[middle].session < session)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void free_sealer(struct sealer *sealer)
{
	secret_wipe(sealer, sizeof(*sealer));
	free(sealer);
}

static void remove_at(struct sessions *sessions, size_t place)
{
	free_sealer(sessions->entries[place].sealer);
	sessions->count--;
	memmove(sessions->entries + place, sessions->entries + place + 1,
		(sessions->count - place) * sizeof(*sessions->entries));
}

static bool may_be_forgotten(const struct sealer *sealer, int64_t now_s)
{
	return !sealer->named_ours &&
	       now_s - sealer->newest >= SESSIONS_BEHIND_S;
}

/* The place of the one that is silent for longest; `count`: none. */
static size_t find_forgettable(const struct sessions *sessions, int64_t now_s)
{
	size_t found = sessions->count;

	for (size_t i = 0; i < sessions->count; i++) {
		const struct sealer *sealer = sessions->entries[i].sealer;

		if (may_be_forgotten(sealer, now_s) &&
			(found == sessions->count ||
				instant_before(
					sealer->heard, sessions->entries[found]
							       .sealer->heard)))
			found = i;
	}
	return found;
}

/* Makes room for one more. */
static bool reserve(struct sessions *sessions, int64_t now_s)
{
	struct sessions_entry *entries;
	size_t capacity;
	size_t place;

	if (sessions->count == SESSIONS_MAX) {
		if (sessions->is_stuck && sessions->stuck_at == now_s)
			return false;
		place = find_forgettable(sessions, now_s);
		sessions->is_stuck = place == sessions->count;
		sessions->stuck_at = now_s;
		if (sessions->is_stuck)
			return false;
		remove_at(sessions, place);
	}
	if (sessions->count < sessions->capacity)
		return true;
	capacity = sessions->capacity ? 2 * sessions->capacity : CAPACITY_FIRST;
	entries = realloc(sessions->entries, capacity * sizeof(*entries));
	if (!entries)
		return false;
	sessions->entries = entries;
	sessions->capacity = capacity;
	return true;
}

void sessions_fini(struct sessions *sessions)
{
	for (size_t i = 0; i < sessions->count; i++)
		free_sealer(sessions->entries[i].sealer);
	free(sessions->entries);
}

struct sealer *sessions_find(const struct sessions *sessions, uint64_t session)
{
	size_t place = place_of(sessions, session);

	if (place == sessions->count ||
		sessions->entries[place].session != session)
		return NULL;
	return sessions->entries[place].sealer;
}

struct sealer *sessions_add(
	struct sessions *sessions, uint64_t session, int64_t now_s)
{
	struct sealer *sealer;
	size_t place;

	if (!reserve(sessions, now_s))
		return NULL;
	sealer = calloc(1, sizeof(*sealer));
	if (!sealer)
		return NULL;
	sealer->session = session;
	place = place_of(sessions, session);
	memmove(sessions->entries + place + 1, sessions->entries + place,
		(sessions->count - place) * sizeof(*sessions->entries));
	sessions->entries[place] = (struct sessions_entry){session, sealer};
	sessions->count++;
	return sealer;
}

void sessions_prove(
	struct sessions *sessions, struct sealer *sealer, uint64_t number)
{
	if (!sealer->proven)
		sealer->proven = number;
	if (!sealer->named_ours) {
		sealer->named_ours = true;
		sessions->named++;
	}
}

void sessions_renew(struct sessions *sessions)
{
	for (size_t i = 0; i < sessions->count; i++)
		sessions->entries[i].sealer->named_ours = false;
	sessions->named = 0;
	sessions->is_stuck = false;
}

void sessions_forget_silent(
	struct sessions *sessions, int64_t now_s, struct instant now)
{
	const struct duration silent = duration_ms(SESSIONS_SILENT_MS);

	for (size_t i = sessions->count; i-- > 0;) {
		const struct sealer *sealer = sessions->entries[i].sealer;

		if (may_be_forgotten(sealer, now_s) &&
			instant_until(sealer->heard, now).ns >= silent.ns)
			remove_at(sessions, i);
	}
}

size_t sessions_heard(const struct sessions *sessions, struct instant since)
{
	size_t count = 0;

	for (size_t i = 0; i < sessions->count; i++)
		count += !instant_before(
			sessions->entries[i].sealer->heard, since);
	return count;
}
