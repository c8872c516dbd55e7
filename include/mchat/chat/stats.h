/* SPDX-License-Identifier: ISC */
/* The counters of --stats and /stats. */
#ifndef MCHAT_CHAT_STATS_H
#define MCHAT_CHAT_STATS_H

struct receive_path;
struct send_path;

/* Shows them as an event. */
void stats_show(const struct send_path *send_path,
	const struct receive_path *receive_path);

#endif
