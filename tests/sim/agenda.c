/* SPDX-License-Identifier: ISC */
#include "agenda.h"

#include "memory.h"

static bool is_earlier(const struct agenda_item *a, const struct agenda_item *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void agenda_add(struct agenda *agenda, const struct agenda_item *item)
{
	struct agenda_item added = *item;
	size_t at = agenda->count++;

	if (at == agenda->room) {
		agenda->room = agenda->room ? 2 * agenda->room : 1024;
		agenda->items = memory_more(
			agenda->items, agenda->room, sizeof(*agenda->items));
	}
	added.order = agenda->order++;
	while (at > 0 && is_earlier(&added, &agenda->items[(at - 1) / 2])) {
		agenda->items[at] = agenda->items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	agenda->items[at] = added;
}

bool agenda_next(struct agenda *agenda, struct agenda_item *out)
{
	struct agenda_item last;
	size_t at = 0;
	size_t child;

	if (agenda->count == 0)
		return false;
	*out = agenda->items[0];
	last = agenda->items[--agenda->count];
	while ((child = 2 * at + 1) < agenda->count) {
		if (child + 1 < agenda->count &&
			is_earlier(&agenda->items[child + 1],
				&agenda->items[child]))
			child++;
		if (!is_earlier(&agenda->items[child], &last))
			break;
		agenda->items[at] = agenda->items[child];
		at = child;
	}
	agenda->items[at] = last;
	return true;
}

void agenda_fini(struct agenda *agenda)
{
	memory_free(agenda->items);
}
