/* SPDX-License-Identifier: ISC */
#include "mchat/chat/choice.h"

#include <string.h>

size_t choice_find(const struct choice *choice, unsigned index)
{
	size_t i = 0;

	while (i < choice->count && choice->items[i].index != index)
		i++;
	return i;
}

const char *choice_name(const struct choice *choice, unsigned index)
{
	size_t i = choice_find(choice, index);

	return i < choice->count ? choice->items[i].name : NULL;
}

const struct interface *choice_only(const struct choice *choice)
{
	return choice->count == 1 ? &choice->items[0] : NULL;
}

void choice_add(
	struct choice *choice, const struct interface *interface, bool is_named)
{
	size_t i = choice_find(choice, interface->index);

	if (i == GROUP_INTERFACES_MAX)
		return;
	if (i == choice->count) {
		choice->items[choice->count++] = *interface;
		choice->is_named[i] = false;
	}
	choice->is_named[i] = choice->is_named[i] || is_named;
}

void choice_remove(struct choice *choice, size_t at)
{
	size_t behind = --choice->count - at;

	memmove(&choice->items[at], &choice->items[at + 1],
		behind * sizeof(choice->items[0]));
	memmove(&choice->is_named[at], &choice->is_named[at + 1],
		behind * sizeof(choice->is_named[0]));
}
