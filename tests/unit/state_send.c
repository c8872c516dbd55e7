/* SPDX-License-Identifier: ISC */
/* What a STATE reports on where there is more than it has room for. */
#include "mchat/protocol/state_send.h"

#include "engines.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/report_list.h"

#define FAKE  UINT64_C(1000)
#define FAKES 200

/* A STATE of a member that is here. */
static void speak(struct engines *engines, uint64_t member)
{
	struct forged forged;

	engines_forge_state(&forged, member, 1, 1, 0);
	engines_receive(engines, 0, &forged);
}

/* The next STATE of node 0: how many reports it has, and whether one is on this
 * member. */
static unsigned reports(
	struct engines *engines, uint64_t on, bool *out_is_there)
{
	struct engine_reason why;
	struct wire_header header;
	struct wire_report report;
	struct wire_state state;
	struct reader reader;
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size;

	engines->now = instant_after(engines->now, duration_ms(1));
	size = state_send_make(
		engines->nodes[0].engine, packet, &why, engines->now);
	*out_is_there = false;
	reader_init(&reader, packet, size);
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		wire_state_decode(&reader, &state) != WIRE_OK)
		return 0;
	reader_init(&reader, state.reports, state.reports_size);
	while (wire_report_next(&reader, &report))
		*out_is_there = *out_is_there || report.origin == on;
	return state.report_count;
}

/* Many authors of which something is missing, however often it is asked for:
 * whoever sends is confirmed nevertheless. */
static void confirms_are_not_starved(void)
{
	struct engines *engines = engines_open(1);
	struct engine *e = engines->nodes[0].engine;
	unsigned confirmed = 0;
	unsigned asked = 0;

	for (uint64_t i = 0; i <= FAKES; i++) {
		struct forged forged;

		speak(engines, FAKE + i);
		engines_forge_data(&forged, FAKE + i, 1);
		engines_receive(engines, 0, &forged);
		if (i == FAKES)
			break;
		engines_forge_data(&forged, FAKE + i, 9);
		engines_receive(engines, 0, &forged);
	}
	for (int i = 0; i < 20; i++) {
		struct member *m = members_find(&e->members, FAKE + FAKES);
		bool is_there;

		m->is_unconfirmed = true;
		report_list_update(e, m);
		for (uint64_t fake = 0; fake < FAKES; fake++) {
			m = members_find(&e->members, FAKE + fake);
			m->must_report = true;
			report_list_update(e, m);
		}
		asked += reports(engines, FAKE + FAKES, &is_there);
		confirmed += is_there;
	}
	tap_ok(confirmed >= 8, "%u of 20 STATEs confirm", confirmed);
	tap_ok(asked >= 20 * 10, "and they ask, too: %u reports", asked);
	engines_close(engines);
}

/* Reports of a STATE that confirms what one of so many says, who have all just
 * come. */
static unsigned beside(uint64_t members, bool is_presence)
{
	struct engines *engines = engines_open(1);
	struct engine *e = engines->nodes[0].engine;
	struct forged forged;
	unsigned count;
	bool is_there;

	for (uint64_t i = 0; i < members; i++)
		speak(engines, FAKE + i);
	engines_forge_data(&forged, FAKE, 1);
	engines_receive(engines, 0, &forged);
	if (is_presence)
		state_wanted_of_all(&e->wanted);
	count = reports(engines, FAKE, &is_there);
	tap_ok(is_there, "of %ju members one is confirmed", (uintmax_t)members);
	engines_close(engines);
	return count;
}

static void few_others(void)
{
	tap_is_int(beside(16, false), 16, "of few, all others are greeted");
	tap_ok(beside(17, false) <= 5, "of more, hardly any");
	tap_is_int(beside(257, false), 1, "of very many, none");
	tap_ok(beside(257, true) > 1, "but for presence");
}

/* A bye is of those that have said something. */
static void byes(void)
{
	struct engines *engines = engines_open(1);
	struct engine *e = engines->nodes[0].engine;
	struct forged forged;
	bool is_there;

	for (uint64_t i = 0; i < 20; i++)
		speak(engines, FAKE + i);
	engines_forge_data(&forged, FAKE + 7, 1);
	engines_receive(engines, 0, &forged);
	engine_leave(e, engines->now);
	tap_is_int(e->byes, 3, "in a large group bye is said three times");
	tap_is_int(
		reports(engines, FAKE + 7, &is_there), 1, "and reports on one");
	tap_ok(is_there, "who has said something");
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	confirms_are_not_starved();
	few_others();
	byes();
	return tap_done();
}
