/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/sender.h"

#include <string.h>

/* What a piece of a long message takes beyond its bytes. */
#define PART_OVERHEAD (WIRE_RECORD_OVERHEAD + 1)

/* Header, number, message and time of DATA, and a nick: what a packet has
 * before the first message at most. */
#define HEAD_MAX (16 + 24 + WIRE_RECORD_OVERHEAD + WIRE_NICK_MAX)

void sender_init(
	struct sender *sender, uint64_t id, uint32_t room, size_t packet_size)
{
	*sender = (struct sender){
		.id = id,
		.room = room,
		.packet_size = packet_size,
		.is_fresh = true,
		.unsent = 1,
		.confirmed = 1,
	};
	store_init(&sender->store, 1);
	writer_init(&sender->writer, sender->open, packet_size);
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
		.flags = sender->is_fresh ? WIRE_FRESH : 0,
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
static bool close_packet(struct sender *sender, struct instant now)
{
	struct store *store = &sender->store;
	uint64_t number = sender->last + 1;

	if (number - store->first >= STORE_SPAN)
		store_drop_before(store, number - STORE_SPAN + 1);
	if (!store_put(store, number, sender->open,
		    writer_size(&sender->writer), now))
		return false;
	sender->last = number;
	writer_init(&sender->writer, sender->open, sender->packet_size);
	return true;
}

void sender_set_packet_size(
	struct sender *sender, size_t packet_size, struct instant now)
{
	if (packet_size == sender->packet_size)
		return;
	sender->packet_size = packet_size;
	/* Without memory it grows on to the size that it was begun with. */
	if (is_open(sender))
		(void)close_packet(sender, now);
}

/* Has a packet open that has room for `size` bytes more. */
static bool make_room(struct sender *sender, size_t size, struct wall_time wall,
	struct instant now)
{
	size_t renaming =
		is_open(sender) && strcmp(sender->written, sender->nick) != 0
			? WIRE_RECORD_OVERHEAD + strlen(sender->nick)
			: 0;

	if (is_open(sender) && writer_left(&sender->writer) < size + renaming &&
		!close_packet(sender, now))
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
	size_t size, struct wall_time wall, struct instant now)
{
	size_t room = sender->packet_size - HEAD_MAX - PART_OVERHEAD;

	flags |= WIRE_PART_FIRST;
	while (size > 0) {
		struct piece piece = {text, size, flags};

		if (piece.size > room)
			piece.size = room;
		else
			piece.flags |= WIRE_PART_LAST;
		if (!make_room(sender, piece.size + PART_OVERHEAD, wall, now))
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
	size_t size, struct wall_time wall, struct instant now)
{
	size_t room = sender->packet_size - HEAD_MAX - WIRE_RECORD_OVERHEAD;
	uint64_t packets = size / (room - 1) + 2;

	if (sender->last + packets >= sender->confirmed + SENDER_WINDOW)
		return false;
	if (size > room) {
		if (!say_long(sender, is_action ? WIRE_PART_ACTION : 0, text,
			    size, wall, now))
			return false;
	} else {
		if (!make_room(sender, size + WIRE_RECORD_OVERHEAD, wall, now))
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

struct packet *sender_take(struct sender *sender, struct instant now)
{
	struct packet *packet;

	if (sender->unsent > sender->last &&
		(!is_open(sender) || !close_packet(sender, now)))
		return NULL;
	packet = store_get(&sender->store, sender->unsent++);
	packet->touched = now;
	return packet;
}

uint64_t sender_last_said(const struct sender *sender)
{
	return is_open(sender) ? sender->last + 1 : sender->last;
}

uint64_t sender_message_at(const struct sender *sender, uint64_t number)
{
	const struct packet *packet = store_get(&sender->store,
		number < sender->store.first ? sender->store.first : number);
	struct wire_header header;
	struct wire_data data;
	struct reader reader;

	if (packet)
		reader_init(&reader, packet->bytes, packet->size);
	else if (number == sender->last + 1)
		reader_init(
			&reader, sender->open, writer_size(&sender->writer));
	else
		return sender->messages + 1;
	if (wire_header_decode(&reader, &header) == WIRE_OK &&
		wire_data_open(&reader, &data) == WIRE_OK)
		return data.message;
	return sender->messages + 1;
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
