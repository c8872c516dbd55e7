/* SPDX-License-Identifier: ISC */
#include "mchat/chat/stats.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/display.h"
#include "mchat/chat/engine_driver.h"
#include "mchat/chat/input.h"
#include "mchat/chat/receive_path.h"
#include "mchat/chat/send_path.h"
#include "mchat/chat/who.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/sealer.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/wire.h"
#include "mchat/view/stats_table.h"

#define STATS_MAX 32

struct stats {
	struct event_stat items[STATS_MAX];
	size_t count;
};

static void add(struct stats *stats, const char *name, uint64_t value)
{
	stats->items[stats->count++] = (struct event_stat){name, value};
}

static void add_engine(struct stats *stats, const struct engine_driver *driver)
{
	struct engine_counts counts;

	engine_count(driver->engine, &counts);
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
	add(stats, "coded_sent", counts.coded_sent);
	add(stats, "coded_received", counts.coded_received);
	add(stats, "coded_useless", counts.coded_useless);
	add(stats, "decoded", counts.decoded);
	add(stats, "poisoned_blocks", counts.poisoned);
	add(stats, "asked", counts.nacks_sent);
	add(stats, "members", who_count(driver->engine));
	if (engine_packet_size(driver->engine) > WIRE_USUAL_MAX)
		add(stats, "packet_size", engine_packet_size(driver->engine));
}

/* Of a private group: what was let in, and what was not. */
static void add_sealed(struct stats *stats, const struct sealer *sealer)
{
	struct seal_counts counts;

	if (!sealer->seal)
		return;
	seal_count(sealer->seal, &counts);
	add(stats, "sealed_opened", counts.results[SEAL_OPENED]);
	add(stats, "other_key", counts.results[SEAL_OTHER_KEY]);
	add(stats, "unsealed", counts.results[SEAL_PLAIN]);
	add(stats, "forged", counts.results[SEAL_FORGED]);
	add(stats, "replayed", counts.results[SEAL_REPLAYED]);
}

/* In the terms of the engine, where there is one; and what was done to what
 * came in, where something was. */
static void gather(struct stats *stats, const struct display *display,
	const struct engine_driver *driver, const struct input *input,
	const struct send_path *send_path,
	const struct receive_path *receive_path)
{
	const struct fault_injection *faults = &receive_path->faults;

	stats->count = 0;
	add(stats, "sent", driver ? driver->said : send_path->sent);
	if (!driver)
		add(stats, "not_sent",
			send_path->unsent + send_path_left(send_path) +
				input_left(input));
	add(stats, "received", display->shown);
	if (driver) {
		add_engine(stats, driver);
		add_sealed(stats, driver->sealer);
	} else {
		add(stats, "lost", receive_path->lost);
	}
	if (driver && send_path->unsent > 0)
		add(stats, "not_sent", send_path->unsent);
	if (driver && receive_path->lost > 0)
		add(stats, "dropped_by_the_kernel", receive_path->lost);
	if (send_path->has_peers) {
		add(stats, "passed_on", send_path->passed_on);
		add(stats, "not_passed_on", send_path->not_passed_on);
	}
	if (faults->rates.drop > 0)
		add(stats, "dropped_on_purpose", faults->dropped);
	if (faults->rates.duplicate > 0)
		add(stats, "duplicated_on_purpose", faults->duplicated);
	if (faults->rates.reorder > 0)
		add(stats, "reordered_on_purpose", faults->reordered);
}

static struct event event_of(const struct stats *stats)
{
	return (struct event){
		.kind = EVENT_STATS,
		.time = clock_wall(),
		.stats = {stats->items, stats->count},
	};
}

void stats_show(struct display *display, const struct engine_driver *driver,
	const struct input *input, const struct send_path *send_path,
	const struct receive_path *receive_path)
{
	struct stats stats;
	struct event event;

	gather(&stats, display, driver, input, send_path, receive_path);
	event = event_of(&stats);
	display_event(display, &event);
}

static void answer_table(const struct event_stats *stats, unsigned columns)
{
	unsigned room = columns - (unsigned)strlen(DIAGNOSTICS_PREFIX);

	for (size_t i = 0; i < stats->count;) {
		struct buffer row = BUFFER_EMPTY;

		i += stats_table_append_row(&row, stats, i, room);
		buffer_append_char(&row, '\0');
		diagnostics_answer("%s", buffer_bytes(&row));
		buffer_fini(&row);
	}
}

/* What combinations spared us, in words; of others nobody knows that. */
static void answer_combinations(const struct engine_driver *driver)
{
	struct engine_counts counts;
	uint64_t needed;

	if (!driver)
		return;
	engine_count(driver->engine, &counts);
	needed = counts.coded_received - counts.coded_useless;
	if (needed > 0 && counts.decoded > 0)
		diagnostics_answer("a combination that was needed here replaced"
				   " %.2f plain repairs; at how many others, is"
				   " not known here",
			(double)counts.decoded / (double)needed);
}

void stats_answer(struct display *display, const struct engine_driver *driver,
	const struct input *input, const struct send_path *send_path,
	const struct receive_path *receive_path)
{
	unsigned columns = diagnostics_terminal_columns();
	struct stats stats;
	struct event event;

	gather(&stats, display, driver, input, send_path, receive_path);
	event = event_of(&stats);
	if (columns == 0 || display->view.format == VIEW_JSON) {
		display_event(display, &event);
		return;
	}
	display_log(display, &event);
	answer_table(&event.stats, columns);
	answer_combinations(driver);
}
