/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/sender.h"

#include <string.h>

#include "mchat/protocol/engine_types.h"

/* What a piece of a long message takes beyond its bytes. */
#define PART_OVERHEAD (WIRE_RECORD_OVERHEAD + 1)

/* Header, number, message, time and age of DATA, and a nick: what a packet has
 * before the first message at most. */
#define HEAD_MAX (16 + 32 + WIRE_RECORD_OVERHEAD + WIRE_NICK_MAX)

void sender_init(struct sender *sender, const struct engine_config *config,
	struct instant now)
{
	*sender = (struct sender){
		.id = config->id,
		.room = config->room,
		.packet_size = config->packet_size,
		.started = now,
		.unsent = 1,
		.confirmed = 1,
	};
	store_init(&sender->store, 1);
	send_log_init(&sender->log);
	writer_init(&sender->writer, sender->open, sender->packet_size);
}

void sender_fini(struct sender *sender)
{
	store_fini(&sender->store);
}

static bool is_open(const struct sender *sender)
{
	return writer_size(&sender->writer) > 0;
}

static void write_nick(struct sender *sender)
{
	memcpy(sender->written, sender->nick, sizeof(sender->written));
	wire_record_encode(
		&sender->writer, WIRE_NICK, sender->nick, strlen(sender->nick));
}

static void open_packet(struct sender *sender, struct wall_time wall)
{
	struct wire_header header = {
		.type = WIRE_DATA,
		.room = sender->room,
		.member = sender->id,
	};

	writer_init(&sender->writer, sender->open, sender->packet_size);
	wire_header_encode(&sender->writer, &header);
	wire_data_encode(
		&sender->writer, sender->last + 1, sender->messages + 1, wall);
	write_nick(sender);
}

/* Closes the open packet into the store; false without memory. */
static bool close_packet(struct sender *sender)
{
	struct store *store = &sender->store;
	uint64_t number = sender->last + 1;

	if (number - store->first >= STORE_SPAN)
		store_drop_before(store, number - STORE_SPAN + 1);
	/* It has never left, so that nobody can ask for it. */
	if (!store_put(store, number, sender->open,
		    writer_size(&sender->writer), INSTANT_NEVER))
		return false;
	sender->last = number;
	writer_init(&sender->writer, sender->open, sender->packet_size);
	return true;
}

void sender_set_packet_size(struct sender *sender, size_t packet_size)
{
	if (packet_size == sender->packet_size)
		return;
	sender->packet_size = packet_size;
	/* Without memory it grows on to the size that it was begun with. */
	if (is_open(sender))
		(void)close_packet(sender);
}

/* Has a packet open that has room for `size` bytes more. */
static bool make_room(struct sender *sender, size_t size, struct wall_time wall)
{
	size_t renaming =
		is_open(sender) && strcmp(sender->written, sender->nick) != 0
			? WIRE_RECORD_OVERHEAD + strlen(sender->nick)
			: 0;

	if (is_open(sender) && writer_left(&sender->writer) < size + renaming &&
		!close_packet(sender))
		return false;
	if (!is_open(sender))
		open_packet(sender, wall);
	else if (renaming > 0)
		write_nick(sender);
	return true;
}

struct piece {
	const char *text;
	size_t size;
	uint8_t flags;
};

static void add_piece(struct sender *sender, const struct piece *piece)
{
	struct writer *writer = &sender->writer;

	writer_u8(writer, WIRE_PART);
	writer_u16(writer, (uint16_t)(piece->size + 1));
	writer_u8(writer, piece->flags);
	writer_bytes(writer, piece->text, piece->size);
}

static bool say_long(struct sender *sender, uint8_t flags, const char *text,
	size_t size, struct wall_time wall)
{
	size_t room = sender->packet_size - HEAD_MAX - PART_OVERHEAD;

	flags |= WIRE_PART_FIRST;
	while (size > 0) {
		struct piece piece = {text, size, flags};

		if (piece.size > room)
			piece.size = room;
		else
			piece.flags |= WIRE_PART_LAST;
		if (!make_room(sender, piece.size + PART_OVERHEAD, wall))
			return false;
		add_piece(sender, &piece);
		flags &= (uint8_t)~WIRE_PART_FIRST;
		text += piece.size;
		size -= piece.size;
	}
	return true;
}

void sender_set_nick(struct sender *sender, const char *nick)
{
	size_t size = strlen(nick);

	if (size > WIRE_NICK_MAX)
		size = WIRE_NICK_MAX;
	memset(sender->nick, 0, sizeof(sender->nick));
	memcpy(sender->nick, nick, size);
}

bool sender_say(struct sender *sender, bool is_action, const char *text,
	size_t size, struct wall_time wall)
{
	size_t room = sender->packet_size - HEAD_MAX - WIRE_RECORD_OVERHEAD;
	uint64_t packets = size / (room - 1) + 2;

	if (sender->last + packets >= sender->confirmed + SENDER_WINDOW)
		return false;
	if (size > room) {
		if (!say_long(sender, is_action ? WIRE_PART_ACTION : 0, text,
			    size, wall))
			return false;
	} else {
		if (!make_room(sender, size + WIRE_RECORD_OVERHEAD, wall))
			return false;
		wire_record_encode(&sender->writer,
			is_action ? WIRE_ACTION : WIRE_LINE, text, size);
	}
	sender->messages++;
	return true;
}

bool sender_has_unsent(const struct sender *sender)
{
	return sender->unsent <= sender->last || is_open(sender);
}

/* Its age in whole milliseconds, as packets say it. */
static struct duration age_of(const struct sender *sender, struct instant now)
{
	return duration_ms(instant_until(sender->started, now).ns / NS_PER_MS);
}

static struct send_mark mark_at(const struct sender *sender, uint64_t number)
{
	return (struct send_mark){
		.number = number,
		.message = sender_message_at(sender, number),
	};
}

struct packet *sender_take(struct sender *sender, struct instant now)
{
	struct duration age = age_of(sender, now);
	struct packet *packet;

	if (sender->unsent > sender->last &&
		(!is_open(sender) || !close_packet(sender)))
		return NULL;
	packet = store_get(&sender->store, sender->unsent++);
	packet->touched = now;
	packet->sent_at = now;
	send_log_add(&sender->log, now, mark_at(sender, sender->unsent - 1),
		mark_at(sender, sender->unsent));
	wire_data_stamp(
		packet->bytes, (struct wire_age){
				       .age = age,
				       .quiet = {age.ns - sender->sent.ns},
			       });
	sender->sent = age;
	return packet;
}

struct wire_age sender_age(const struct sender *sender, struct instant now)
{
	struct wire_age age = {
		.age = age_of(sender, now),
		.quiet = duration_ms(WIRE_QUIET_MAX_MS),
	};

	if (sender->unsent > 1)
		age.quiet.ns = age.age.ns - sender->sent.ns;
	return age;
}

struct send_mark sender_owed_since(
	const struct sender *sender, struct instant since)
{
	struct send_mark mark = {.number = 1, .message = 1};
	uint64_t high = sender->unsent;
	uint64_t low;

	(void)send_log_find(&sender->log, since, &mark);
	low = mark.number;
	/* What is not kept may have left earlier; of that nobody can tell. */
	if (low < sender->store.first) {
		const struct packet *first =
			store_get(&sender->store, sender->store.first);

		if (!first || !instant_before(first->sent_at, since))
			return mark;
		low = sender->store.first;
	}
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (instant_before(
			    store_get(&sender->store, middle)->sent_at, since))
			low = middle + 1;
		else
			high = middle;
	}
	return mark_at(sender, low);
}

uint64_t sender_last_said(const struct sender *sender)
{
	return is_open(sender) ? sender->last + 1 : sender->last;
}

uint64_t sender_message_at(const struct sender *sender, uint64_t number)
{
	const struct packet *packet = store_get(&sender->store,
		number < sender->store.first ? sender->store.first : number);
	struct wire_data data;
	bool is_there = false;

	if (packet)
		is_there = wire_data_open(packet->bytes, packet->size, &data);
	else if (number == sender->last + 1)
		is_there = wire_data_open(
			sender->open, writer_size(&sender->writer), &data);
	return is_there ? data.message : sender->messages + 1;
}

uint64_t sender_messages_sent(const struct sender *sender)
{
	/* What waits tells with which message it begins. */
	return sender_message_at(sender, sender->unsent) - 1;
}

bool sender_is_little(const struct sender *sender)
{
	return sender->unsent - sender->confirmed <= SENDER_LITTLE;
}

bool sender_is_confirmed(const struct sender *sender)
{
	return !sender_has_unsent(sender) && sender->confirmed > sender->last;
}
