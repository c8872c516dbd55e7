/* SPDX-License-Identifier: ISC */
#include "mchat/seal/seal.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/crypto/secret.h"
#include "mchat/crypto/sha256.h"
#include "mchat/seal/datagram.h"
#include "mchat/seal/names.h"
#include "mchat/seal/naming.h"
#include "mchat/seal/nonce.h"
#include "mchat/seal/sessions.h"

/* How far a new session's time may be from ours. */
#define IN_TIME_S 10
/* From here on a clock may drift out of that: its session is to prove itself
 * while it is still heard. */
#define DRIFT_S 5
/* Others are asked without regard to how many members are here for so long
 * after we joined, or after our clock was set. */
#define URGENT_MS 10000
/* After so many sessions have named ours, which must not be forgotten as long
 * as we keep it, we begin a new one. */
#define NAMED_MAX 1024
/* How often a datagram under our own session is looked into, whether we were
 * copied. */
#define COPY_CHECK_MS 1000
/* Members that are here have been heard for so long. */
#define HERE_MS 60000
/* How often that is counted, at most, and silent sessions are looked for. */
#define COUNT_MS  1000
#define FORGET_MS 60000

#define EVIDENCE_SIZE (SEAL_HEADER_SIZE + SEAL_TAG_SIZE)

struct seal {
	uint8_t key[SEAL_KEY_SIZE];
	uint16_t tag;
	struct seal_history *history; /* borrowed */
	struct nonce nonce;

	/* The subkey that we seal packets with. */
	bool has_subkey;
	uint8_t subkey_head[AEAD_NONCE_HEAD_SIZE];
	uint8_t subkey[AEAD_KEY_SIZE];

	struct sessions sessions;
	struct naming naming;
	size_t members; /* heard in HERE_MS, at `counted` */
	struct instant counted;
	struct instant forgotten; /* when silent sessions were, last */

	struct instant joined;
	/* When the receive queue was found empty, what our clock, as it is set
	 * now, had then, and how long we had been here, in seconds. */
	struct instant emptied;
	int64_t caught_up;
	int64_t been_here;

	struct instant copy_checked;
	bool is_copied;
	uint8_t evidence[EVIDENCE_SIZE]; /* header and tag that showed it */

	/* The response that was opened last. */
	bool has_response;
	struct seal_header response;
	int64_t response_time;

	struct seal_counts counts;
	uint8_t content[DATAGRAM_CONTENT_MAX];
};

/* A datagram that is being opened. */
struct incoming {
	const uint8_t *datagram;
	size_t size;
	struct seal_header header;
	int64_t time; /* of the header, in seconds since 1970 */
	struct instant now;
	struct remote_session *remote; /* NULL: its session is not known */
	bool is_first; /* it has become known by this datagram */
	size_t content_size;
	bool names_us;
};

static int64_t our_seconds(const struct seal *seal)
{
	return opening_clock_seconds(&seal->history->clock);
}

static bool is_within(struct instant since, struct instant now, int64_t ms)
{
	return instant_until(since, now).ns < duration_ms(ms).ns;
}

static struct naming_load load_of(struct seal *seal, struct instant now)
{
	const struct opening_clock *clock = &seal->history->clock;

	if (!is_within(seal->counted, now, COUNT_MS)) {
		seal->members = sessions_heard(&seal->sessions,
			(struct instant){now.ns - duration_ms(HERE_MS).ns});
		seal->counted = now;
	}
	return (struct naming_load){
		.now = now,
		.members = seal->members,
		.is_urgent = is_within(seal->joined, now, URGENT_MS) ||
			     (clock->has_jumped &&
				     is_within(clock->jumped, now, URGENT_MS)),
	};
}

static void ask(struct seal *seal, uint64_t session, struct instant now)
{
	struct naming_load load = load_of(seal, now);

	naming_ask(&seal->naming, session, &load);
}

/*
 * Our clock at the moment when the receive queue was empty.  A step forward
 * since then, also that of a machine that slept, counts for that moment, too:
 * what waited in the queue did so for no longer than the monotonic time.
 */
static void reckon_caught_up(struct seal *seal)
{
	const struct opening_clock *clock = &seal->history->clock;
	int64_t waited = instant_until(seal->emptied, clock->read).ns;
	int64_t then = wall_time_seconds(
		(struct wall_time){clock->ms - waited / NS_PER_MS});

	if (then > seal->caught_up)
		seal->caught_up = then;
}

static void read_clock(
	struct seal *seal, struct wall_time wall, struct instant now)
{
	struct opening_clock *clock = &seal->history->clock;
	struct instant jumped = clock->jumped;
	struct naming_load load;

	opening_clock_read(clock, wall, now);
	reckon_caught_up(seal);
	if (clock->jumped.ns == jumped.ns)
		return;
	load = load_of(seal, now);
	naming_hurry(&seal->naming, &load);
}

static void session_ended(struct seal *seal, uint64_t session)
{
	seal_history_add(seal->history, session);
	sessions_renew(&seal->sessions);
}

struct seal *seal_new(const uint8_t key[SEAL_KEY_SIZE], uint16_t tag,
	const uint8_t seed[SEAL_SEED_SIZE], struct seal_history *history,
	struct wall_time wall, struct instant now)
{
	struct seal *seal = calloc(1, sizeof(*seal));

	if (!seal)
		return NULL;
	memcpy(seal->key, key, sizeof(seal->key));
	seal->tag = tag;
	seal->history = history;
	seal->joined = now;
	seal->emptied = now;
	seal->counted = now;
	seal->forgotten = now;
	seal->copy_checked =
		(struct instant){now.ns - duration_ms(COPY_CHECK_MS).ns};
	nonce_init(&seal->nonce, seed, tag, wall);
	naming_init(&seal->naming, nonce_random(&seal->nonce));
	seal->caught_up = opening_clock_read(&history->clock, wall, now);
	return seal;
}

void seal_free(struct seal *seal)
{
	if (!seal)
		return;
	/* What a copy of us seals is not our echo. */
	if (!seal->is_copied)
		seal_history_add(seal->history, seal->nonce.session);
	sessions_fini(&seal->sessions);
	secret_wipe(seal, sizeof(*seal));
	free(seal);
}

static bool is_in_time(const struct seal *seal, int64_t time)
{
	int64_t back = seal->been_here + 1;

	if (back > IN_TIME_S)
		back = IN_TIME_S;
	return opening_clock_is_set(&seal->history->clock) &&
	       time >= seal->caught_up - back &&
	       time <= our_seconds(seal) + IN_TIME_S;
}

static bool is_fresh(const struct seal *seal, const struct incoming *in)
{
	const struct remote_session *remote = in->remote;

	if (is_in_time(seal, in->time))
		return true;
	return remote && remote->proven &&
	       in->header.number >= remote->proven &&
	       in->time >= remote->newest - IN_TIME_S;
}

/* Opens the content with this subkey, and looks whether it is well formed. */
static bool authenticate(struct seal *seal, struct incoming *in,
	const uint8_t subkey[AEAD_KEY_SIZE])
{
	if (datagram_open(subkey, in->datagram, in->size, seal->content,
		    &in->content_size) != DATAGRAM_OK)
		return false;
	switch (in->header.kind) {
	case SEAL_PACKET:
		return in->content_size > 0;
	case SEAL_NAMES:
	case SEAL_NAMES_REPLY:
		if (!names_are_valid(seal->content, in->content_size))
			return false;
		in->names_us = names_have(
			seal->content, in->content_size, seal->nonce.session);
		return true;
	case SEAL_CHALLENGE:
	case SEAL_RESPONSE:
		return in->content_size == SEAL_CHALLENGE_SIZE;
	}
	return false;
}

/* A datagram under our own session. */
static enum seal_result open_own(struct seal *seal, struct incoming *in)
{
	uint8_t subkey[AEAD_KEY_SIZE];
	bool is_authentic;

	if (in->header.number <= seal->nonce.number ||
		is_within(seal->copy_checked, in->now, COPY_CHECK_MS))
		return SEAL_ECHO;
	seal->copy_checked = in->now;
	datagram_subkey(seal->key, in->datagram, subkey);
	is_authentic = authenticate(seal, in, subkey);
	secret_wipe(subkey, sizeof(subkey));
	if (!is_authentic)
		return SEAL_FORGED;
	memcpy(seal->evidence, in->datagram, SEAL_HEADER_SIZE);
	memcpy(seal->evidence + SEAL_HEADER_SIZE,
		in->datagram + in->size - SEAL_TAG_SIZE, SEAL_TAG_SIZE);
	seal->is_copied = true;
	return SEAL_COPIED;
}

/* The session, known from now on; NULL when there is no room for it. */
static struct remote_session *admit(struct seal *seal, struct incoming *in)
{
	if (!in->remote) {
		in->remote = sessions_add(
			&seal->sessions, in->header.session, seal->caught_up);
		if (!in->remote)
			return NULL;
		in->remote->newest = in->time;
		in->is_first = true;
	}
	return in->remote;
}

static void prove(
	struct seal *seal, struct remote_session *remote, uint64_t number)
{
	uint64_t session = seal->nonce.session;

	sessions_prove(&seal->sessions, remote, number);
	naming_drop(&seal->naming, remote->session);
	if (seal->sessions.named < NAMED_MAX)
		return;
	nonce_renew(&seal->nonce);
	session_ended(seal, session);
}

/* An authentic datagram is taken. */
static void accept_incoming(struct seal *seal, const struct incoming *in)
{
	struct remote_session *remote = in->remote;
	struct naming_load load;
	int64_t ahead = in->time - our_seconds(seal);

	replay_window_mark(&remote->window, in->header.number);
	if (in->time > remote->newest)
		remote->newest = in->time;
	remote->heard = in->now;
	if (in->names_us)
		prove(seal, remote, in->header.number);
	if (!remote->proven && (ahead > DRIFT_S || ahead < -DRIFT_S))
		ask(seal, remote->session, in->now);
	else
		naming_drop(&seal->naming, remote->session);
	if (in->names_us && in->header.kind == SEAL_NAMES) {
		load = load_of(seal, in->now);
		naming_reply(&seal->naming, remote->session, &load);
	}
}

/* What an authentic datagram is; `subkey` is the one that it was opened with.
 */
static enum seal_result judge(struct seal *seal, struct incoming *in,
	const uint8_t subkey[AEAD_KEY_SIZE])
{
	struct remote_session *remote;

	if (!is_fresh(seal, in) && !in->names_us) {
		ask(seal, in->header.session, in->now);
		return SEAL_UNPROVEN;
	}
	remote = admit(seal, in);
	if (!remote)
		return SEAL_FULL;
	if (in->header.kind == SEAL_PACKET &&
		!(remote->has_subkey &&
			remote->subkey_time == in->header.time)) {
		memcpy(remote->subkey, subkey, sizeof(remote->subkey));
		remote->subkey_time = in->header.time;
		remote->has_subkey = true;
	}
	accept_incoming(seal, in);
	return SEAL_OPENED;
}

/* A datagram of our group, of another session than our present one. */
static enum seal_result open_other(struct seal *seal, struct incoming *in)
{
	const struct seal_header *header = &in->header;
	const struct remote_session *remote;
	enum seal_result result;
	uint8_t subkey[AEAD_KEY_SIZE];

	in->remote = sessions_find(&seal->sessions, header->session);
	remote = in->remote;
	if (!remote && seal_history_has(seal->history, header->session))
		return SEAL_ECHO;
	if (remote && !replay_window_is_new(&remote->window, header->number))
		return SEAL_REPLAYED;
	if (remote && header->kind == SEAL_PACKET && remote->has_subkey &&
		remote->subkey_time == header->time)
		memcpy(subkey, remote->subkey, sizeof(subkey));
	else
		datagram_subkey(seal->key, in->datagram, subkey);
	result = authenticate(seal, in, subkey) ? judge(seal, in, subkey)
						: SEAL_FORGED;
	secret_wipe(subkey, sizeof(subkey));
	return result;
}

/* Content is given of what was let in, and what proves or asks for proof. */
static void give_content(const struct seal *seal, const struct incoming *in,
	enum seal_result result, struct seal_opened *out)
{
	bool is_exchange = in->header.kind == SEAL_CHALLENGE ||
			   in->header.kind == SEAL_RESPONSE;

	if (result != SEAL_OPENED && !(result == SEAL_UNPROVEN && is_exchange))
		return;
	out->packet = seal->content;
	out->size = in->content_size;
}

static void keep_response(
	struct seal *seal, const struct incoming *in, enum seal_result result)
{
	seal->has_response = in->header.kind == SEAL_RESPONSE &&
			     (result == SEAL_OPENED || result == SEAL_UNPROVEN);
	seal->response = in->header;
	seal->response_time = in->time;
}

static enum seal_result open_sealed(
	struct seal *seal, struct incoming *in, struct seal_opened *out)
{
	const struct seal_header *header = &in->header;
	int64_t ours = our_seconds(seal);
	enum seal_result result;

	/* Serial arithmetic: the time has 32 bits. */
	out->ahead_s = (int32_t)(header->time - (uint32_t)ours);
	in->time = ours + out->ahead_s;
	out->kind = header->kind;
	out->session = header->session;
	out->number = header->number;
	if (header->session == 0 || header->number == 0)
		return SEAL_FORGED;
	if (header->session == seal->nonce.session)
		return open_own(seal, in);
	result = open_other(seal, in);
	out->is_first = in->is_first;
	give_content(seal, in, result, out);
	keep_response(seal, in, result);
	return result;
}

enum seal_result seal_open(struct seal *seal, const void *datagram, size_t size,
	struct wall_time wall, struct instant now, struct seal_opened *out)
{
	struct incoming in = {.datagram = datagram, .size = size, .now = now};
	enum seal_result result = SEAL_OTHER_KEY;

	*out = (struct seal_opened){0};
	seal->has_response = false;
	switch (seal_header_read(datagram, size, &in.header)) {
	case SEAL_HEADER_PLAIN:
		result = SEAL_PLAIN;
		break;
	case SEAL_HEADER_LATER:
		result = SEAL_IGNORED;
		break;
	case SEAL_HEADER_OK:
		if (in.header.tag != seal->tag)
			break;
		read_clock(seal, wall, now);
		result = open_sealed(seal, &in, out);
		break;
	}
	seal->counts.results[result]++;
	return result;
}

bool seal_prove(struct seal *seal, struct instant now)
{
	struct incoming in = {
		.header = seal->response,
		.time = seal->response_time,
		.now = now,
		.names_us = true, /* as good as that */
	};

	if (!seal->has_response)
		return false;
	seal->has_response = false;
	in.remote = sessions_find(&seal->sessions, in.header.session);
	if (!admit(seal, &in))
		return false;
	accept_incoming(seal, &in);
	return true;
}

void seal_caught_up(
	struct seal *seal, struct wall_time wall, struct instant now)
{
	seal->emptied = now;
	read_clock(seal, wall, now);
	seal->been_here = instant_until(seal->joined, now).ns / NS_PER_S;
}

void seal_turn(struct seal *seal, uint32_t guard, struct wall_time wall,
	struct instant now)
{
	uint64_t session = seal->nonce.session;

	read_clock(seal, wall, now);
	nonce_turn(&seal->nonce, guard, wall);
	if (seal->nonce.session != session)
		session_ended(seal, session);
	if (is_within(seal->forgotten, now, FORGET_MS))
		return;
	seal->forgotten = now;
	sessions_forget_silent(&seal->sessions, seal->caught_up, now);
}

/* Makes the header, then seals what stands behind it. */
static size_t close_datagram(struct seal *seal, enum seal_kind kind,
	uint8_t *datagram, size_t size, size_t room)
{
	uint64_t session = seal->nonce.session;

	nonce_next(&seal->nonce, kind, datagram);
	if (seal->nonce.session != session)
		session_ended(seal, session);
	if (!seal->has_subkey || memcmp(seal->subkey_head, datagram,
					 AEAD_NONCE_HEAD_SIZE) != 0) {
		datagram_subkey(seal->key, datagram, seal->subkey);
		memcpy(seal->subkey_head, datagram, AEAD_NONCE_HEAD_SIZE);
		seal->has_subkey = true;
	}
	seal->counts.sealed++;
	return datagram_seal(seal->subkey, datagram, size, room);
}

size_t seal_close(struct seal *seal, enum seal_kind kind, uint8_t *datagram,
	size_t size, size_t room)
{
	if (seal->is_copied || size == 0 || size > SEAL_PACKET_MAX)
		return 0;
	return close_datagram(seal, kind, datagram, size, room);
}

/* How many names a datagram of this size holds; at least 1. */
static size_t names_within(size_t room)
{
	size_t count = room > SEAL_OVERHEAD + 1
			       ? (room - SEAL_OVERHEAD - 1) / sizeof(uint64_t)
			       : 0;

	if (count > NAMES_MAX)
		return NAMES_MAX;
	return count > 0 ? count : 1;
}

size_t seal_next(struct seal *seal, uint8_t datagram[SEAL_DATAGRAM_MAX],
	size_t room, struct instant now)
{
	enum seal_kind kind = SEAL_NAMES;
	uint64_t names[NAMES_MAX];
	struct naming_load load;
	size_t count;

	if (instant_before(now, seal_deadline(seal)))
		return 0;
	load = load_of(seal, now);
	count = naming_next(
		&seal->naming, names_within(room), &load, &kind, names);
	if (count == 0)
		return 0;
	names_write(names, count, datagram + SEAL_HEADER_SIZE);
	return close_datagram(seal, kind, datagram, NAMES_SIZE(count), room);
}

struct instant seal_deadline(const struct seal *seal)
{
	return seal->is_copied ? INSTANT_NEVER : naming_deadline(&seal->naming);
}

uint64_t seal_session(const struct seal *seal)
{
	return seal->nonce.session;
}

bool seal_clock_is_set(const struct seal *seal)
{
	return opening_clock_is_set(&seal->history->clock);
}

void seal_reseed(const struct seal *seal, const uint8_t entropy[SEAL_SEED_SIZE],
	struct instant now, uint8_t out[SEAL_SEED_SIZE])
{
	struct sha256 hash;

	sha256_init(&hash);
	sha256_update(&hash, seal->nonce.seed, sizeof(seal->nonce.seed));
	sha256_update(&hash, entropy, SEAL_SEED_SIZE);
	sha256_update(&hash, &now.ns, sizeof(now.ns));
	sha256_update(&hash, seal->evidence, sizeof(seal->evidence));
	sha256_final(&hash, out);
}

void seal_count(const struct seal *seal, struct seal_counts *out)
{
	*out = seal->counts;
	out->sessions = seal->sessions.count;
}
