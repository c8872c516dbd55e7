/* SPDX-License-Identifier: ISC */
/* Combinations that wait: which are kept, when they suffice, and what is said
 * to be lacking meanwhile. */
#include "mchat/protocol/decoder.h"

#include <stdlib.h>

#include "author.h"
#include "tap.h"
#include "mchat/protocol/code_store.h"
#include "mchat/protocol/coder.h"

#define PACKETS 200

static struct author author;

/* A window that has all up to `last`, but for those of the numbers that are
 * missing, which end with 0. */
static void open_window(
	struct receive_window *window, uint64_t last, const uint64_t *missing)
{
	receive_window_init(window);
	receive_window_open(window, 1, 1);
	for (uint64_t number = 1; number <= last; number++) {
		if (number == *missing)
			missing++;
		else
			author_give(&author, window, number);
	}
}

/* Gives combination `index` of the block that ends with `last`. */
static enum decoder_result give(
	struct receive_window *window, uint8_t index, uint64_t last)
{
	static struct coder_made made;
	struct coder_order order = {
		.store = &author.kept,
		.header = {.type = WIRE_CODE,
			.member = AUTHOR_ID,
			.index = index},
		.last = last,
		.most = WIRE_PACKET_MAX,
	};
	struct wire_header header;
	uint8_t packet[WIRE_PACKET_MAX];
	struct reader reader;
	struct wire_code code;
	size_t size;

	/* Authors change. */
	made.last = 0;
	size = coder_make(&made, &order, packet);

	reader_init(&reader, packet, size);
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		wire_code_decode(&reader, &code) != WIRE_OK)
		abort();
	return decoder_take(window, index, &code);
}

static unsigned lacked(const struct receive_window *window, uint64_t first)
{
	return decoder_lack(window, first, PACKETS + 1).packets;
}

/* Whether the block can be solved. */
static bool is_solved(const struct receive_window *window, uint64_t first)
{
	static uint8_t symbols[CODING_BLOCK][CODING_SUM_MAX];
	struct coding_equation equations[CODING_BLOCK];
	struct coding_block block;

	decoder_fill(window, AUTHOR_ID, first, &block, equations);
	return coding_solve(&block, symbols) == CODING_OK;
}

static void suffices(void)
{
	static const uint64_t missing[] = {3, 70, 71, 0};
	struct receive_window window;

	open_window(&window, PACKETS, missing);
	tap_is_int(lacked(&window, 1), 1, "one packet of the first block");
	tap_is_int(lacked(&window, 65), 2, "two of the second are lacked");
	tap_is_int(give(&window, 0, 64), DECODER_READY,
		"one combination suffices for one");
	tap_ok(is_solved(&window, 1), "it gives the packet");
	tap_is_int(give(&window, 4, 128), DECODER_HELD, "one of two is held");
	tap_is_int(decoder_lack(&window, 65, PACKETS + 1).heard, 5,
		"which of the author's was heard is known");
	tap_is_int(lacked(&window, 65), 1, "and one less is lacked");
	tap_is_int(give(&window, 4, 128), DECODER_USELESS,
		"the same again gives nothing");
	tap_is_int(give(&window, 130, 128), DECODER_READY,
		"another member's does as well");
	tap_is_int(decoder_lack(&window, 65, PACKETS + 1).heard, 5,
		"of others' it does not say");
	tap_is_int(give(&window, 9, 128), DECODER_USELESS,
		"more than enough gives nothing");
	tap_ok(is_solved(&window, 65), "two give both");
	tap_is_int(give(&window, 1, 192), DECODER_USELESS,
		"nothing is missing of the third block");
	receive_window_fini(&window);
}

/* A packet that comes in may be the one that is still needed. */
static void packet_completes(void)
{
	static const uint64_t missing[] = {70, 71, 0};
	struct receive_window window;

	open_window(&window, PACKETS, missing);
	tap_is_int(give(&window, 0, 128), DECODER_HELD, "one of two is held");
	tap_ok(!decoder_is_ready(&window, 65), "and is not enough");
	author_give(&author, &window, 70);
	tap_ok(decoder_is_ready(&window, 65), "with a packet it is");
	tap_ok(is_solved(&window, 65), "and gives the other");
	receive_window_fini(&window);
}

/* Combinations of a block that was not full give no more than is missing of the
 * columns that they have. */
static void partial(void)
{
	static const uint64_t missing[] = {66, 100, 101, 0};
	struct receive_window window;

	open_window(&window, PACKETS, missing);
	tap_is_int(give(&window, 0, 80), DECODER_READY,
		"one of the first columns suffices for these");
	tap_is_int(give(&window, 1, 80), DECODER_USELESS,
		"another says nothing more");
	tap_is_int(lacked(&window, 65), 2, "two are lacked behind them");
	tap_is_int(give(&window, 2, 128), DECODER_HELD, "one of all columns");
	tap_is_int(give(&window, 3, 128), DECODER_READY, "and one more");
	tap_ok(is_solved(&window, 65), "give all three");
	receive_window_fini(&window);
}

static void refused(void)
{
	static const uint64_t missing[] = {70, 0};
	struct receive_window window;
	struct wire_code code = {
		.last = 64 + RECEIVE_WINDOW_PACKETS + 64,
		.sum = (const uint8_t *)"12345678",
		.size = 8,
	};

	open_window(&window, PACKETS, missing);
	tap_is_int(decoder_take(&window, 0, &code), DECODER_TOO_FAR,
		"what is beyond the window is not held");
	tap_is_int(give(&window, 0, 128), DECODER_READY, "one is held");
	tap_ok(decoder_is_usable(&window, 65), "the block is of use");
	decoder_poison(&window, 65);
	tap_is_int(give(&window, 1, 128), DECODER_REFUSED,
		"none of a block of which one was false");
	tap_ok(!decoder_is_usable(&window, 65), "it is left to plain repairs");
	tap_is_int(lacked(&window, 65), 1, "what was held does not count");
	receive_window_fini(&window);
	receive_window_init(&window);
	receive_window_open(&window, 70, 70);
	author_give(&author, &window, 75);
	tap_is_int(give(&window, 0, 128), DECODER_USELESS,
		"a window that began within the block has no use for it");
	tap_ok(!decoder_is_usable(&window, 65), "and says so");
	receive_window_fini(&window);
}

/* What is held takes no more memory than what is missing would. */
static void memory(void)
{
	uint64_t missing[PACKETS] = {0};
	struct receive_window window;
	size_t most;

	for (uint64_t i = 0; i < 128; i++)
		missing[i] = 1 + i;
	open_window(&window, PACKETS, missing);
	for (uint8_t index = 0; index < 100; index++) {
		(void)give(&window, index, 64);
		(void)give(&window, index, 128);
	}
	most = sizeof(struct code_store) + 2 * sizeof(struct code_block) +
	       128 * (sizeof(struct code_sum) + WIRE_CODE_SUM_MAX);
	tap_ok(window.codes && window.codes->memory <= most &&
			window.codes->memory > 128 * sizeof(struct code_sum),
		"200 combinations of two blocks take %zu bytes, %zu at most",
		window.codes ? window.codes->memory : 0, most);
	code_store_drop_before(window.codes, PACKETS);
	tap_is_int((intmax_t)window.codes->memory,
		(intmax_t)sizeof(struct code_store),
		"and nothing once the window is past them");
	receive_window_fini(&window);
}

int main(void)
{
	author_open(&author, PACKETS);
	author_say_each(&author, PACKETS);
	suffices();
	packet_completes();
	partial();
	refused();
	memory();
	author_close(&author);
	return tap_done();
}
