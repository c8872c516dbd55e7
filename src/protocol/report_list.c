/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/report_list.h"

#include <stdlib.h>

#include "mchat/protocol/engine_internal.h"

static enum report_list_kind kind_of(const struct member *m)
{
	if (m->must_report)
		return REPORT_LIST_ASKS;
	if (!m->is_unconfirmed)
		return REPORT_LIST_NONE;
	return m->window.known > 0 || m->polls_us ? REPORT_LIST_CONFIRMS
						  : REPORT_LIST_GREETS;
}

static void move_to(
	struct engine *e, struct member *m, enum report_list_kind kind)
{
	struct report_list *list = &e->report_lists[m->report_list];

	if (m->report_list != REPORT_LIST_NONE) {
		if (m->report_before)
			m->report_before->report_after = m->report_after;
		else
			list->first = m->report_after;
		if (m->report_after)
			m->report_after->report_before = m->report_before;
		else
			list->last = m->report_before;
	}
	m->report_list = (uint8_t)kind;
	m->report_before = NULL;
	m->report_after = NULL;
	if (kind == REPORT_LIST_NONE)
		return;
	list = &e->report_lists[kind];
	m->report_before = list->last;
	if (list->last)
		list->last->report_after = m;
	else
		list->first = m;
	list->last = m;
}

void report_list_update(struct engine *e, struct member *m)
{
	enum report_list_kind kind = kind_of(m);

	if (kind != m->report_list)
		move_to(e, m, kind);
}

void report_list_remove(struct engine *e, struct member *m)
{
	move_to(e, m, REPORT_LIST_NONE);
}

static int compare_places(const void *a, const void *b)
{
	uint32_t first = (*(struct member *const *)a)->index;
	uint32_t second = (*(struct member *const *)b)->index;

	return (first > second) - (first < second);
}

size_t report_list_get(const struct engine *e, enum report_list_kind kind,
	struct member **out, size_t most)
{
	size_t count = 0;

	for (struct member *m = e->report_lists[kind].first; m && count < most;
		m = m->report_after)
		out[count++] = m;
	if (count > 1)
		qsort(out, count, sizeof(struct member *), compare_places);
	return count;
}
