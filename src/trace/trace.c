/* SPDX-License-Identifier: ISC */
/*
 * The columns of a line: seconds since the start, -> out or <- in, the kind of
 * packet with its number, the author, the size, the interface and the hop
 * limit; then, in words, what it is for, or what came of it.
 */

#include "mchat/trace/trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/interfaces/membership.h"
#include "mchat/network/batch.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/wire_peer.h"
#include "mchat/seal/header.h"
#include "mchat/terminal/cluster.h"
#include "mchat/terminal/tty.h"
#include "mchat/trace/packet_view.h"
#include "mchat/trace/trace_text.h"
#include "mchat/view/color.h"
#include "mchat/view/safe.h"
#include "mchat/view/wrap.h"

/* "   0.3650 -> ": further rows of a line are indented so. */
#define TIME_COLUMNS 13

/* Room for "repair 12345", most nicks, and the names of most interfaces.  What
 * is longer is cut, except numbers. */
#define KIND_COLUMNS      12
#define NAME_COLUMNS      16
#define INTERFACE_COLUMNS 8

/* Colours of view/color.h that tell the kinds apart. */
#define DATA_COLOR   32  /* blue */
#define REPAIR_COLOR 28  /* green */
#define ASK_COLOR    166 /* orange */
#define OTHER_COLOR  130 /* brown */
#define FAULT_COLOR  162 /* red */

/* What a line begins with, before its words. */
struct columns {
	struct instant at;
	bool is_sent;
	size_t size;      /* bytes */
	const char *kind; /* NULL: that of the packet */
	const char *interface;
	int hop_limit;              /* -1: not known */
	const struct address *from; /* NULL: us */
	bool is_fault;              /* it is subjected to one */
};

static void begin_color(
	struct buffer *line, const struct packet_view *packet, bool is_fault)
{
	if (is_fault)
		color_begin(line, FAULT_COLOR, true);
	else if (packet_view_asks(packet))
		color_begin(line, ASK_COLOR, false);
	else if (packet_view_is_state(packet))
		color_dim(line);
	else if (!packet->has_body)
		color_begin(line, OTHER_COLOR, false);
	else if (!packet_view_is_data(packet) ||
		 packet->header.flags & WIRE_REPAIR)
		color_begin(line, REPAIR_COLOR, false);
	else
		color_begin(line, DATA_COLOR, false);
}

/* Appends `text`, cut or padded to so many columns, and two spaces. */
static void append_column(
	struct buffer *line, const struct buffer *text, unsigned columns)
{
	const char *at = buffer_bytes(text);
	const char *end = at + buffer_size(text);
	bool fits = cluster_columns(at, buffer_size(text), columns) <= columns;
	unsigned room = fits ? columns : columns - 1;
	unsigned used = 0;

	while (at < end) {
		struct cluster cluster = cluster_at(at, (size_t)(end - at));

		if (used + cluster.width > room)
			break;
		buffer_append(line, at, cluster.size);
		at += cluster.size;
		used += cluster.width;
	}
	if (!fits) {
		buffer_append_string(line, "\xe2\x80\xa6"); /* U+2026 */
		used++;
	}
	buffer_append_format(line, "%*s", (int)(columns - used + 2), "");
}

static void append_kind(
	struct buffer *line, const struct packet_view *packet, const char *kind)
{
	char text[32];

	if (kind || !packet->has_header)
		snprintf(text, sizeof(text), "%s",
			kind                ? kind
			: packet->is_sealed ? "sealed"
			: packet->is_ours   ? "?"
					    : "plain");
	else if (packet->header.type == WIRE_STATE)
		snprintf(text, sizeof(text), "STATE");
	else if (packet_view_is_fragment(packet))
		snprintf(text, sizeof(text), "fragment %" PRIu64,
			packet->body.fragment.sequence);
	else if (packet_view_is_code(packet))
		snprintf(text, sizeof(text), "CODE %" PRIu64,
			packet->body.code.last);
	else if (!packet->has_body)
		snprintf(text, sizeof(text), "%s",
			packet->header.type == WIRE_DATA   ? "DATA"
			: packet->header.type == WIRE_CODE ? "CODE"
							   : "FRAGMENT");
	else
		snprintf(text, sizeof(text), "%s %" PRIu64,
			packet->header.flags & WIRE_REPAIR ? "repair" : "DATA",
			packet->body.data.sequence);
	buffer_append_format(line, "%-*s  ", KIND_COLUMNS, text);
}

/* In raw mode a datagram is not decoded. */
static void look_into(struct packet_view *out, const struct engine *engine,
	const void *bytes, size_t size)
{
	if (engine)
		packet_view_init(out, bytes, size);
	else
		*out = (struct packet_view){0};
}

/* Without a header, only the address tells who sent it. */
static void append_author(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet, const struct address *from)
{
	char host[ADDRESS_TEXT_SIZE];

	if (packet->has_header)
		trace_text_author(out, engine, packet);
	else
		buffer_append_string(
			out, from ? address_format_host(from, host) : "me");
}

static void begin_line(struct buffer *line, const struct trace *trace,
	const struct engine *engine, const struct packet_view *packet,
	const struct columns *columns)
{
	struct buffer text = BUFFER_EMPTY;
	struct duration age = instant_until(trace->begun, columns->at);

	buffer_append_format(line, "%9.4f %s ",
		(double)age.ns / (double)NS_PER_S,
		columns->is_sent ? "->" : "<-");
	append_kind(line, packet, columns->kind);
	append_author(&text, engine, packet, columns->from);
	append_column(line, &text, NAME_COLUMNS);
	buffer_append_format(line, "%4zu bytes  ", columns->size);
	buffer_consume(&text, buffer_size(&text));
	safe_append_name(&text, columns->interface, strlen(columns->interface));
	append_column(line, &text, INTERFACE_COLUMNS);
	buffer_append_format(line, "TTL %3d  ", columns->hop_limit);
	buffer_fini(&text);
}

/* Prints the line, in the packet's colour, as wide as the terminal is just now.
 */
static void end_line(struct buffer *line, const struct trace *trace,
	const struct packet_view *packet, bool is_fault)
{
	unsigned columns = wrap_columns(tty_window_columns(STDERR_FILENO));
	struct buffer out = BUFFER_EMPTY;

	if (trace->has_color)
		begin_color(&out, packet, is_fault);
	wrap_append(&out, buffer_bytes(line), buffer_size(line), columns,
		TIME_COLUMNS);
	if (trace->has_color)
		color_end(&out);
	buffer_append_char(&out, '\n');
	fwrite(buffer_bytes(&out), 1, buffer_size(&out), stderr);
	buffer_fini(&out);
	buffer_fini(line);
}

static struct columns columns_out(
	const struct trace *trace, size_t size, struct instant now)
{
	const char *only = membership_only_name(trace->membership);

	return (struct columns){
		.at = now,
		.is_sent = true,
		.size = size,
		.interface = only ? only : "each",
		.hop_limit = trace->membership->hop_limit,
	};
}

void trace_sent(const struct trace *trace, const struct engine *engine,
	const void *packet, size_t size, size_t datagram_size,
	struct instant now)
{
	struct columns columns = columns_out(trace, datagram_size, now);
	struct buffer line = BUFFER_EMPTY;
	char group[ADDRESS_TEXT_SIZE];
	struct packet_view view;

	look_into(&view, engine, packet, size);
	begin_line(&line, trace, engine, &view, &columns);
	if (engine)
		trace_text_sent(&line, engine, &view);
	else
		buffer_append_format(&line, "a plain datagram to %s",
			address_format(&trace->group, group));
	end_line(&line, trace, &view, columns.is_fault);
}

static struct columns columns_of(const struct trace *trace,
	const struct datagram *datagram, struct instant now)
{
	const char *interface = membership_interface_name(
		trace->membership, datagram->interface_index);

	return (struct columns){
		.at = now,
		.size = datagram->size,
		.interface = datagram->is_unicast ? "peer"
			     : interface	  ? interface
						  : "?",
		.hop_limit = datagram->hop_limit,
		.from = &datagram->from,
	};
}

/* Our own packet, looped back: it was shown when it was sent. */
static bool is_echo(const struct engine *engine, const struct packet_view *view)
{
	return view->has_header && view->header.member == engine_id(engine);
}

void trace_received(const struct trace *trace, const struct engine *engine,
	const struct datagram *packet, size_t datagram_size,
	enum wire_result result, struct instant now)
{
	struct columns columns = columns_of(trace, packet, now);
	struct buffer line = BUFFER_EMPTY;
	struct packet_view view;

	columns.size = datagram_size;
	look_into(&view, engine, packet->bytes, packet->size);
	if (is_echo(engine, &view))
		return;
	begin_line(&line, trace, engine, &view, &columns);
	if (result == WIRE_NOT_OURS)
		buffer_append_format(&line, "a plain datagram from port %u",
			(unsigned)packet->from.port);
	else
		trace_text_received(&line, engine, &view, result);
	end_line(&line, trace, &view, columns.is_fault);
}

void trace_passed_on(const struct trace *trace, const struct engine *engine,
	const struct datagram *packet, size_t datagram_size, struct instant now)
{
	struct columns columns = columns_of(trace, packet, now);
	struct buffer line = BUFFER_EMPTY;
	struct packet_view view;

	columns.is_sent = true;
	columns.size = datagram_size;
	look_into(&view, engine, packet->bytes, packet->size);
	begin_line(&line, trace, engine, &view, &columns);
	buffer_append_string(&line, packet->is_unicast ? "passed on from a peer"
						       : "passed on to peers");
	end_line(&line, trace, &view, columns.is_fault);
}

/* ---- private groups ---- */

static const char *kind_of(
	enum seal_result result, const struct seal_opened *opened)
{
	if (result == SEAL_PLAIN)
		return "plain";
	return (result == SEAL_OPENED || result == SEAL_UNPROVEN) &&
			       opened->kind != SEAL_PACKET
		       ? "names"
		       : "sealed";
}

void trace_sealed(const struct trace *trace, const struct datagram *datagram,
	enum seal_result result, const struct seal_opened *opened,
	struct instant now)
{
	struct columns columns = columns_of(trace, datagram, now);
	const struct packet_view none = {0};
	struct buffer line = BUFFER_EMPTY;

	if (result == SEAL_ECHO)
		return;
	columns.kind = kind_of(result, opened);
	begin_line(&line, trace, NULL, &none, &columns);
	trace_text_sealed(&line, result, opened);
	end_line(&line, trace, &none, false);
}

void trace_names_sent(const struct trace *trace, const void *datagram,
	size_t size, struct instant now)
{
	struct columns columns = columns_out(trace, size, now);
	const struct packet_view none = {0};
	struct buffer line = BUFFER_EMPTY;
	struct seal_header header;

	if (seal_header_read(datagram, size, &header) != SEAL_HEADER_OK)
		return;
	columns.kind = "names";
	begin_line(&line, trace, NULL, &none, &columns);
	buffer_append_string(&line, trace_text_names(header.kind));
	end_line(&line, trace, &none, false);
}

/* ---- peers and faults ---- */

/* "CHALLENGE     10.77.0.2:62428     24 bytes  peer"; its hop limit is the
 * system's.  Sealed, its eight bytes make the smallest datagram that there is.
 */
void trace_exchange(const struct trace *trace, const struct engine *engine,
	const struct wire_peer *packet, const struct address *address,
	bool is_sent, struct instant now)
{
	static const char *const names[] = {
		[WIRE_PEER_CHALLENGE] = "CHALLENGE",
		[WIRE_PEER_ANSWER] = "ANSWER",
		[WIRE_PEER_PRUNE] = "PRUNE",
	};
	const struct packet_view none = {0};
	struct duration age = instant_until(trace->begun, now);
	struct buffer line = BUFFER_EMPTY;
	struct buffer from = BUFFER_EMPTY;
	char text[ADDRESS_TEXT_SIZE];

	buffer_append_format(&line, "%9.4f %s %-*s  ",
		(double)age.ns / (double)NS_PER_S, is_sent ? "->" : "<-",
		KIND_COLUMNS, names[packet->kind]);
	buffer_append_string(&from, address_format_host(address, text));
	append_column(&line, &from, NAME_COLUMNS);
	buffer_append_format(&line, "%4d bytes  %-*s  ",
		trace->is_private ? SEAL_DATAGRAM_MIN : WIRE_PEER_SIZE,
		INTERFACE_COLUMNS, "peer");
	trace_text_exchange(&line, engine, packet, is_sent);
	buffer_append_format(&line, " (%s)", address_format(address, text));
	end_line(&line, trace, &none, false);
	buffer_fini(&from);
}

void trace_fault(const struct trace *trace, const struct engine *engine,
	const struct datagram *datagram, enum fault fault, struct instant now)
{
	static const char *const words[] = {
		[FAULT_DROP] = "dropped on purpose",
		[FAULT_REORDER] = "held back on purpose, to be overtaken",
		[FAULT_DUPLICATE] = "taken twice on purpose",
	};
	struct columns columns = columns_of(trace, datagram, now);
	struct buffer line = BUFFER_EMPTY;
	struct packet_view view;

	look_into(&view, engine, datagram->bytes, datagram->size);
	if (is_echo(engine, &view))
		return;
	columns.is_fault = true;
	begin_line(&line, trace, engine, &view, &columns);
	buffer_append_string(&line, words[fault]);
	end_line(&line, trace, &view, columns.is_fault);
}
