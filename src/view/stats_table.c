/* SPDX-License-Identifier: ISC */
#include "mchat/view/stats_table.h"

#include <stdint.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"

/* The longest name ("dropped by the kernel"), and numbers that a chat reaches:
 * one that is larger moves what follows. */
#define NAME_COLUMNS  21
#define VALUE_COLUMNS 10

/* Between two cells of a row. */
#define GAP_COLUMNS 2

#define CELL_COLUMNS (NAME_COLUMNS + 1 + VALUE_COLUMNS)

/* Numbers come in pairs, as sent and received. */
#define CELLS_MAX 2

void stats_table_append_name(struct buffer *out, const char *name)
{
	for (const char *c = name; *c; c++)
		buffer_append(out, *c == '_' ? " " : c, 1);
}

static void append_cell(struct buffer *out, const struct event_stat *stat)
{
	int padding = NAME_COLUMNS - (int)strlen(stat->name);

	stats_table_append_name(out, stat->name);
	buffer_append_format(out, "%*s %*ju", padding > 0 ? padding : 0, "",
		VALUE_COLUMNS, (uintmax_t)stat->value);
}

size_t stats_table_append_row(struct buffer *out,
	const struct event_stats *stats, size_t first, unsigned columns)
{
	size_t left = stats->count - first;
	size_t room = (columns + GAP_COLUMNS) / (CELL_COLUMNS + GAP_COLUMNS);
	size_t count = room < CELLS_MAX ? room : CELLS_MAX;

	count = count < 1 ? 1 : count;
	count = count < left ? count : left;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_append_format(out, "%*s", GAP_COLUMNS, "");
		append_cell(out, &stats->items[first + i]);
	}
	return count;
}
