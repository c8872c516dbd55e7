/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/member_counts.h"

#include "mchat/protocol/engine_internal.h"

/* Adds one to a count, or takes it away, when that is not so yet. */
static void set(size_t *count, bool was_counted, bool is_counted)
{
	*count += is_counted;
	*count -= was_counted;
}

static bool is_confirmer(const struct member *m, uint64_t said)
{
	return m->has_from <= 1 && m->acked_next > said && !m->has_skipped &&
	       (m->has_heard_us || said > 0);
}

/* Goes on to the numbers as they are now. */
static void renew(struct engine *e)
{
	struct member_counts *counts = &e->member_counts;
	uint64_t unsent = e->send_window.unsent;
	uint64_t said = send_window_last_said(&e->send_window);

	if (counts->unsent != unsent) {
		counts->unsent = unsent;
		counts->caught_up = 0;
	}
	if (counts->said != said) {
		counts->said = said;
		counts->confirmers = 0;
	}
}

void member_counts_update(struct engine *e, struct member *m)
{
	struct member_counts *counts = &e->member_counts;
	bool hears = m->is_here && m->has_heard_us;
	bool is_caught_up;
	bool confirms;

	renew(e);
	is_caught_up = m->is_here && members_first_lacking(m) >= counts->unsent;
	confirms = is_confirmer(m, counts->said);
	set(&counts->hearing, m->counts_as_hearing, hears);
	m->counts_as_hearing = hears;
	set(&counts->caught_up, m->caught_up_to == counts->unsent,
		is_caught_up);
	m->caught_up_to = is_caught_up ? counts->unsent : 0;
	set(&counts->confirmers, m->confirms_below == counts->said + 1,
		confirms);
	m->confirms_below = confirms ? counts->said + 1 : 0;
}

void member_counts_forget(struct engine *e, struct member *m)
{
	renew(e);
	set(&e->member_counts.confirmers,
		m->confirms_below == e->member_counts.said + 1, false);
	m->confirms_below = 0;
}

size_t member_counts_caught_up(const struct engine *e)
{
	const struct member_counts *counts = &e->member_counts;

	return counts->unsent == e->send_window.unsent ? counts->caught_up : 0;
}

size_t member_counts_confirmers(const struct engine *e)
{
	const struct member_counts *counts = &e->member_counts;

	return counts->said == send_window_last_said(&e->send_window)
		       ? counts->confirmers
		       : 0;
}
