/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/down_interfaces.h"

#include <stdio.h>
#include <string.h>

static size_t find(const struct down_interfaces *down, const char *name)
{
	size_t i = 0;

	while (i < down->count && strcmp(down->rows[i].name, name) != 0)
		i++;
	return i;
}

enum down_reason down_interfaces_find(
	const struct down_interfaces *down, const char *name)
{
	size_t i = find(down, name);

	return i < down->count ? down->rows[i].why : DOWN_INTERFACES_NONE;
}

static void remove_at(struct down_interfaces *down, size_t at)
{
	down->count--;
	memmove(&down->rows[at], &down->rows[at + 1],
		(down->count - at) * sizeof(down->rows[0]));
}

void down_interfaces_note(
	struct down_interfaces *down, const char *name, enum down_reason why)
{
	size_t i = find(down, name);

	if (i < down->count)
		remove_at(down, i);
	if (why == DOWN_INTERFACES_NONE)
		return;
	if (down->count == DOWN_INTERFACES_MAX)
		remove_at(down, 0);
	i = down->count++;
	snprintf(down->rows[i].name, sizeof(down->rows[i].name), "%s", name);
	down->rows[i].why = why;
}
