/* SPDX-License-Identifier: ISC */
#include "mchat/chat/absent.h"

#include <stdio.h>
#include <string.h>

static size_t find(const struct absent *absent, const char *name)
{
	size_t i = 0;

	while (i < absent->count && strcmp(absent->rows[i].name, name) != 0)
		i++;
	return i;
}

enum absence absent_find(const struct absent *absent, const char *name)
{
	size_t i = find(absent, name);

	return i < absent->count ? absent->rows[i].why : ABSENCE_NONE;
}

static void remove_at(struct absent *absent, size_t at)
{
	absent->count--;
	memmove(&absent->rows[at], &absent->rows[at + 1],
		(absent->count - at) * sizeof(absent->rows[0]));
}

void absent_note(struct absent *absent, const char *name, enum absence why)
{
	size_t i = find(absent, name);

	if (i < absent->count)
		remove_at(absent, i);
	if (why == ABSENCE_NONE)
		return;
	if (absent->count == ABSENT_MAX)
		remove_at(absent, 0);
	i = absent->count++;
	snprintf(
		absent->rows[i].name, sizeof(absent->rows[i].name), "%s", name);
	absent->rows[i].why = why;
}
