/* SPDX-License-Identifier: ISC */
#include "mchat/seal/history.h"

void seal_history_add(struct seal_history *history, uint64_t session)
{
	history->sessions[history->count++ % SEAL_HISTORY_SESSIONS_MAX] =
		session;
}

bool seal_history_has(const struct seal_history *history, uint64_t session)
{
	size_t count = history->count;

	if (count > SEAL_HISTORY_SESSIONS_MAX)
		count = SEAL_HISTORY_SESSIONS_MAX;
	for (size_t i = 0; i < count; i++)
		if (history->sessions[i] == session)
			return true;
	return false;
}
