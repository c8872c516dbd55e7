/* SPDX-License-Identifier: ISC */
/* How many combinations are planned of which block, and what they are made of.
 */
#include "mchat/protocol/coder.h"

#include <string.h>

#include "author.h"
#include "tap.h"

#define RTT_MS 2

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

/* What a member asks for at that time, which has heard of `heard`. */
static struct coder_request ask(
	uint64_t first, uint8_t packets, uint8_t heard, int64_t ms)
{
	return (struct coder_request){
		.first = first,
		.lack = {packets, heard},
		.requester = 7,
		.recent = at(ms - RTT_MS),
	};
}

/* Plans what is asked for; returns how many. */
static unsigned plan(struct coder *coder, struct coder_request request)
{
	return coder_plan(coder, &request, coder_need(coder, &request));
}

/* Takes all that is planned; returns how many. */
static unsigned take_all(struct coder *coder, int64_t ms)
{
	struct coder_next next;
	unsigned count = 0;

	while (coder_take(coder, &next, at(ms)))
		count++;
	return count;
}

static void most_counts(void)
{
	struct coder coder = {0};
	struct coder_next next;

	tap_is_int(
		plan(&coder, ask(65, 2, 0, 0)), 2, "as many as a member lacks");
	tap_is_int(plan(&coder, ask(65, 5, 0, 0)), 3,
		"and as many more as another lacks beyond that");
	tap_is_int(plan(&coder, ask(65, 4, 0, 0)), 0,
		"nothing more for one that lacks less");
	tap_is_int(plan(&coder, ask(1, 1, 0, 0)), 1, "another block by itself");
	tap_ok(coder_take(&coder, &next, at(1)) && next.first == 1 &&
			next.index == 0 && next.requester == 7,
		"the first block leaves first");
	tap_ok(coder_take(&coder, &next, at(1)) && next.first == 65 &&
			next.index == 0,
		"then the second, from its first index on");
	tap_is_int(take_all(&coder, 1), 4, "the rest follows");
	tap_is_int(plan(&coder, ask(65, 5, 0, 2)), 0,
		"what left just now is under way");
	tap_is_int(plan(&coder, ask(65, 2, 5, 2)), 2,
		"to one that has heard of all, nothing is");
	tap_is_int(take_all(&coder, 2), 2, "which leaves");
	tap_is_int(plan(&coder, ask(65, 3, 0, 9)), 3,
		"after a turn-around nothing is under way");
	coder_note_heard(&coder, 65);
	tap_is_int(take_all(&coder, 9), 2, "one less when another sent one");
	tap_is_int(plan(&coder, ask(65, 9, 0, 19)), 9, "nine are planned");
	coder_cancel(&coder, 65);
	tap_is_int(
		take_all(&coder, 19), 0, "and none after they are cancelled");
}

static void at_loss(void)
{
	struct coder coder = {0};
	struct coder_request request = ask(1, 1, 0, 0);
	unsigned count = 0;

	request.loss = 0.3;
	for (uint64_t block = 0; block < 100; block++) {
		request.first = 1 + 64 * block;
		count += plan(&coder, request);
		(void)take_all(&coder, 0);
	}
	tap_ok(count >= 140 && count <= 145,
		"at 30 %% loss one that is lacked takes 1.43: %u of 100",
		count);
	coder = (struct coder){0};
	request.first = 1;
	request.is_urgent = true;
	tap_is_int(plan(&coder, request), 3, "and three where it is urgent");
	request.first = 65;
	request.lack.packets = 8;
	tap_is_int(plan(&coder, request), 13, "eight take 13");
	coder = (struct coder){0};
	for (uint64_t block = 0; block < 100; block++)
		coder_plan_ahead(&coder, 1 + 64 * block, 0.25);
	tap_is_int(take_all(&coder, 0), 25,
		"parts of one that nobody asked for add up");
}

static void indices_end(void)
{
	struct coder coder = {0};
	struct coder_next next = {0};
	unsigned count = 0;

	for (int64_t ms = 0; ms < 100; ms += 10) {
		count += plan(&coder, ask(1, 64, 0, ms));
		(void)take_all(&coder, ms);
	}
	tap_is_int(count, WIRE_CODE_OF_AUTHOR,
		"of a block no more combinations than there are indices");
	tap_ok(coder_is_used_up(&coder, 1) &&
			coder_need(&coder, &(struct coder_request){.first = 1,
						   .lack = {9, 0}}) == 0,
		"then it is used up, and none is needed");
	tap_ok(!coder_is_used_up(&coder, 65), "which another block is not");
	tap_is_int(plan(&coder, ask(1 + 64 * CODER_BLOCKS, 3, 0, 100)), 3,
		"a later block at its place begins anew");
	tap_is_int(take_all(&coder, 100), 3, "and has three");
	tap_is_int(plan(&coder, ask(1 + 64 * CODER_BLOCKS, 1, 3, 110)), 1,
		"one more");
	tap_is_int(plan(&coder, ask(1, 5, 0, 110)), 0,
		"nothing is planned of the older block");
	coder_cancel(&coder, 1);
	coder_note_heard(&coder, 1);
	tap_ok(coder_take(&coder, &next, at(110)) && next.index == 3 &&
			next.first == 1 + 64 * CODER_BLOCKS,
		"which does not have the later one begin anew");
	tap_is_int((intmax_t)coder.planned, 0, "and that is all");
}

static struct coder_made alone;
static struct coder_made together;

/* Makes combination `index` of the block up to `last`; returns its size. */
static size_t make(struct coder_made *made, const struct author *author,
	uint8_t index, uint64_t last, uint8_t *packet)
{
	struct coder_order order = {
		.store = &author->kept,
		.header = {.type = WIRE_CODE,
			.member = AUTHOR_ID,
			.index = index},
		.last = last,
		.most = WIRE_PACKET_MAX,
		.goes_on = made == &together,
	};

	return coder_make(made, &order, packet);
}

static void is_made(void)
{
	struct author author;
	uint8_t packet[WIRE_PACKET_MAX];
	struct wire_header seen;
	struct wire_code code;
	struct reader reader;
	size_t size;

	author_open(&author, 200);
	author_say_each(&author, 100);
	size = make(&alone, &author, 5, 64, packet);
	reader_init(&reader, packet, size);
	tap_ok(size > 24 && wire_header_decode(&reader, &seen) == WIRE_OK &&
			wire_code_decode(&reader, &code) == WIRE_OK &&
			seen.index == 5 && seen.member == AUTHOR_ID &&
			code.last == 64,
		"a combination is made that decodes");
	tap_ok(make(&alone, &author, 5, 100, packet) > 24,
		"of a block that is not full, too");
	packet_store_drop_before(&author.kept, 10);
	tap_is_int((intmax_t)make(&alone, &author, 5, 64, packet), 0,
		"none of a block that is not kept as a whole");
	author_close(&author);
}

/* Those of which others will be wanted are made together. */
static void are_made_together(void)
{
	struct author author;
	uint8_t expected[WIRE_PACKET_MAX];
	uint8_t packet[WIRE_PACKET_MAX];
	bool are_same = true;

	author_open(&author, 200);
	author_say_each(&author, 100);
	alone.last = 0;
	for (unsigned index = 0; index <= CODING_INDEX_MAX; index++) {
		uint8_t number = (uint8_t)index;
		size_t size = make(&alone, &author, number, 64, expected);

		are_same &=
			make(&together, &author, number, 64, packet) == size &&
			memcmp(packet, expected, size) == 0;
	}
	tap_ok(are_same, "made together or alone, they are the same");
	(void)make(&together, &author, 0, 64, packet);
	tap_is_int(together.count, GF256_SUMS_MAX, "so many at a time");
	packet_store_drop_before(&author.kept, 65);
	tap_ok(make(&together, &author, 3, 64, packet) > 24,
		"which do not need the packets any more");
	tap_is_int((intmax_t)make(&together, &author, 4, 64, packet), 0,
		"the next do");
	author_close(&author);
}

int main(void)
{
	most_counts();
	at_loss();
	indices_end();
	is_made();
	are_made_together();
	return tap_done();
}
