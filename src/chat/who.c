/* SPDX-License-Identifier: ISC */
#include "mchat/chat/who.h"

#include <inttypes.h>
#include <stddef.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/ignore_list.h"
#include "mchat/chat/outside.h"
#include "mchat/io/diagnostics.h"
#include "mchat/peers/peers.h"
#include "mchat/protocol/engine.h"
#include "mchat/view/name.h"

static void append_distance(struct buffer *out, int hops)
{
	if (hops < 0)
		buffer_append_string(out, "an unknown way off");
	else if (hops == 0)
		buffer_append_string(out, "on this network");
	else
		buffer_append_format(
			out, "%d router%s away", hops, hops == 1 ? "" : "s");
}

/* What it has of us, and we of it. */
static void append_mutual(
	struct buffer *out, const struct engine_member *member)
{
	if (!member->hears_us)
		buffer_append_string(out, "; does not hear you");
	else if (member->lacks > 0)
		buffer_append_format(out, "; lacks %" PRIu64 " of your packets",
			member->lacks);
	else
		buffer_append_string(out, "; has all of yours");
	if (member->lost > 0)
		buffer_append_format(
			out, "; you lack %" PRIu64 " of its", member->lost);
}

/* What it has of the others. */
static void append_reports(struct buffer *out, const struct engine *engine,
	const struct engine_member *member)
{
	struct engine_peer_report report;

	for (size_t i = 0;
		engine_peer_report_at(engine, member->id, i, &report); i++) {
		buffer_append_string(out, i == 0 ? "; hears " : ", ");
		name_append(out, &report.author);
		if (report.lacks > 0)
			buffer_append_format(
				out, " (lacks %" PRIu64 ")", report.lacks);
	}
}

/* By which peer it is heard, else how far off it is. */
static void append_way(struct buffer *out, const struct engine_member *member,
	const struct peers *peers)
{
	char label[PEERS_LABEL_SIZE];
	const char *peer =
		peers ? peers_label_of(peers, member->id, label) : NULL;

	if (peers && peers_has_report_of(peers, member->id))
		buffer_append_string(out, "reports to this host");
	else if (peer)
		buffer_append_format(out, "via peer %s", peer);
	else
		append_distance(out, member->hops);
}

static void print_member(
	const struct who *who, const struct engine_member *member)
{
	const struct engine *engine = who->engine;
	struct buffer line = BUFFER_EMPTY;
	struct duration silence = instant_until(member->heard_at, who->now);
	struct event_member name = engine_member_name(member);

	name_append(&line, &name);
	buffer_append_string(&line,
		ignore_list_has(who->ignored, &name) ? " (ignored): " : ": ");
	append_way(&line, member, who->peers);
	append_mutual(&line, member);
	append_reports(&line, engine, member);
	buffer_append_format(&line, "; heard %.1f s ago",
		(double)silence.ns / (double)NS_PER_S);
	buffer_append_char(&line, '\0');
	diagnostics_answer("%s", buffer_bytes(&line));
	buffer_fini(&line);
}

size_t who_count(const struct engine *engine)
{
	struct engine_member member;
	size_t count = 0;

	while (engine_member_at(engine, count, &member))
		count++;
	return count;
}

/* "private, key 02e8-a717; 3 others are here" */
static void print_count(const struct who *who)
{
	size_t count = who_count(who->engine);
	struct buffer line = BUFFER_EMPTY;

	if (who->privacy)
		buffer_append_format(&line, "%s; ", who->privacy);
	if (count == 0)
		buffer_append_string(&line, "nobody else is here");
	else
		buffer_append_format(&line, "%zu other%s here", count,
			count == 1 ? " is" : "s are");
	buffer_append_char(&line, '\0');
	diagnostics_answer("%s", buffer_bytes(&line));
	buffer_fini(&line);
}

static void print_outside(const struct outside *outside, struct instant now)
{
	struct buffer line = BUFFER_EMPTY;

	if (outside_append_summary(outside, now, &line)) {
		buffer_append_char(&line, '\0');
		diagnostics_answer("%s", buffer_bytes(&line));
	}
	buffer_fini(&line);
}

void who_print(const struct who *who)
{
	struct engine_member member;

	print_count(who);
	if (who->privacy)
		print_outside(who->outside, who->now);
	for (size_t i = 0; engine_member_at(who->engine, i, &member); i++)
		print_member(who, &member);
}
