/* SPDX-License-Identifier: ISC */
/*
 * The sessions under which others seal, by their numbers, and which of them may
 * be forgotten.  Only what is authentic comes into it, so nobody outside the
 * group can fill it.
 */
#ifndef MCHAT_SEAL_SESSIONS_H
#define MCHAT_SEAL_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/crypto/aead.h"
#include "mchat/seal/replay_window.h"

/* Known at one time: 2.5 MiB. */
#define SESSIONS_MAX 4096
/* Whoever is silent for so long has left: eight times the longest interval of
 * presence with 2048 members. */
#define SESSIONS_SILENT_MS 600000
/* Sessions whose newest time is so far behind may be forgotten: no recording of
 * theirs is in time again. */
#define SESSIONS_BEHIND_S 20

/* One session of another member. */
struct remote_session {
	uint64_t session;
	int64_t newest; /* the largest time that it sealed with, in seconds */
	struct instant heard;
	uint64_t proven; /* its first number that showed that it was alive since
			  * we joined; 0: none did */
	bool named_ours; /* our present session: then it must not be forgotten,
			  * or that datagram would admit it again */
	bool has_subkey;
	uint32_t subkey_time; /* the second that the subkey is for */
	uint8_t subkey[AEAD_KEY_SIZE];
	struct replay_window window;
};

/* The number beside it, so that a search reads nothing else. */
struct sessions_entry {
	uint64_t session;
	struct remote_session *remote;
};

/* Begins as {0}. */
struct sessions {
	struct sessions_entry *entries; /* in order of their numbers */
	size_t count;
	size_t capacity;
	size_t named;     /* that named our present session */
	int64_t stuck_at; /* the `now_s` of ... */
	bool is_stuck;    /* ... when none could be forgotten */
};

void sessions_fini(struct sessions *sessions);

/* NULL: not known. */
struct remote_session *sessions_find(
	const struct sessions *sessions, uint64_t session);

/*
 * Adds a session that is not known; the caller sets when it was heard, and its
 * newest time.  In a full table it takes the place of the one that is silent
 * for longest of those that may be forgotten.  `now_s` is the time, in seconds,
 * up to which everything that came was looked at.  NULL: none may be forgotten,
 * or there is no memory.
 */
struct remote_session *sessions_add(
	struct sessions *sessions, uint64_t session, int64_t now_s);

/* The session named our present one, in the datagram with this number. */
void sessions_prove(struct sessions *sessions, struct remote_session *remote,
	uint64_t number);

/* We began a session, which nobody has named. */
void sessions_renew(struct sessions *sessions);

/* Forgets those that have been silent for SESSIONS_SILENT_MS. */
void sessions_forget_silent(
	struct sessions *sessions, int64_t now_s, struct instant now);

/* How many were heard at `since` or later. */
size_t sessions_heard(const struct sessions *sessions, struct instant since);

#endif
