/* SPDX-License-Identifier: ISC */
/* What came and went so far: --stats and /stats. */
#ifndef MCHAT_CHAT_STATS_H
#define MCHAT_CHAT_STATS_H

struct display;
struct engine_driver;
struct input;
struct receive_path;
struct send_path;

/* Shows as an event what these have counted, and `display` itself; with --raw
 * `driver` is NULL. */
void stats_show(struct display *display, const struct engine_driver *driver,
	const struct input *input, const struct send_path *send_path,
	const struct receive_path *receive_path);

/* Answers with the same numbers: at a terminal as a table, unless programs read
 * the events, elsewhere as above; they are logged alike. */
void stats_answer(struct display *display, const struct engine_driver *driver,
	const struct input *input, const struct send_path *send_path,
	const struct receive_path *receive_path);

#endif
