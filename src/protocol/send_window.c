/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/send_window.h"

#include <assert.h>
#include <string.h>

#include "mchat/protocol/engine_types.h"
#include "mchat/protocol/receive_window.h"
#include "mchat/protocol/record.h"

/* What a piece of a long message takes beyond its bytes. */
#define PART_OVERHEAD (RECORD_OVERHEAD + 1)

/* Header, number, message, time and age of DATA, and a nick: what a packet has
 * before the first message at most. */
#define HEAD_MAX (16 + 32 + RECORD_OVERHEAD + WIRE_NICK_MAX)

static_assert(SEND_WINDOW_PACKETS <= RECEIVE_WINDOW_PACKETS / 2,
	"one that lags by a window still takes the next");

void send_window_init(struct send_window *window,
	const struct engine_config *config, struct instant now)
{
	*window = (struct send_window){
		.id = config->id,
		.room = config->room,
		.packet_size = config->packet_size,
		.started = now,
		.unsent = 1,
		.confirmed = 1,
	};
	packet_store_init(&window->store, 1);
	send_times_init(&window->log);
	writer_init(&window->writer, window->open, window->packet_size);
}

void send_window_fini(struct send_window *window)
{
	packet_store_fini(&window->store);
}

static bool is_open(const struct send_window *window)
{
	return writer_size(&window->writer) > 0;
}

static void write_nick(struct send_window *window)
{
	memcpy(window->written, window->nick, sizeof(window->written));
	window->is_renamed = false;
	record_encode(&window->writer, RECORD_NICK, window->nick,
		strlen(window->nick));
}

static void open_packet(struct send_window *window, struct wall_time wall)
{
	struct wire_header header = {
		.type = WIRE_DATA,
		.room = window->room,
		.member = window->id,
	};

	writer_init(&window->writer, window->open, window->packet_size);
	wire_header_encode(&window->writer, &header);
	wire_data_encode(
		&window->writer, window->last + 1, window->messages + 1, wall);
	write_nick(window);
}

/* Closes the open packet into the store; false without memory. */
static bool close_packet(struct send_window *window)
{
	struct packet_store *store = &window->store;
	uint64_t number = window->last + 1;

	if (number - store->first >= SEND_WINDOW_KEPT)
		packet_store_drop_before(store, number - SEND_WINDOW_KEPT + 1);
	while (store->memory > SEND_WINDOW_BYTES &&
		store->first < window->confirmed)
		packet_store_drop_before(store, store->first + 1);
	/* It has never left, so that nobody can ask for it. */
	if (!packet_store_put(store, number, window->open,
		    writer_size(&window->writer), INSTANT_NEVER))
		return false;
	window->last = number;
	writer_init(&window->writer, window->open, window->packet_size);
	return true;
}

void send_window_set_packet_size(struct send_window *window, size_t packet_size)
{
	if (packet_size == window->packet_size)
		return;
	window->packet_size = packet_size;
	/* Without memory it grows on to the size that it was begun with. */
	if (is_open(window))
		(void)close_packet(window);
}

/* Has a packet open that has room for `size` bytes more. */
static bool make_room(
	struct send_window *window, size_t size, struct wall_time wall)
{
	size_t renaming =
		window->is_renamed ? RECORD_OVERHEAD + strlen(window->nick) : 0;

	if (is_open(window) && writer_left(&window->writer) < size + renaming &&
		!close_packet(window))
		return false;
	if (!is_open(window))
		open_packet(window, wall);
	else if (window->is_renamed)
		write_nick(window);
	return true;
}

static bool say_long(struct send_window *window, uint8_t flags,
	const char *text, size_t size, struct wall_time wall)
{
	size_t room = window->packet_size - HEAD_MAX - PART_OVERHEAD;

	flags |= RECORD_PART_FIRST;
	while (size > 0) {
		size_t piece = size < room ? size : room;

		if (piece == size)
			flags |= RECORD_PART_LAST;
		if (!make_room(window, piece + PART_OVERHEAD, wall))
			return false;
		record_encode_part(&window->writer, flags, text, piece);
		flags &= (uint8_t)~RECORD_PART_FIRST;
		text += piece;
		size -= piece;
	}
	return true;
}

void send_window_set_nick(struct send_window *window, const char *nick)
{
	size_t size = strlen(nick);

	if (size > WIRE_NICK_MAX)
		size = WIRE_NICK_MAX;
	memset(window->nick, 0, sizeof(window->nick));
	memcpy(window->nick, nick, size);
	window->is_renamed = strcmp(window->written, window->nick) != 0;
}

/* A line may end one packet and take a second; a long one takes more. */
#define PACKETS_LEAST 2

/* Packets that may be unconfirmed. */
static uint64_t limit_of(const struct send_window *window)
{
	if (window->packet_size <= WIRE_USUAL_MAX)
		return SEND_WINDOW_PACKETS;
	return (uint64_t)SEND_WINDOW_PACKETS * WIRE_USUAL_MAX /
	       window->packet_size;
}

/* Whether there is room for so many packets more. */
static bool has_room(const struct send_window *window, uint64_t packets)
{
	return window->last + packets < window->confirmed + limit_of(window);
}

bool send_window_is_full(const struct send_window *window)
{
	return !has_room(window, PACKETS_LEAST);
}

bool send_window_say(struct send_window *window, bool is_action,
	const char *text, size_t size, struct wall_time wall)
{
	size_t room = window->packet_size - HEAD_MAX - RECORD_OVERHEAD;
	uint64_t packets = size / (room - 1) + PACKETS_LEAST;

	if (!has_room(window, packets))
		return false;
	if (size > room) {
		if (!say_long(window, is_action ? RECORD_PART_ACTION : 0, text,
			    size, wall))
			return false;
	} else {
		if (!make_room(window, size + RECORD_OVERHEAD, wall))
			return false;
		record_encode(&window->writer,
			is_action ? RECORD_ACTION : RECORD_LINE, text, size);
	}
	window->messages++;
	return true;
}

bool send_window_has_unsent(const struct send_window *window)
{
	return window->unsent <= window->last || is_open(window);
}

/* Its age in whole milliseconds, as packets say it. */
static struct duration age_of(
	const struct send_window *window, struct instant now)
{
	return duration_ms(instant_until(window->started, now).ns / NS_PER_MS);
}

static struct send_mark mark_at(
	const struct send_window *window, uint64_t number)
{
	return (struct send_mark){
		.number = number,
		.message = send_window_message_at(window, number),
	};
}

struct packet *send_window_take(struct send_window *window, struct instant now)
{
	struct duration age = age_of(window, now);
	struct packet *packet;

	if (window->unsent > window->last &&
		(!is_open(window) || !close_packet(window)))
		return NULL;
	packet = packet_store_get(&window->store, window->unsent++);
	packet->touched = now;
	packet->sent_at = now;
	send_times_add(&window->log, now, mark_at(window, window->unsent - 1),
		mark_at(window, window->unsent));
	wire_data_stamp(
		packet->bytes, (struct wire_age){
				       .age = age,
				       .quiet = {age.ns - window->sent.ns},
			       });
	window->sent = age;
	return packet;
}

struct wire_age send_window_age(
	const struct send_window *window, struct instant now)
{
	struct wire_age age = {
		.age = age_of(window, now),
		.quiet = duration_ms(WIRE_QUIET_MAX_MS),
	};

	if (window->unsent > 1)
		age.quiet.ns = age.age.ns - window->sent.ns;
	return age;
}

struct send_mark send_window_owed_since(
	const struct send_window *window, struct instant since)
{
	struct send_mark mark = {.number = 1, .message = 1};
	uint64_t high = window->unsent;
	uint64_t low;

	(void)send_times_find(&window->log, since, &mark);
	low = mark.number;
	/* What is not kept may have left earlier; of that nobody can tell. */
	if (low < window->store.first) {
		const struct packet *first =
			packet_store_get(&window->store, window->store.first);

		if (!first || !instant_before(first->sent_at, since))
			return mark;
		low = window->store.first;
	}
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (instant_before(
			    packet_store_get(&window->store, middle)->sent_at,
			    since))
			low = middle + 1;
		else
			high = middle;
	}
	return mark_at(window, low);
}

uint64_t send_window_last_said(const struct send_window *window)
{
	return is_open(window) ? window->last + 1 : window->last;
}

uint64_t send_window_count_from(const struct send_window *window, uint64_t next)
{
	uint64_t said = send_window_last_said(window);
	uint64_t last = said >= window->unsent ? said : window->unsent - 1;

	return next <= last ? last + 1 - next : 0;
}

uint64_t send_window_message_at(
	const struct send_window *window, uint64_t number)
{
	const struct packet *packet = packet_store_get(&window->store,
		number < window->store.first ? window->store.first : number);
	struct wire_data data;
	bool is_there = false;

	if (packet)
		is_there = wire_data_open(packet->bytes, packet->size, &data);
	else if (number == window->last + 1)
		is_there = wire_data_open(
			window->open, writer_size(&window->writer), &data);
	return is_there ? data.message : window->messages + 1;
}

uint64_t send_window_messages_sent(const struct send_window *window)
{
	/* What waits tells with which message it begins. */
	return send_window_message_at(window, window->unsent) - 1;
}

bool send_window_is_little(const struct send_window *window)
{
	return window->unsent - window->confirmed <= SEND_WINDOW_LITTLE;
}

bool send_window_is_confirmed(const struct send_window *window)
{
	return !send_window_has_unsent(window) &&
	       window->confirmed > window->last;
}
