/* SPDX-License-Identifier: ISC */
/* What is sealed is opened once, and only by the group; all else is refused and
 * changes nothing. */
#include "mchat/seal/seal.h"

#include <stdlib.h>
#include <string.h>

#include "party.h"
#include "tap.h"
#include "mchat/crypto/aead.h"
#include "mchat/seal/datagram.h"
#include "mchat/seal/names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Two of a group, whose clocks agree. */
struct fixture {
	struct party alice;
	struct party bob;
	struct seal_opened opened; /* by bob */
};

static void fixture_init(struct fixture *f)
{
	*f = (struct fixture){.opened = {.size = 99}};
	party_join(&f->alice, 1, 0, 0);
	party_join(&f->bob, 2, 0, 0);
}

static void fixture_fini(struct fixture *f)
{
	party_leave(&f->alice);
	party_leave(&f->bob);
}

/* Bob receives, one second after both joined. */
static enum seal_result hear(struct fixture *f, const struct datagram *datagram)
{
	return seal_open(f->bob.seal, datagram->bytes, datagram->size,
		party_wall(&f->bob, 1000), party_now(1000), &f->opened);
}

static size_t known(const struct party *party)
{
	struct seal_counts counts;

	seal_count(party->seal, &counts);
	return counts.sessions;
}

static uint64_t count(const struct party *party, enum seal_result result)
{
	struct seal_counts counts;

	seal_count(party->seal, &counts);
	return counts.results[result];
}

static void test_round(void)
{
	struct fixture f;
	struct datagram datagram;

	fixture_init(&f);
	party_say(&f.alice, 48, 1000, &datagram);
	tap_is_int((intmax_t)datagram.size, 104, "48 bytes leave as 104");
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "opened");
	tap_ok(f.opened.size == 48 && f.opened.packet[0] == 'x' &&
			f.opened.packet[47] == 'x',
		"the packet is whole");
	tap_ok(f.opened.kind == SEAL_PACKET && f.opened.number == 1 &&
			f.opened.session == seal_session(f.alice.seal) &&
			f.opened.ahead_s == 0,
		"of its sealer");
	tap_ok(f.opened.is_first, "whose session is new");
	tap_is_int(hear(&f, &datagram), SEAL_REPLAYED, "once");
	tap_ok(!f.opened.packet && !f.opened.is_first &&
			f.opened.session == seal_session(f.alice.seal),
		"the second time without its content");
	party_say(&f.alice, 1, 1000, &datagram);
	tap_ok(hear(&f, &datagram) == SEAL_OPENED && !f.opened.is_first &&
			f.opened.number == 2,
		"the next one, of a session that is known");
	tap_ok(known(&f.bob) == 1 && count(&f.bob, SEAL_OPENED) == 2 &&
			count(&f.bob, SEAL_REPLAYED) == 1,
		"counted");
	tap_is_int(
		seal_open(f.alice.seal, datagram.bytes, datagram.size,
			party_wall(&f.alice, 1000), party_now(1000), &f.opened),
		SEAL_ECHO, "its sealer hears an echo");
	tap_is_int(party_deadline(&f.bob), -1, "nobody is asked for anything");
	fixture_fini(&f);
}

/* Every packet that an engine makes, into every datagram that may leave. */
static void test_sizes(void)
{
	struct fixture f;
	struct datagram datagram;
	size_t wrong = 0;

	fixture_init(&f);
	for (size_t size = 1; size <= SEAL_PACKET_MAX; size++) {
		party_say(&f.alice, size, 1000, &datagram);
		wrong += hear(&f, &datagram) != SEAL_OPENED ||
			 f.opened.size != size;
	}
	tap_is_int((intmax_t)wrong, 0, "packets of 1 to 8931 bytes");
	tap_is_int((intmax_t)seal_close(f.alice.seal, SEAL_PACKET,
			   datagram.bytes, 8931, 1252),
		8972, "8931 bytes, where 1252 are to leave");
	tap_is_int((intmax_t)seal_close(
			   f.alice.seal, SEAL_PACKET, datagram.bytes, 508, 548),
		549, "508 bytes, where 548 are to leave");
	tap_is_int((intmax_t)seal_close(f.alice.seal, SEAL_PACKET,
			   datagram.bytes, 8932, SEAL_DATAGRAM_MAX),
		0, "8932 bytes are too many");
	tap_is_int((intmax_t)seal_close(f.alice.seal, SEAL_PACKET,
			   datagram.bytes, 0, SEAL_DATAGRAM_MAX),
		0, "none are no packet");
	fixture_fini(&f);
}

static void test_others(void)
{
	struct fixture f;
	struct datagram datagram = {.size = 5, .bytes = "hello"};
	struct seal *other;

	fixture_init(&f);
	tap_is_int(hear(&f, &datagram), SEAL_PLAIN, "text");
	tap_ok(!f.opened.packet && f.opened.session == 0, "says nothing more");
	datagram.size = 0;
	tap_is_int(hear(&f, &datagram), SEAL_PLAIN, "nothing at all");
	party_say(&f.alice, 48, 1000, &datagram);
	datagram.bytes[1] = 0x11;
	tap_is_int(hear(&f, &datagram), SEAL_PLAIN, "a packet of a plain chat");
	datagram.bytes[1] = 0x26;
	tap_is_int(hear(&f, &datagram), SEAL_IGNORED, "a later kind");
	datagram.bytes[1] = 0x21;
	datagram.size = 71;
	tap_is_int(hear(&f, &datagram), SEAL_IGNORED, "71 bytes");
	other = seal_new(party_key, 0xd53f, f.alice.seed, &f.alice.history,
		party_wall(&f.alice, 0), party_now(0));
	if (!other)
		abort();
	datagram.size = seal_close(other, SEAL_PACKET, datagram.bytes, 5, 1472);
	tap_is_int(hear(&f, &datagram), SEAL_OTHER_KEY, "another tag");
	datagram.bytes[3] = 0x3e;
	tap_is_int(hear(&f, &datagram), SEAL_FORGED, "the tag is changed");
	tap_is_int((intmax_t)known(&f.bob), 0, "none has become known");
	seal_free(other);
	fixture_fini(&f);
}

/* Whether a datagram with one bit flipped is refused.  Its original must be as
 * good as before. */
static bool flip_is_refused(
	struct fixture *f, const struct datagram *datagram, size_t bit)
{
	struct datagram flipped = *datagram;
	enum seal_result result;

	flipped.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	result = hear(f, &flipped);
	return result != SEAL_OPENED && result != SEAL_UNPROVEN &&
	       result != SEAL_FULL && result != SEAL_COPIED &&
	       !f->opened.packet && party_deadline(&f->bob) == -1;
}

static void test_flips(void)
{
	struct fixture f;
	struct datagram first;
	struct datagram datagram;
	size_t accepted = 0;

	fixture_init(&f);
	party_say(&f.alice, 40, 1000, &first);
	for (size_t bit = 0; bit < 8 * first.size; bit++)
		accepted += !flip_is_refused(&f, &first, bit);
	tap_is_int((intmax_t)accepted, 0, "flipped bits of an unknown session");
	tap_is_int((intmax_t)known(&f.bob), 0, "which is not known by them");
	tap_is_int(hear(&f, &first), SEAL_OPENED, "the original is good");
	party_say(&f.alice, 40, 1000, &datagram);
	for (size_t bit = 0; bit < 8 * datagram.size; bit++)
		accepted += !flip_is_refused(&f, &datagram, bit);
	tap_is_int((intmax_t)accepted, 0, "flipped bits of a known session");
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "the original is good");
	party_say(&f.alice, 40, 1000, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "and the one after it");
	tap_is_int((intmax_t)known(&f.bob), 1, "of one session");
	fixture_fini(&f);
}

static void test_truncated(void)
{
	struct fixture f;
	struct datagram datagram;
	size_t size;
	size_t accepted = 0;

	fixture_init(&f);
	party_say(&f.alice, 200, 1000, &datagram);
	size = datagram.size;
	for (datagram.size = 0; datagram.size < size; datagram.size++)
		accepted += hear(&f, &datagram) == SEAL_OPENED;
	tap_is_int((intmax_t)accepted, 0, "what is cut off is refused");
	datagram.size = size + 1;
	tap_is_int(hear(&f, &datagram), SEAL_FORGED, "and what is longer");
	datagram.size = size;
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "the whole is good");
	fixture_fini(&f);
}

/* Seals as somebody who has the key and does as they like. */
static void insider(const struct seal_header *header, const uint8_t *content,
	size_t padded, struct datagram *out)
{
	uint8_t subkey[AEAD_KEY_SIZE];

	seal_header_write(header, out->bytes);
	datagram_subkey(party_key, out->bytes, subkey);
	memcpy(out->bytes + SEAL_HEADER_SIZE, content, padded);
	aead_seal(subkey, out->bytes + AEAD_NONCE_HEAD_SIZE,
		out->bytes + SEAL_HEADER_SIZE, padded);
	out->size = SEAL_HEADER_SIZE + padded + SEAL_TAG_SIZE;
}

static struct seal_header header_of(enum seal_kind kind, uint64_t number)
{
	return (struct seal_header){
		.kind = kind,
		.tag = PARTY_TAG,
		.time = (uint32_t)(PARTY_DAY_MS / 1000 + 1),
		.session = 0x5e55,
		.number = number,
	};
}

struct malformed {
	const char *what;
	enum seal_kind kind;
	size_t size; /* with padding */
	uint8_t begin[10];
};

static const struct malformed malformed[] = {
	{"only zeros", SEAL_PACKET, 32, {0}},
	{"padding alone", SEAL_PACKET, 32, {1}},
	{"zeros behind another byte", SEAL_PACKET, 32, {'x', 2}},
	{"names: padding alone", SEAL_NAMES, 32, {1}},
	{"names: none", SEAL_NAMES, 32, {0, 1}},
	{"names: one, without its bytes", SEAL_NAMES, 32, {1, 1}},
	{"names: two, with the bytes of one", SEAL_NAMES, 32,
		{2, 1, 2, 3, 4, 5, 6, 7, 8, 1}},
	{"names: one that ends early", SEAL_NAMES_REPLY, 32,
		{1, 1, 2, 3, 4, 5, 6, 7, 1}},
	{"a challenge of 7 bytes", SEAL_CHALLENGE, 32,
		{1, 2, 3, 4, 5, 6, 7, 1}},
	{"a response of 9 bytes", SEAL_RESPONSE, 32,
		{1, 2, 3, 4, 5, 6, 7, 8, 9, 1}},
};

static void test_malformed(void)
{
	struct fixture f;
	struct datagram datagram;
	struct seal_header header;
	uint8_t content[DATAGRAM_CONTENT_MAX] = {0};

	fixture_init(&f);
	for (size_t i = 0; i < COUNT(malformed); i++) {
		const struct malformed *m = &malformed[i];

		header = header_of(m->kind, 1);
		memcpy(content, m->begin, sizeof(m->begin));
		insider(&header, content, m->size, &datagram);
		tap_is_int(hear(&f, &datagram), SEAL_FORGED, m->what);
	}
	memset(content, 0xff, sizeof(content));
	header = header_of(SEAL_PACKET, 1);
	insider(&header, content, 32, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_FORGED, "no padding");
	content[0] = NAMES_MAX + 1;
	content[NAMES_SIZE(NAMES_MAX + 1)] = 1;
	header = header_of(SEAL_NAMES, 1);
	insider(&header, content, NAMES_SIZE(NAMES_MAX + 1) + 1, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_FORGED, "65 names");
	content[31] = 1;
	header = header_of(SEAL_PACKET, 0);
	insider(&header, content, 32, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_FORGED, "number 0");
	header.number = 1;
	header.session = 0;
	insider(&header, content, 32, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_FORGED, "session 0");
	tap_is_int((intmax_t)known(&f.bob), 0, "none has become known");
	tap_is_int(party_deadline(&f.bob), -1, "nor is asked");
	header.session = 0x5e55;
	insider(&header, content, 32, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "the same, well formed");
	fixture_fini(&f);
}

/* Numbers within the window are new in any order; below it none is. */
static void test_window(void)
{
	struct fixture f;
	struct datagram datagram;
	struct seal_header header = header_of(SEAL_PACKET, 5000);
	static const uint8_t content[32] = {'x', 1};

	fixture_init(&f);
	insider(&header, content, 32, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "number 5000");
	header.number = 905;
	insider(&header, content, 32, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "4095 behind");
	header.number = 904;
	insider(&header, content, 32, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_REPLAYED, "4096 behind");
	header.number = SEAL_NUMBER_MAX;
	insider(&header, content, 32, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "the last number");
	fixture_fini(&f);
}

static void test_challenge(void)
{
	static const uint8_t bytes[SEAL_CHALLENGE_SIZE] = "12345678";
	struct fixture f;
	struct datagram datagram;

	fixture_init(&f);
	party_seal(&f.alice, SEAL_CHALLENGE, bytes, 8, 1000, &datagram);
	tap_is_int((intmax_t)datagram.size, 72, "a challenge has 72 bytes");
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "its clock is right");
	tap_ok(f.opened.size == 8 && memcmp(f.opened.packet, bytes, 8) == 0,
		"the bytes");
	tap_ok(!seal_prove(f.bob.seal, party_now(1000)),
		"a challenge proves nothing");
	party_leave(&f.alice);
	party_join(&f.alice, 3, -3600000, 0);
	party_seal(&f.alice, SEAL_CHALLENGE, bytes, 8, 1000, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_UNPROVEN, "an hour behind");
	tap_ok(f.opened.packet && f.opened.ahead_s == -3600,
		"the bytes are given all the same");
	party_say(&f.alice, 48, 1000, &datagram);
	tap_ok(hear(&f, &datagram) == SEAL_UNPROVEN && !f.opened.packet,
		"a packet is not");
	party_seal(&f.alice, SEAL_RESPONSE, bytes, 8, 1000, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_UNPROVEN, "a response");
	tap_is_int((intmax_t)known(&f.bob), 1, "admits nobody");
	tap_ok(seal_prove(f.bob.seal, party_now(1000)), "if it proves it does");
	tap_is_int((intmax_t)known(&f.bob), 2, "its session is known");
	tap_is_int(party_deadline(&f.bob), -1, "and is not asked any more");
	tap_ok(!seal_prove(f.bob.seal, party_now(1000)), "once");
	tap_is_int(hear(&f, &datagram), SEAL_REPLAYED, "its number is used");
	party_say(&f.alice, 48, 1000, &datagram);
	tap_is_int(hear(&f, &datagram), SEAL_OPENED, "packets are opened");
	fixture_fini(&f);
}

static void test_former(void)
{
	struct fixture f;
	struct datagram datagram;
	struct datagram other;

	fixture_init(&f);
	party_say(&f.bob, 48, 1000, &datagram);
	party_leave(&f.bob);
	party_join(&f.bob, 9, 0, 1000);
	tap_is_int(hear(&f, &datagram), SEAL_ECHO,
		"what we sealed before we joined anew");
	party_say(&f.bob, 48, 1000, &datagram);
	f.bob.ahead_ms = -60000;
	party_say(&f.bob, 48, 1000, &other);
	tap_is_int(hear(&f, &datagram), SEAL_ECHO,
		"and before our clock was set back");
	tap_is_int(hear(&f, &other), SEAL_ECHO, "and since");
	tap_is_int((intmax_t)known(&f.bob), 0, "all are our own");
	fixture_fini(&f);
}

/* A session of its own for each number, in time. */
static enum seal_result hear_session(struct fixture *f, uint64_t session,
	enum seal_kind kind, uint64_t number)
{
	struct seal_header header = header_of(kind, number);
	uint8_t content[32] = {'x', 1};
	struct datagram datagram;
	uint64_t ours = seal_session(f->bob.seal);

	header.session = session;
	if (kind == SEAL_NAMES) {
		names_write(&ours, 1, content);
		content[NAMES_SIZE(1)] = 1;
	}
	insider(&header, content, 32, &datagram);
	return hear(f, &datagram);
}

static void test_full(void)
{
	struct fixture f;
	size_t opened = 0;

	fixture_init(&f);
	for (uint64_t i = 1; i <= SEAL_SESSIONS_MAX; i++)
		opened += hear_session(&f, i, SEAL_PACKET, 1) == SEAL_OPENED;
	tap_is_int((intmax_t)opened, SEAL_SESSIONS_MAX, "4096 are admitted");
	tap_is_int(hear_session(&f, 5000, SEAL_PACKET, 1), SEAL_FULL,
		"no more at a time");
	tap_ok(!f.opened.packet && known(&f.bob) == SEAL_SESSIONS_MAX,
		"it is not let in");
	tap_is_int(hear_session(&f, 7, SEAL_PACKET, 2), SEAL_OPENED,
		"who is known is heard");
	fixture_fini(&f);
}

/* Those that named ours are never forgotten, so we change ours in time. */
static void test_named(void)
{
	struct fixture f;
	uint64_t session;

	fixture_init(&f);
	session = seal_session(f.bob.seal);
	for (uint64_t i = 1; i < 1024; i++)
		hear_session(&f, i, SEAL_NAMES, 1);
	tap_ok(seal_session(f.bob.seal) == session,
		"our session stays after 1023 have named it");
	hear_session(&f, 1, SEAL_NAMES, 2);
	tap_ok(seal_session(f.bob.seal) == session, "or one of them again");
	hear_session(&f, 1024, SEAL_NAMES, 1);
	tap_ok(seal_session(f.bob.seal) != session, "after 1024 it changes");
	tap_is_int(hear_session(&f, session, SEAL_PACKET, 1), SEAL_ECHO,
		"the former one is still ours");
	fixture_fini(&f);
}

/* Names that fill a datagram, of the least MTU, too. */
static void test_names_room(void)
{
	struct fixture f;
	struct datagram names = {0};
	struct seal_header header = header_of(SEAL_PACKET, 1);
	static const uint8_t content[32] = {'x', 1};

	fixture_init(&f);
	for (header.session = 1; header.session <= 64; header.session++) {
		struct datagram datagram;

		header.time -= 1000;
		insider(&header, content, 32, &datagram);
		hear(&f, &datagram);
	}
	seal_turn(f.bob.seal, 0, party_wall(&f.bob, 2000), party_now(2000));
	names.size = seal_next(f.bob.seal, names.bytes, 548, party_now(2000));
	tap_is_int((intmax_t)names.size, 548, "names within 548 bytes");
	tap_is_int((intmax_t)seal_next(
			   f.bob.seal, names.bytes, 548, party_now(2001)),
		0, "the rest a moment later");
	tap_is_int((intmax_t)seal_next(
			   f.bob.seal, names.bytes, 548, party_now(2300)),
		72, "then that, too");
	fixture_fini(&f);
}

int main(void)
{
	test_full();
	test_named();
	test_names_room();
	test_round();
	test_sizes();
	test_others();
	test_flips();
	test_truncated();
	test_malformed();
	test_window();
	test_challenge();
	test_former();
	return tap_done();
}
