/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/interface_set.h"

#include <string.h>

size_t interface_set_find(const struct interface_set *set, unsigned index)
{
	size_t i = 0;

	while (i < set->count && set->items[i].index != index)
		i++;
	return i;
}

const char *interface_set_name(const struct interface_set *set, unsigned index)
{
	size_t i = interface_set_find(set, index);

	return i < set->count ? set->items[i].name : NULL;
}

const struct interface *interface_set_only(const struct interface_set *set)
{
	return set->count == 1 ? &set->items[0] : NULL;
}

void interface_set_add(struct interface_set *set,
	const struct interface *interface, bool is_named)
{
	size_t i = interface_set_find(set, interface->index);

	if (i == GROUP_INTERFACES_MAX)
		return;
	if (i == set->count) {
		set->items[set->count++] = *interface;
		set->is_named[i] = false;
	}
	set->is_named[i] = set->is_named[i] || is_named;
}

void interface_set_remove(struct interface_set *set, size_t at)
{
	size_t behind = --set->count - at;

	memmove(&set->items[at], &set->items[at + 1],
		behind * sizeof(set->items[0]));
	memmove(&set->is_named[at], &set->is_named[at + 1],
		behind * sizeof(set->is_named[0]));
}
