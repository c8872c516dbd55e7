/* SPDX-License-Identifier: ISC */
#include "author.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "mchat/base/cursor.h"
#include "mchat/protocol/backfill.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/reassembly.h"
#include "mchat/protocol/record.h"

static const struct instant start = {NS_PER_S};

static char text_at(uint64_t message, size_t i)
{
	return (char)('!' + (message * 31 + i * 7) % 90);
}

/* The text of a message: its number, then what follows from it. */
static void make_text(char *text, size_t size, uint64_t message)
{
	for (size_t i = 0; i < size; i++)
		text[i] = text_at(message, i);
	memcpy(text, &message, sizeof(message));
}

void author_open(struct author *author, size_t messages)
{
	struct engine_config config = {
		.id = AUTHOR_ID, .packet_size = AUTHOR_PACKET_SIZE};

	*author = (struct author){.now = start};
	send_window_init(&author->send_window, &config, start);
	send_window_set_nick(&author->send_window, "ann");
	packet_store_init(&author->kept, 1);
	author->begins = calloc(messages + 1, sizeof(*author->begins));
	author->ends = calloc(messages + 1, sizeof(*author->ends));
	author->sizes = calloc(messages + 1, sizeof(*author->sizes));
	if (!author->begins || !author->ends || !author->sizes)
		abort();
}

void author_close(struct author *author)
{
	send_window_fini(&author->send_window);
	packet_store_fini(&author->kept);
	free(author->begins);
	free(author->ends);
	free(author->sizes);
}

/* ---- saying ---- */

void author_say(struct author *author, size_t size)
{
	static char text[ENGINE_MESSAGE_MAX];
	uint64_t message = ++author->messages;

	if (size < sizeof(message))
		size = sizeof(message);
	make_text(text, size, message);
	author->sizes[message] = size;
	if (!send_window_say(&author->send_window, message % 5 == 0, text, size,
		    (struct wall_time){(int64_t)message}))
		abort();
}

static void open_packet(const struct packet *packet, struct wire_data *out)
{
	struct wire_header header;
	struct reader reader;

	if (!packet)
		abort();
	reader_init(&reader, packet->bytes, packet->size);
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		wire_data_decode(&reader, out) != WIRE_OK)
		abort();
}

/* Notes where the messages of a packet begin and end. */
static void survey(struct author *author, const struct packet *packet)
{
	struct record record;
	struct wire_data data;
	struct reader reader;
	uint64_t message;

	open_packet(packet, &data);
	message = data.message;
	reader_init(&reader, data.records, data.records_size);
	while (record_next(&reader, &record)) {
		if (record.type == RECORD_NICK)
			continue;
		if (record.type != RECORD_PART ||
			record.bytes[0] & RECORD_PART_FIRST)
			author->begins[message] = data.sequence;
		author->ends[message] = data.sequence;
		message += record.is_last;
	}
}

static void keep(
	struct author *author, const struct packet *packet, uint64_t number)
{
	struct packet_store *kept = &author->kept;

	if (number >= PACKET_STORE_SPAN)
		packet_store_drop_before(kept, number - PACKET_STORE_SPAN + 1);
	if (!packet_store_put(
		    kept, number, packet->bytes, packet->size, author->now))
		abort();
}

void author_flush(struct author *author)
{
	const struct packet *packet;

	for (;;) {
		author->now = instant_after(start,
			duration_ms((int64_t)author->send_window.unsent));
		packet = send_window_take(&author->send_window, author->now);
		if (!packet)
			break;
		survey(author, packet);
		keep(author, packet, author->send_window.unsent - 1);
	}
	author->packets = author->send_window.last;
	author->send_window.confirmed = author->send_window.unsent;
}

void author_say_many(struct author *author, size_t messages)
{
	author_open(author, messages);
	while (author->messages < messages) {
		author_say(author, random_below(8) ? 8 + random_below(60)
						   : random_below(5000));
		if (random_below(4) == 0)
			author_flush(author);
	}
	author_flush(author);
}

void author_say_each(struct author *author, uint64_t messages)
{
	for (uint64_t i = 0; i < messages; i++) {
		author_say(author, 8);
		author_flush(author);
	}
}

/* ---- giving ---- */

enum receive_window_result author_give(const struct author *author,
	struct receive_window *window, uint64_t number)
{
	const struct packet *packet = packet_store_get(&author->kept, number);
	struct wire_data data;

	open_packet(packet, &data);
	receive_window_count(window, packet->size);
	return backfill_take(
		window, &data, packet->bytes, packet->size, author->now);
}

struct extent author_extent(const struct author *author, uint64_t last)
{
	uint64_t messages = 0;

	while (messages < author->messages &&
		author->ends[messages + 1] <= last)
		messages++;
	return (struct extent){
		.last = last,
		.messages = messages,
		.is_counted = true,
		.sent = duration_ms((int64_t)last),
	};
}

uint64_t author_count_whole(
	const struct author *author, const bool *missing, uint64_t from)
{
	uint64_t whole = 0;

	for (uint64_t id = 1; id <= author->messages; id++) {
		bool is_whole = author->ends[id] >= from;

		for (uint64_t n = author->begins[id]; n <= author->ends[id];
			n++)
			is_whole = is_whole && !missing[n];
		whole += is_whole;
	}
	return whole;
}

/* ---- hearing ---- */

void heard_open(struct heard *heard)
{
	*heard = (struct heard){.is_sound = true};
}

void heard_close(struct heard *heard)
{
	buffer_fini(&heard->scratch);
}

static bool is_as_said(const struct author *author,
	const struct reassembly_item *item, uint64_t id)
{
	if (item->size != author->sizes[id])
		return false;
	for (size_t i = sizeof(id); i < item->size; i++)
		if (item->text[i] != text_at(id, i))
			return false;
	return item->number == author->ends[id] &&
	       (item->is_history || item->message == id) &&
	       item->kind == (id % 5 ? REASSEMBLY_MESSAGE : REASSEMBLY_ACTION);
}

static void hear(struct heard *h, const struct author *author,
	const struct reassembly_item *item)
{
	uint64_t id = 0;

	if (item->kind == REASSEMBLY_NICK) {
		h->is_sound = h->is_sound && item->size == 3;
		return;
	}
	if (item->kind == REASSEMBLY_LOST) {
		h->lost += item->count;
		h->unknown += item->count == 0;
		return;
	}
	if (item->size >= sizeof(id))
		memcpy(&id, item->text, sizeof(id));
	if (id < h->expected || id > author->messages ||
		!is_as_said(author, item, id)) {
		h->is_sound = false;
		return;
	}
	if (h->messages == 0)
		h->first = id;
	h->expected = id + 1;
	h->messages++;
	h->history += item->is_history;
}

void heard_drain(struct heard *heard, const struct author *author,
	struct receive_window *window)
{
	struct reassembly_item item;

	while (reassembly_next(window, &heard->scratch, &item))
		hear(heard, author, &item);
}
