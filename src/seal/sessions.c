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

static void free_remote(struct remote_session *remote)
{
	secret_wipe(remote, sizeof(*remote));
	free(remote);
}

static void remove_at(struct sessions *sessions, size_t place)
{
	free_remote(sessions->entries[place].remote);
	sessions->count--;
	memmove(sessions->entries + place, sessions->entries + place + 1,
		(sessions->count - place) * sizeof(*sessions->entries));
}

static bool may_be_forgotten(const struct remote_session *remote, int64_t now_s)
{
	return !remote->named_ours &&
	       now_s - remote->newest >= SESSIONS_BEHIND_S;
}

/* The place of the one that is silent for longest; `count`: none. */
static size_t find_forgettable(const struct sessions *sessions, int64_t now_s)
{
	size_t found = sessions->count;

	for (size_t i = 0; i < sessions->count; i++) {
		const struct remote_session *remote =
			sessions->entries[i].remote;

		if (may_be_forgotten(remote, now_s) &&
			(found == sessions->count ||
				instant_before(
					remote->heard, sessions->entries[found]
							       .remote->heard)))
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
		free_remote(sessions->entries[i].remote);
	free(sessions->entries);
}

struct remote_session *sessions_find(
	const struct sessions *sessions, uint64_t session)
{
	size_t place = place_of(sessions, session);

	if (place == sessions->count ||
		sessions->entries[place].session != session)
		return NULL;
	return sessions->entries[place].remote;
}

struct remote_session *sessions_add(
	struct sessions *sessions, uint64_t session, int64_t now_s)
{
	struct remote_session *remote;
	size_t place;

	if (!reserve(sessions, now_s))
		return NULL;
	remote = calloc(1, sizeof(*remote));
	if (!remote)
		return NULL;
	remote->session = session;
	place = place_of(sessions, session);
	memmove(sessions->entries + place + 1, sessions->entries + place,
		(sessions->count - place) * sizeof(*sessions->entries));
	sessions->entries[place] = (struct sessions_entry){session, remote};
	sessions->count++;
	return remote;
}

void sessions_prove(struct sessions *sessions, struct remote_session *remote,
	uint64_t number)
{
	if (!remote->proven)
		remote->proven = number;
	if (!remote->named_ours) {
		remote->named_ours = true;
		sessions->named++;
	}
}

void sessions_renew(struct sessions *sessions)
{
	for (size_t i = 0; i < sessions->count; i++)
		sessions->entries[i].remote->named_ours = false;
	sessions->named = 0;
	sessions->is_stuck = false;
}

void sessions_forget_silent(
	struct sessions *sessions, int64_t now_s, struct instant now)
{
	const struct duration silent = duration_ms(SESSIONS_SILENT_MS);

	for (size_t i = sessions->count; i-- > 0;) {
		const struct remote_session *remote =
			sessions->entries[i].remote;

		if (may_be_forgotten(remote, now_s) &&
			instant_until(remote->heard, now).ns >= silent.ns)
			remove_at(sessions, i);
	}
}

size_t sessions_heard(const struct sessions *sessions, struct instant since)
{
	size_t count = 0;

	for (size_t i = 0; i < sessions->count; i++)
		count += !instant_before(
			sessions->entries[i].remote->heard, since);
	return count;
}
