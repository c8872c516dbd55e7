/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/notices.h"

#include <stdlib.h>

void notices_fini(struct notices *notices)
{
	free(notices->ring);
	*notices = (struct notices){0};
}

bool notices_add(struct notices *notices, const struct notice *notice)
{
	if (!notices->ring)
		notices->ring = calloc(NOTICES_MAX, sizeof(*notices->ring));
	if (!notices->ring || notices->count == NOTICES_MAX)
		return false;
	notices->ring[(notices->head + notices->count++) % NOTICES_MAX] =
		*notice;
	return true;
}

bool notices_take(struct notices *notices, struct notice *out)
{
	if (notices->count == 0)
		return false;
	*out = notices->ring[notices->head];
	notices->head = (notices->head + 1) % NOTICES_MAX;
	notices->count--;
	return true;
}
