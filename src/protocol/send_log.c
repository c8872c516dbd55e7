/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/send_log.h"

void send_log_init(struct send_log *log)
{
	log->count = 0;
	log->grain = duration_ms(SEND_LOG_GRAIN_MS);
}

static void thin_out(struct send_log *log)
{
	size_t kept = 0;

	for (size_t i = 0; i < log->count; i += 2)
		log->marks[kept++] = log->marks[i];
	log->count = kept;
	log->grain = duration_times(log->grain, 2);
}

void send_log_add(struct send_log *log, const struct send_mark *mark)
{
	if (log->count > 0) {
		struct instant last = log->marks[log->count - 1].at;

		if (instant_before(mark->at, instant_after(last, log->grain)))
			return;
	}
	if (log->count == SEND_LOG_MAX)
		thin_out(log);
	log->marks[log->count++] = *mark;
}

const struct send_mark *send_log_find(
	const struct send_log *log, struct instant since)
{
	size_t low = 0;
	size_t high = log->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (instant_before(since, log->marks[middle].at))
			high = middle;
		else
			low = middle + 1;
	}
	return low > 0 ? &log->marks[low - 1] : NULL;
}
