/* SPDX-License-Identifier: ISC */
/* Statistics as a table, for people. */
#ifndef MCHAT_VIEW_STATS_TABLE_H
#define MCHAT_VIEW_STATS_TABLE_H

#include <stddef.h>

struct buffer;
struct event_stats;

/* Appends the name of a number as people read it: with a space for each '_'. */
void stats_table_append_name(struct buffer *out, const char *name);

/*
 * Appends a row of at most `columns` columns, without a newline: as many of the
 * numbers from `first` on as fit there, two at most, but one at least.  Returns
 * how many these are; 0 past the last one.
 */
size_t stats_table_append_row(struct buffer *out,
	const struct event_stats *stats, size_t first, unsigned columns);

#endif
