/* SPDX-License-Identifier: ISC */
#include "mchat/trace/trace_text.h"

#include <inttypes.h>

#include "mchat/base/buffer.h"
#include "mchat/base/cursor.h"
#include "mchat/protocol/coding.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/record.h"
#include "mchat/protocol/wire_peer.h"
#include "mchat/trace/packet_view.h"
#include "mchat/view/event_time.h"
#include "mchat/view/name.h"

/* Members that are named of those that a STATE polls. */
#define POLLED_NAMES 3

static void append_nick(struct buffer *out, const struct engine_member *member)
{
	struct event_member name = engine_member_name(member);

	name_append(out, &name);
}

/* Appends the name of a member; `fallback` has its id, and what else is known
 * of it in case it is not here. */
static void append_member(struct buffer *out, const struct engine *engine,
	const struct engine_member *fallback)
{
	struct engine_member member;

	if (fallback->id == engine_id(engine)) {
		buffer_append_string(out, "me");
		return;
	}
	if (!engine_member_find(engine, fallback->id, &member))
		member = *fallback;
	if (member.nick_size > 0)
		append_nick(out, &member);
	else
		buffer_append_format(out, "#%04x", (unsigned)(member.id >> 48));
}

static void append_name(
	struct buffer *out, const struct engine *engine, uint64_t id)
{
	append_member(out, engine, &(struct engine_member){.id = id});
}

void trace_text_author(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet)
{
	struct engine_member author = {.id = packet->header.member};

	/* The author may not have joined yet, or may just have left. */
	if (packet_view_is_state(packet)) {
		author.nick = packet->body.state.nick;
		author.nick_size = packet->body.state.nick_size;
	}
	append_member(out, engine, &author);
}

/* ---- what it holds ---- */

static void append_count(struct buffer *out, uint64_t count, const char *what)
{
	buffer_append_format(
		out, "%" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

/* ": 3 messages, 1 action"; records of nicks are not mentioned. */
static void append_records(struct buffer *out, const struct wire_data *data)
{
	static const char *const names[] = {
		[RECORD_LINE] = "message",
		[RECORD_ACTION] = "action",
		[RECORD_PART] = "piece of a message",
	};
	uint64_t counts[sizeof(names) / sizeof(names[0])] = {0};
	const char *separator = ": ";
	struct record record;
	struct reader reader;

	reader_init(&reader, data->records, data->records_size);
	while (record_next(&reader, &record)) {
		if (record.type < sizeof(names) / sizeof(names[0]))
			counts[record.type]++;
	}
	for (size_t i = RECORD_LINE; i <= RECORD_PART; i++) {
		if (counts[i] == 0)
			continue;
		buffer_append_string(out, separator);
		append_count(out, counts[i], names[i]);
		separator = ", ";
	}
}

/* "me to 17 (lacks 2)": what its sender has of one author. */
static void append_report(struct buffer *out, const struct engine *engine,
	const struct wire_report *report, uint64_t lacks)
{
	append_name(out, engine, report->origin);
	if (report->next > 1)
		buffer_append_format(out, " to %" PRIu64, report->next - 1);
	if (lacks > 0)
		buffer_append_format(out, " (lacks %" PRIu64 ")", lacks);
}

/* "; limited by kim; polls bob, lee, dee and 2 more". */
static void append_polled(struct buffer *out, const struct engine *engine,
	const struct wire_state *state)
{
	const char *separator = "; polls ";

	for (unsigned i = 0; i < state->polled_count; i++) {
		uint64_t id = wire_state_polled(state, i);

		if (i > POLLED_NAMES) {
			buffer_append_format(out, " and %u more",
				(unsigned)state->polled_count - i);
			return;
		}
		/* The first limits its sender; 0: nobody is said to. */
		if (i == 0 && id == 0)
			continue;
		buffer_append_string(out, i == 0 ? "; limited by " : separator);
		append_name(out, engine, id);
		if (i > 0)
			separator = ", ";
	}
}

/* "; sent 12; hears me to 17 (lacks 2), kim". */
static void append_state(struct buffer *out, const struct engine *engine,
	const struct wire_state *state)
{
	const char *separator = "; hears ";
	struct wire_report report;
	struct reader reader;

	if (state->last > 0)
		buffer_append_format(out, "; sent %" PRIu64, state->last);
	reader_init(&reader, state->reports, state->reports_size);
	for (unsigned i = 0; wire_report_next(&reader, &report); i++) {
		buffer_append_string(out, separator);
		append_report(out, engine, &report,
			packet_view_lacks(state, i, &report));
		separator = ", ";
	}
	append_polled(out, engine, state);
}

/* "combination 3 of packets 65 to 128". */
static void append_combination(
	struct buffer *out, const struct packet_view *packet)
{
	uint64_t last = packet->body.code.last;

	buffer_append_format(out,
		"combination %u of packets %" PRIu64 " to %" PRIu64,
		packet->header.index + 1U, coding_block_first(last), last);
}

/* ": bytes 481 to 960 of 1100". */
static void append_fragment(
	struct buffer *out, const struct wire_fragment *fragment)
{
	buffer_append_format(out, ": bytes %u to %zu of %u",
		fragment->offset + 1U, fragment->offset + fragment->size,
		(unsigned)fragment->packet_size);
}

static void append_body(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet)
{
	if (packet_view_is_data(packet))
		append_records(out, &packet->body.data);
	else if (packet_view_is_state(packet))
		append_state(out, engine, &packet->body.state);
	else if (packet_view_is_fragment(packet))
		append_fragment(out, &packet->body.fragment);
	else if (packet_view_is_code(packet)) {
		buffer_append_string(out, ": ");
		append_combination(out, packet);
	}
}

/* ---- why it was sent ---- */

static void append_askers(struct buffer *out, const struct engine *engine,
	const struct engine_reason *reason)
{
	if (reason->requests == 0)
		return;
	buffer_append_string(out, ", asked by ");
	append_name(out, engine, reason->requester);
	if (reason->requests > 1)
		buffer_append_format(out, " (%u asks)", reason->requests);
}

/* "combination 3 of packets 65 to 128, asked by kim, who lacks 4". */
static void append_code(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet, const struct engine_reason *reason)
{
	append_combination(out, packet);
	if (reason->why == ENGINE_CODE_FOR)
		buffer_append_string(out, " in place of their author");
	append_askers(out, engine, reason);
	if (reason->requests > 0)
		buffer_append_format(
			out, ", who lacks %" PRIu64, reason->packets);
	else
		buffer_append_string(out, ", before anybody asks");
}

void trace_text_sent(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet)
{
	struct engine_reason reason = engine_packet_reason(engine);
	static const char *const words[] = {
		[ENGINE_FIRST] = "first sending",
		[ENGINE_REPAIR] = "sent again",
		[ENGINE_REPAIR_FOR] = "sent in place of its author",
		[ENGINE_CODE] = "",
		[ENGINE_CODE_FOR] = "",
		[ENGINE_BYE] = "bye",
		[ENGINE_HELLO] = "hello",
		[ENGINE_NACK] = "asks",
		[ENGINE_NICK] = "a new nick",
		[ENGINE_ANSWER] = "answer",
		[ENGINE_HEARTBEAT] = "heartbeat: not all is confirmed",
		[ENGINE_POLL] = "wants reports",
		[ENGINE_CONFIRM] = "confirms what came",
		[ENGINE_PRESENCE] = "presence: still here",
	};

	if (packet_view_is_code(packet)) {
		append_code(out, engine, packet, &reason);
		return;
	}
	buffer_append_string(out, words[reason.why]);
	if (reason.why == ENGINE_NACK) {
		buffer_append_format(
			out, " for %" PRIu64 " of ", reason.packets);
		append_name(out, engine, reason.origin);
		if (reason.origins > 1)
			buffer_append_format(
				out, " and %u more", reason.origins - 1);
	}
	append_askers(out, engine, &reason);
	append_body(out, engine, packet);
}

void trace_text_exchange(struct buffer *out, const struct engine *engine,
	const struct wire_peer *packet, bool is_sent)
{
	switch (packet->kind) {
	case WIRE_PEER_CHALLENGE:
		buffer_append_string(out, "asks to give eight bytes back");
		break;
	case WIRE_PEER_ANSWER:
		buffer_append_string(out, "gives the eight bytes back");
		break;
	case WIRE_PEER_PRUNE:
		buffer_append_string(out, is_sent ? "we do" : "it does");
		buffer_append_string(
			out, " without what comes another way, too, of ");
		append_name(out, engine, packet->value);
		break;
	}
	if (packet->reports)
		buffer_append_string(out, "; reports to its source");
}

/* ---- what came of it ---- */

/* What a STATE is for, as far as it says. */
static const char *purpose(const struct packet_view *packet)
{
	uint8_t flags = packet->header.flags;

	if (flags & WIRE_BYE)
		return "bye";
	if (packet_view_asks(packet))
		return "asks";
	if (flags & WIRE_ANSWER)
		return flags & WIRE_HELLO ? "hello, who is here?"
					  : "wants an answer";
	return flags & WIRE_HELLO ? "hello" : "report";
}

/* What came of it in these words, or "puts 2 packets together", or both. */
static void append_disposition(struct buffer *out, const struct engine *engine,
	enum engine_disposition disposition, const char *words)
{
	unsigned count = engine_packet_decoded(engine);

	if (count == 0 || disposition != ENGINE_DISPOSITION_DECODED)
		buffer_append_string(out, words);
	if (count == 0)
		return;
	if (disposition != ENGINE_DISPOSITION_DECODED)
		buffer_append_string(out, ", ");
	buffer_append_string(out, "puts ");
	append_count(out, count, "packet");
	buffer_append_string(out, " together");
}

void trace_text_received(struct buffer *out, const struct engine *engine,
	const struct packet_view *packet, enum wire_result result)
{
	static const char *const words[] = {
		[ENGINE_DISPOSITION_NEW] = "new",
		[ENGINE_DISPOSITION_REPAIR] = "fills a gap",
		[ENGINE_DISPOSITION_DOUBLE] = "had already",
		[ENGINE_DISPOSITION_LATE] = "too late, it had been given up",
		[ENGINE_DISPOSITION_TOO_FAR] = "beyond the window",
		[ENGINE_DISPOSITION_OLD_STATE] = "older than one before",
		[ENGINE_DISPOSITION_ECHO] = "our own",
		[ENGINE_DISPOSITION_OTHER_ROOM] = "of another room",
		[ENGINE_DISPOSITION_FRAGMENT] =
			"kept until the rest of it comes",
		[ENGINE_DISPOSITION_CODED] = "kept until there are enough",
		[ENGINE_DISPOSITION_DECODED] = "puts packets together",
		[ENGINE_DISPOSITION_NOTHING] = "refused",
	};
	enum engine_disposition disposition = engine_packet_took(engine);

	if (packet->is_sealed) {
		buffer_append_string(out, "refused: of a private group");
		return;
	}
	append_disposition(out, engine, disposition,
		disposition == ENGINE_DISPOSITION_STATE ? purpose(packet)
							: words[disposition]);
	if (result == WIRE_OK)
		append_body(out, engine, packet);
	else
		buffer_append_format(out, ": %s", wire_strerror(result));
}

/* ---- private groups ---- */

/* Clocks that differ by so much are taken for equal. */
#define CLOCK_S 10

/* Of a session that is to prove that it is alive. */
static void append_unproven(struct buffer *out, int64_t ahead_s)
{
	if (ahead_s >= -CLOCK_S && ahead_s <= CLOCK_S) {
		buffer_append_string(out, "sealed before we joined");
	} else {
		buffer_append_string(out, "its clock is ");
		event_time_append_offset(out, -1000 * ahead_s);
		buffer_append_string(out, " ours");
	}
	buffer_append_string(out, ": asked to name us");
}

const char *trace_text_names(enum seal_kind kind)
{
	return kind == SEAL_NAMES ? "asks sessions to name this one"
				  : "names sessions that asked";
}

void trace_text_sealed(struct buffer *out, enum seal_result result,
	const struct seal_opened *opened)
{
	static const char *const words[SEAL_RESULT_COUNT] = {
		[SEAL_PLAIN] = "not sealed: not shown",
		[SEAL_IGNORED] = "of a later version, or damaged",
		[SEAL_OTHER_KEY] = "another key",
		[SEAL_ECHO] = "our own",
		[SEAL_REPLAYED] = "came twice or too late",
		[SEAL_FORGED] = "forged",
		[SEAL_FULL] = "too many sessions are known",
		[SEAL_COPIED] = "this machine was copied, or set back",
	};

	if (result == SEAL_UNPROVEN)
		append_unproven(out, opened->ahead_s);
	else
		buffer_append_string(out,
			result == SEAL_OPENED ? trace_text_names(opened->kind)
					      : words[result]);
}
