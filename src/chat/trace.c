/* SPDX-License-Identifier: ISC */
/*
 * A line has columns: seconds since the start, -> out or <- in, the kind of
 * packet, the author and the number, the size, the interface and the hop
 * limit; and then in words what it is for, or what came of it.
 */
#include "mchat/chat/trace.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "mchat/base/buffer.h"
#include "mchat/base/cursor.h"
#include "mchat/chat/place.h"
#include "mchat/network/batch.h"
#include "mchat/protocol/engine.h"
#include "mchat/view/safe.h"

/* A packet, decoded as far as it could be. */
struct packet_view {
	bool has_header;
	struct wire_header header;
	bool has_body;
	struct wire_data data;
	struct wire_state state;
};

static void decode(const void *packet, size_t size, struct packet_view *out)
{
	struct reader reader;

	*out = (struct packet_view){0};
	reader_init(&reader, packet, size);
	out->has_header = wire_header_decode(&reader, &out->header) == WIRE_OK;
	if (!out->has_header)
		return;
	out->has_body = (out->header.type == WIRE_DATA
					? wire_data_decode(&reader, &out->data)
					: wire_state_decode(&reader,
						  &out->state)) == WIRE_OK;
}

/* Appends "me", or a nick and of the id as much as tells namesakes apart. */
static void append_nick(struct buffer *out, const struct engine *engine,
	uint64_t id, const char *nick, size_t nick_size)
{
	if (id == engine_id(engine)) {
		buffer_append_string(out, "me");
		return;
	}
	if (nick_size > 0) {
		safe_append_name(out, nick, nick_size);
		buffer_append_char(out, '#');
	}
	buffer_append_format(out, "%04x", (unsigned)(id >> 48));
}

/* The same of a member that may be here: else only the id is known. */
static void append_name(
	struct buffer *out, const struct engine *engine, uint64_t id)
{
	struct engine_member member = {0};
	bool is_here = false;

	for (size_t i = 0; !is_here && engine_member_at(engine, i, &member);
		i++)
		is_here = member.id == id;
	append_nick(
		out, engine, id, member.nick, is_here ? member.nick_size : 0);
}

/* ---- why it was sent ---- */

static void append_askers(struct buffer *out, const struct engine *engine,
	const struct engine_reason *reason)
{
	if (reason->asks == 0)
		return;
	buffer_append_string(out, ", asked by ");
	append_name(out, engine, reason->asker);
	if (reason->asks > 1)
		buffer_append_format(out, " (%u asks)", reason->asks);
}

static void append_reason(struct buffer *out, const struct engine *engine)
{
	struct engine_reason reason = engine_packet_reason(engine);
	static const char *const words[] = {
		[ENGINE_FIRST] = "first sending",
		[ENGINE_REPAIR] = "repair",
		[ENGINE_REPAIR_FOR] = "repair in place of its author",
		[ENGINE_BYE] = "bye",
		[ENGINE_HELLO] = "hello",
		[ENGINE_ASK] = "asks",
		[ENGINE_NICK] = "a new nick",
		[ENGINE_ANSWER] = "answer",
		[ENGINE_HEARTBEAT] = "heartbeat: not all is confirmed",
		[ENGINE_CONFIRM] = "confirms what came",
		[ENGINE_PRESENCE] = "presence: still here",
	};

	buffer_append_string(out, words[reason.why]);
	if (reason.why == ENGINE_ASK) {
		buffer_append_format(
			out, " for %" PRIu64 " of ", reason.packets);
		append_name(out, engine, reason.origin);
		if (reason.origins > 1)
			buffer_append_format(
				out, " and %u more", reason.origins - 1);
	}
	append_askers(out, engine, &reason);
}

/* ---- what came of it ---- */

/* What a STATE says of one author. */
static void append_report(struct buffer *out, const struct engine *engine,
	const struct wire_report *report)
{
	uint64_t lacks = 0;

	for (size_t i = 0; i < report->gap_count; i++)
		lacks += report->gaps[i].count;
	buffer_append_string(out, "; of ");
	append_name(out, engine, report->origin);
	buffer_append_format(out, " it has up to %" PRIu64, report->next - 1);
	if (lacks > 0)
		buffer_append_format(out, ", lacks %" PRIu64, lacks);
}

static void append_state(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet)
{
	uint8_t flags = packet->header.flags;
	struct wire_report report;
	struct reader reader;

	buffer_append_format(out, "%s%s%ssent up to %" PRIu64,
		flags & WIRE_HELLO ? "hello; " : "",
		flags & WIRE_BYE ? "bye; " : "",
		flags & WIRE_ANSWER ? "wants an answer; " : "",
		packet->state.last);
	reader_init(&reader, packet->state.reports, packet->state.reports_size);
	while (wire_report_next(&reader, &report))
		append_report(out, engine, &report);
}

static void append_outcome(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet, enum wire_result result)
{
	static const char *const words[] = {
		[ENGINE_TOOK_NEW] = "new",
		[ENGINE_TOOK_REPAIR] = "fills a gap",
		[ENGINE_TOOK_DOUBLE] = "had already",
		[ENGINE_TOOK_LATE] = "too late: it had been given up",
		[ENGINE_TOOK_TOO_FAR] = "beyond the window",
		[ENGINE_TOOK_STATE] = "",
		[ENGINE_TOOK_OLD_STATE] = "older than one before",
		[ENGINE_TOOK_ECHO] = "our own",
		[ENGINE_TOOK_OTHER_ROOM] = "of another room",
		[ENGINE_TOOK_NOTHING] = "refused",
	};
	enum engine_took took = engine_packet_took(engine);

	if (took == ENGINE_TOOK_STATE)
		append_state(out, engine, packet);
	else
		buffer_append_string(out, words[took]);
	if (result != WIRE_OK) {
		buffer_append_string(out, ": ");
		buffer_append_string(out, wire_strerror(result));
	}
}

/* ---- the line ---- */

/* "lee#2f3a 17": the author and the number. */
static void name_packet(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet)
{
	if (!packet->has_header)
		return;
	if (packet->has_body && packet->header.type == WIRE_STATE)
		append_nick(out, engine, packet->header.member,
			packet->state.nick, packet->state.nick_size);
	else
		append_name(out, engine, packet->header.member);
	if (packet->has_body && packet->header.type == WIRE_DATA)
		buffer_append_format(out, " %" PRIu64, packet->data.sequence);
}

static const char *kind_of(const struct packet_view *packet)
{
	if (!packet->has_header)
		return "?";
	if (packet->header.type == WIRE_STATE)
		return "STATE";
	return packet->header.flags & WIRE_REPAIR ? "DATA+" : "DATA";
}

/* What a line begins with, before its words. */
struct columns {
	struct instant at;
	bool is_sent;
	size_t size; /* bytes */
	const char *interface;
	int hop_limit; /* -1: not known */
};

static void begin_line(struct buffer *line, const struct trace *trace,
	const struct engine *engine, const struct packet_view *packet,
	const struct columns *columns)
{
	struct buffer name = BUFFER_EMPTY;
	struct duration age = instant_until(trace->begun, columns->at);

	name_packet(&name, engine, packet);
	buffer_append_char(&name, '\0');
	buffer_append_format(line,
		"%10.6f %s %-5s %-20s %4zu bytes  %-8s TTL %3d  ",
		(double)age.ns / (double)NS_PER_S,
		columns->is_sent ? "->" : "<-", kind_of(packet),
		buffer_bytes(&name), columns->size, columns->interface,
		columns->hop_limit);
	buffer_fini(&name);
}

static void end_line(struct buffer *line)
{
	buffer_append_char(line, '\n');
	fwrite(buffer_bytes(line), 1, buffer_size(line), stderr);
	buffer_fini(line);
}

void trace_sent(const struct trace *trace, const struct engine *engine,
	const uint8_t *packet, size_t size, struct instant now)
{
	const struct choice *choice = &trace->place->interfaces;
	struct columns columns = {
		.at = now,
		.is_sent = true,
		.size = size,
		.interface =
			choice->count == 1 ? choice->items[0].name : "each",
		.hop_limit = trace->place->hop_limit,
	};
	struct buffer line = BUFFER_EMPTY;
	struct packet_view view;

	decode(packet, size, &view);
	begin_line(&line, trace, engine, &view, &columns);
	append_reason(&line, engine);
	end_line(&line);
}

void trace_received(const struct trace *trace, const struct engine *engine,
	const struct datagram *datagram, enum wire_result result,
	struct instant now)
{
	const char *interface = choice_name(
		&trace->place->interfaces, datagram->interface_index);
	struct columns columns = {
		.at = now,
		.size = datagram->size,
		.interface = interface ? interface : "?",
		.hop_limit = datagram->hop_limit,
	};
	struct buffer line = BUFFER_EMPTY;
	struct packet_view view;

	/* It was shown when it was sent. */
	if (engine_packet_took(engine) == ENGINE_TOOK_ECHO)
		return;
	decode(datagram->bytes, datagram->size, &view);
	begin_line(&line, trace, engine, &view, &columns);
	append_outcome(&line, engine, &view, result);
	end_line(&line);
}
