/* SPDX-License-Identifier: ISC */
#include "mchat/chat/stats.h"

#include "mchat/chat/clock.h"
#include "mchat/chat/display.h"
#include "mchat/chat/inbound.h"
#include "mchat/chat/input.h"
#include "mchat/chat/outbound.h"
#include "mchat/chat/session.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"

#define STATS_MAX 24

struct stats {
	struct event_stat items[STATS_MAX];
	size_t count;
};

static void add(struct stats *stats, const char *name, uint64_t value)
{
	stats->items[stats->count++] = (struct event_stat){name, value};
}

static void add_engine(struct stats *stats, const struct link *link)
{
	struct engine_counts counts;

	engine_count(link->engine, &counts);
	add(stats, "packets_sent", counts.data_sent);
	add(stats, "packets_received", counts.data_received);
	add(stats, "repaired_by_me", counts.repairs_sent);
	add(stats, "repaired_for_me", counts.repaired);
	add(stats, "lost", counts.lost);
	add(stats, "duplicates", counts.doubles);
	add(stats, "late", counts.late);
	add(stats, "refused", counts.bad);
	add(stats, "states_sent", counts.states_sent);
	add(stats, "states_received", counts.states_received);
	add(stats, "asked", counts.nacks_sent);
	add(stats, "members", engine_member_count(link->engine));
}

/* In the terms of the engine, where there is one; and what was done to what
 * came in, where something was. */
static void gather(struct stats *stats, const struct outbound *outbound,
	const struct inbound *inbound)
{
	const struct faults *faults = &inbound->faults;
	const struct link *link = outbound->session->link;

	stats->count = 0;
	add(stats, "sent", link ? link->said : outbound->sent);
	if (!link)
		add(stats, "not_sent",
			outbound->unsent + outbound_left(outbound) +
				input_left(outbound->input));
	add(stats, "received", inbound->display->shown);
	if (link)
		add_engine(stats, link);
	else
		add(stats, "lost", inbound->lost);
	if (link && outbound->unsent > 0)
		add(stats, "not_sent", outbound->unsent);
	if (link && inbound->lost > 0)
		add(stats, "dropped_by_the_kernel", inbound->lost);
	if (faults->rates.drop > 0)
		add(stats, "dropped_on_purpose", faults->dropped);
	if (faults->rates.duplicate > 0)
		add(stats, "duplicated_on_purpose", faults->duplicated);
	if (faults->rates.reorder > 0)
		add(stats, "reordered_on_purpose", faults->reordered);
}

void stats_show(const struct outbound *outbound, const struct inbound *inbound)
{
	struct stats stats;
	struct event event = {
		.kind = EVENT_STATS,
		.time = clock_wall(),
	};

	gather(&stats, outbound, inbound);
	event.stats.items = stats.items;
	event.stats.count = stats.count;
	display_event(inbound->display, &event);
}
