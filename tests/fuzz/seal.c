/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: programs for one member of a private group.  Raw bytes must
 * never be opened.  Content that is sealed with the right key, whatever it is
 * and whatever header it has, must be refused or opened once; no header of ours
 * is made twice; time goes on, clocks are set, datagrams come again.
 */
#include <stdlib.h>
#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/crypto/aead.h"
#include "mchat/seal/datagram.h"
#include "mchat/seal/names.h"
#include "mchat/seal/seal.h"

#define TAG    0x7461
#define DAY_MS INT64_C(1790000000000)

#define KEPT_MAX 64 /* datagrams, to come again */

static const uint8_t key[SEAL_KEY_SIZE] = {1, 2, 3};

/* Other sessions; those from the second on keep to the rules. */
#define SESSIONS 8
#define HONEST   4

struct sealing {
	uint64_t number;
	int64_t time;
};

struct kept {
	uint64_t session;
	uint8_t bytes[SEAL_DATAGRAM_MAX];
	size_t size;
	bool was_opened;
};

struct fuzz {
	struct reader program;
	struct seal *seal;
	struct seal_history history;
	struct wall_time wall;
	struct instant now;
	uint8_t joins;
	struct sealing others[SESSIONS];
	uint64_t last_session; /* of our headers */
	uint64_t last_number;
	size_t kept_count;
	struct kept kept[KEPT_MAX];
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool condition)
{
	if (!condition)
		abort();
}

static void join(struct fuzz *f)
{
	uint8_t seed[SEAL_SEED_SIZE] = {++f->joins};

	seal_free(f->seal);
	f->seal = seal_new(key, TAG, seed, &f->history, f->wall, f->now);
	check(f->seal != NULL);
	f->kept_count = 0;
}

/* A response is good when it has our session. */
static bool is_good_response(
	const struct fuzz *f, const struct seal_opened *opened)
{
	struct reader reader;

	reader_init(&reader, opened->packet, opened->size);
	return opened->kind == SEAL_RESPONSE && opened->packet &&
	       reader_u64(&reader) == seal_session(f->seal);
}

static enum seal_result hear(
	struct fuzz *f, const uint8_t *datagram, size_t size, bool *is_taken)
{
	/* Exactly as large, so that reading beyond it shows. */
	uint8_t *copy = malloc(size + !size);
	struct seal_opened opened;
	enum seal_result result;

	check(copy != NULL);
	if (size > 0)
		memcpy(copy, datagram, size);
	result = seal_open(f->seal, copy, size, f->wall, f->now, &opened);
	free(copy);
	*is_taken = result == SEAL_OPENED;
	check(result != SEAL_OPENED || opened.packet);
	check(!opened.packet || result == SEAL_OPENED ||
		result == SEAL_UNPROVEN);
	check(!opened.packet ||
		(opened.size > 0 && opened.size <= SEAL_PACKET_MAX));
	check(!opened.is_first || result == SEAL_OPENED);
	if (is_good_response(f, &opened))
		*is_taken |= seal_prove(f->seal, f->now);
	return result;
}

/* (a) What nobody sealed. */
static void hear_raw(struct fuzz *f)
{
	size_t size = reader_u16(&f->program) % (SEAL_DATAGRAM_MAX + 9);
	const uint8_t *given;
	uint8_t bytes[SEAL_DATAGRAM_MAX + 9] = {0xf9, 0x21, 0x74, 0x61};
	size_t left = reader_left(&f->program);
	enum seal_result result;
	bool is_taken;

	if (left > size)
		left = size;
	given = reader_bytes(&f->program, left);
	if (given && left > 0)
		memcpy(bytes, given, left);
	result = hear(f, bytes, size, &is_taken);
	check(!is_taken && result != SEAL_UNPROVEN && result != SEAL_FULL &&
		result != SEAL_COPIED);
}

/* Content of the program, or names, one of which may be our session. */
static size_t make_content(
	struct fuzz *f, uint8_t form, uint8_t content[DATAGRAM_CONTENT_MAX])
{
	size_t size = reader_u8(&f->program);
	const uint8_t *given;
	struct writer writer;

	memset(content, 0, DATAGRAM_CONTENT_MAX);
	if (form & 1) {
		size *= 6;
	} else if (form & 2) {
		writer_init(&writer, content, DATAGRAM_CONTENT_MAX);
		if (form & 4)
			writer_u8(&writer, 1);
		writer_u64(&writer, seal_session(f->seal));
		return writer_size(&writer);
	}
	if (size >= DATAGRAM_CONTENT_MAX)
		size = DATAGRAM_CONTENT_MAX - 1;
	if (size > reader_left(&f->program))
		size = reader_left(&f->program);
	given = reader_bytes(&f->program, size);
	if (given)
		memcpy(content, given, size);
	return size;
}

static struct seal_header make_header(struct fuzz *f, uint8_t form)
{
	uint8_t session = reader_u8(&f->program) % SESSIONS;
	struct sealing *sealing = &f->others[session];
	uint64_t number = reader_u16(&f->program);
	int64_t time = f->wall.ms / 1000 + (int16_t)reader_u16(&f->program);

	if (session >= HONEST) {
		number = sealing->number += 1 + number % 8192;
		if (time < sealing->time)
			time = sealing->time;
		sealing->time = time;
	}
	return (struct seal_header){
		.kind = (enum seal_kind)(1 + form / 32 % 5),
		.tag = TAG,
		.time = (uint32_t)time,
		.session = session,
		.number = number,
	};
}

/* (b) Sealed with the key, by an honest member or by another one; it may come
 * later. */
static void hear_sealed(struct fuzz *f, bool comes_later)
{
	uint8_t form = reader_u8(&f->program);
	struct kept *kept = &f->kept[f->kept_count % KEPT_MAX];
	uint8_t subkey[AEAD_KEY_SIZE];
	uint8_t content[DATAGRAM_CONTENT_MAX];
	struct seal_header header = make_header(f, form);
	size_t size;

	kept->session = header.session;
	if (form & 8 && header.session < HONEST)
		header.session = seal_session(f->seal);
	size = make_content(f, form, content);
	seal_header_write(&header, kept->bytes);
	datagram_subkey(key, kept->bytes, subkey);
	memcpy(kept->bytes + SEAL_HEADER_SIZE, content, sizeof(content));
	if (form & 16) {
		kept->size = datagram_seal(
			subkey, kept->bytes, size, SEAL_DATAGRAM_MAX);
	} else {
		aead_seal(subkey, kept->bytes + AEAD_NONCE_HEAD_SIZE,
			kept->bytes + SEAL_HEADER_SIZE, size);
		kept->size = SEAL_HEADER_SIZE + size + SEAL_TAG_SIZE;
	}
	kept->was_opened = false;
	if (!comes_later)
		hear(f, kept->bytes, kept->size, &kept->was_opened);
	f->kept_count++;
}

static void hear_again(struct fuzz *f)
{
	size_t which = reader_u8(&f->program) % KEPT_MAX;
	struct kept *kept = &f->kept[which];
	bool is_taken;

	if (which >= f->kept_count)
		return;
	hear(f, kept->bytes, kept->size, &is_taken);
	check(!is_taken || !kept->was_opened || kept->session < HONEST);
	kept->was_opened |= is_taken;
}

/* A datagram of ours: its header is new, and comes back as an echo. */
static void check_ours(struct fuzz *f, const uint8_t *datagram, size_t size)
{
	struct seal_header header;
	bool is_taken;

	if (size == 0)
		return;
	check(seal_header_read(datagram, size, &header) == SEAL_HEADER_OK);
	check(header.session == seal_session(f->seal));
	check(header.session != f->last_session ||
		header.number > f->last_number);
	f->last_session = header.session;
	f->last_number = header.number;
	check(hear(f, datagram, size, &is_taken) == SEAL_ECHO);
}

static void turn(struct fuzz *f)
{
	uint8_t datagram[SEAL_DATAGRAM_MAX];
	size_t size = reader_u16(&f->program) % (SEAL_PACKET_MAX + 2);
	size_t room = reader_u16(&f->program) % (SEAL_DATAGRAM_MAX + 1);

	seal_turn(f->seal, reader_u8(&f->program), f->wall, f->now);
	memset(datagram, 'x', sizeof(datagram));
	size = seal_close(f->seal, SEAL_PACKET, datagram, size, room);
	check_ours(f, datagram, size);
	for (int i = 0; i < 8; i++) {
		size = seal_next(f->seal, datagram, room, f->now);
		check(size == 0 || size <= room || size <= 72 ||
			size == NAMES_SIZE(1) + SEAL_OVERHEAD);
		check_ours(f, datagram, size);
	}
}

static void wait(struct fuzz *f)
{
	uint8_t form = reader_u8(&f->program);
	int64_t ms = reader_u16(&f->program) * (form & 1 ? INT64_C(1000) : 1);
	struct instant due = seal_deadline(f->seal);

	if (form & 2 && !instant_is_never(due) && instant_before(f->now, due))
		ms = instant_until(f->now, due).ns / NS_PER_MS + 1;
	f->now.ns += ms * NS_PER_MS;
	f->wall.ms += ms;
	if (form & 4)
		f->wall.ms += (int16_t)reader_u16(&f->program) *
			      (form & 8 ? INT64_C(10000) : 100);
	if (form & 16)
		seal_caught_up(f->seal, f->wall, f->now);
}

static void step(struct fuzz *f)
{
	switch (reader_u8(&f->program) % 8) {
	case 0:
		hear_raw(f);
		break;
	case 1:
	case 2:
		hear_sealed(f, false);
		break;
	case 3:
		hear_sealed(f, true);
		break;
	case 4:
		hear_again(f);
		break;
	case 5:
		turn(f);
		break;
	case 6:
		wait(f);
		break;
	default:
		if (reader_u8(&f->program) % 16 == 0)
			join(f);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct fuzz f;

	memset(&f, 0, sizeof(f));
	reader_init(&f.program, bytes, size);
	f.wall.ms = DAY_MS;
	f.now.ns = NS_PER_S;
	join(&f);
	while (reader_left(&f.program) > 0)
		step(&f);
	seal_free(f.seal);
	return 0;
}
