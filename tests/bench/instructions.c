/* SPDX-License-Identifier: ISC */
/*
 * What a line costs: an author that reads COUNT lines of 64 bytes and sends
 * them, and a member that receives them and makes their text, in one process
 * and in virtual time.  Run with callgrind, which counts the instructions
 * within author_turn or receiver_turn:
 *
 *   valgrind --tool=callgrind --toggle-collect=author_turn instructions COUNT
 *
 * Prints how many lines the text has; 1 when that is not all.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/lines.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"
#include "mchat/view/view.h"

#define LINE_SIZE 64 /* with its end */

/* What one read of standard input takes, and what one turn sends. */
#define CHUNK   ((size_t)64 * 1024)
#define PACKETS 256

/* A turn may not come sooner, nor without anything to do later. */
#define TURN_US 100

struct packets {
	uint8_t bytes[PACKETS][WIRE_PACKET_MAX];
	size_t sizes[PACKETS];
	size_t count;
};

struct side {
	struct engine *engine;
	struct packets out;
};

struct run {
	struct side author;
	struct side receiver;
	struct lines lines;
	struct line line; /* that was taken and not said yet */
	bool has_line;
	struct view view;
	struct buffer text;
	uint64_t count;   /* of lines that there are to be */
	uint64_t written; /* into `lines` */
	uint64_t shown;
	struct instant now;
};

static void open_side(struct side *side, uint64_t id, struct instant now)
{
	struct engine_config config = {
		.id = id,
		.seed = id,
		.nick = id == 1 ? "ann" : "bob",
		.hop_limit = 1,
		.packet_size = WIRE_USUAL_MAX,
	};

	side->engine = engine_new(&config, now);
	if (!side->engine)
		abort();
}

static void send_all(struct side *side, struct instant now)
{
	struct packets *out = &side->out;
	size_t size = 1;

	engine_tick(side->engine, now);
	for (out->count = 0; out->count < PACKETS && size > 0; out->count++) {
		size = engine_next_packet(
			side->engine, out->bytes[out->count], now);
		out->sizes[out->count] = size;
	}
	out->count -= size == 0;
}

static void receive_all(
	struct side *side, const struct packets *in, struct instant now)
{
	for (size_t i = 0; i < in->count; i++)
		engine_receive(
			side->engine, in->bytes[i], in->sizes[i], 1, now);
}

/* Another chunk of input, when the last one is used up. */
static void write_lines(struct run *run)
{
	static const char words[] =
		"the quick brown fox jumps over the lazy dog again, as it does";
	size_t room = CHUNK;
	char *at;

	if (buffer_size(&run->lines.pending) > 0 || run->written == run->count)
		return;
	at = lines_reserve(&run->lines, room);
	if (!at)
		abort();
	for (; room >= LINE_SIZE && run->written < run->count;
		room -= LINE_SIZE) {
		memset(at, '.', LINE_SIZE);
		memcpy(at, words, sizeof(words) - 1);
		at[LINE_SIZE - 1] = '\n';
		at += LINE_SIZE;
		run->written++;
	}
	lines_commit(&run->lines, CHUNK - room);
}

/* Neither is inlined anywhere: callgrind knows them by name. */
void author_turn(struct run *run) __attribute__((noinline));
void receiver_turn(struct run *run) __attribute__((noinline));

void author_turn(struct run *run)
{
	struct side *author = &run->author;
	struct event event;

	receive_all(author, &run->receiver.out, run->now);
	while (engine_next_event(author->engine, &event))
		continue;
	while (run->has_line || lines_next(&run->lines, &run->line)) {
		run->has_line = true;
		if (engine_say(author->engine, false, run->line.text,
			    run->line.size, (struct wall_time){1},
			    run->now) != ENGINE_SAID)
			break;
		run->has_line = false;
	}
	send_all(author, run->now);
}

void receiver_turn(struct run *run)
{
	struct side *receiver = &run->receiver;
	struct event event;

	receive_all(receiver, &run->author.out, run->now);
	while (engine_next_event(receiver->engine, &event))
		view_event(&run->view, &event, &run->text);
	send_all(receiver, run->now);
}

/* Counts the lines of the text and forgets it. */
static void read_text(struct run *run)
{
	const char *at = buffer_bytes(&run->text);
	const char *end = at + buffer_size(&run->text);

	for (; at < end; at++)
		run->shown += *at == '\n';
	buffer_clear(&run->text);
}

static void pass_time(struct run *run)
{
	struct instant next =
		instant_earlier(engine_deadline(run->author.engine),
			engine_deadline(run->receiver.engine));
	struct instant soonest = instant_after(run->now, duration_us(TURN_US));

	run->now =
		run->has_line || instant_before(next, soonest) ? soonest : next;
}

static void turn(struct run *run)
{
	write_lines(run);
	author_turn(run);
	receiver_turn(run);
	read_text(run);
	pass_time(run);
}

int main(int argc, char *argv[])
{
	static struct run run;
	uint64_t before;

	if (argc < 2) {
		fputs("usage: instructions COUNT\n", stderr);
		return 2;
	}
	run.now = (struct instant){NS_PER_S};
	open_side(&run.author, 1, run.now);
	open_side(&run.receiver, 2, run.now);
	lines_init(&run.lines, WIRE_MESSAGE_MAX);
	view_init(&run.view, VIEW_TEXT, false, COLOR_NEVER,
		(struct wall_time){0});
	/* They meet. */
	while (engine_member_count(run.author.engine) == 0 ||
		engine_member_count(run.receiver.engine) == 0)
		turn(&run);
	before = run.shown;
	run.count = strtoull(argv[1], NULL, 10);
	while (run.shown - before < run.count ||
		!engine_is_confirmed(run.author.engine))
		turn(&run);
	printf("%ju\n", (uintmax_t)(run.shown - before));
	engine_free(run.author.engine);
	engine_free(run.receiver.engine);
	lines_fini(&run.lines);
	buffer_fini(&run.text);
	return 0;
}
