/* SPDX-License-Identifier: ISC */
/* What came and went so far: --stats and /stats. */
#ifndef MCHAT_CHAT_STATS_H
#define MCHAT_CHAT_STATS_H

#include <stddef.h>
#include <stdint.h>

struct display;
struct engine_driver;
struct receive_path;
struct send_path;

/* Who counts; all borrowed. */
struct stats_source {
	const struct engine_driver *driver; /* NULL: raw */
	const struct send_path *send_path;
	const struct receive_path *receive_path;
	uint64_t shown; /* messages */
	size_t unsaid;  /* lines that were read */
};

void stats_show(struct display *display, const struct stats_source *source);

#endif
