/* SPDX-License-Identifier: ISC */
/* Receives the group's datagrams and displays the events they lead to. */
#ifndef MCHAT_CHAT_RECEIVE_PATH_H
#define MCHAT_CHAT_RECEIVE_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/io/coalesce.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/fault_injection.h"
#include "mchat/io/throttle.h"

struct delivery;
struct display;
struct session;

struct receive_path {
	enum verbosity verbosity;
	struct display *display;   /* borrowed */
	struct session *session;   /* borrowed */
	struct delivery *delivery; /* borrowed; not looked at when raw */
	struct fault_injection faults;

	struct receive_batch *batch;
	struct coalesce coalesce;
	uint64_t lost;          /* dropped by the kernel's buffer */
	struct instant lost_at; /* the last of them, as far as known */
	bool has_met_packets;   /* in --raw, which was said */
	struct throttle losses; /* of them, those not told yet */
	bool has_failed;        /* receiving is over; it was said */
};

/* Gets the memory; false without.  The fields above the gap are the caller's
 * to set before.  receive_path_fini is due in either case. */
bool receive_path_init(struct receive_path *receive_path);
void receive_path_fini(struct receive_path *receive_path);

/* Listens to the group of the session from now on. */
void receive_path_begin(struct receive_path *receive_path);

/* Whether the group's socket should be read when it is ready, at `now`. */
bool receive_path_wants_more(
	const struct receive_path *receive_path, struct instant now);

/* Takes what the group's socket has, and shows what came of it. */
void receive_path_receive(
	struct receive_path *receive_path, struct instant now);

/* When receive_path_tick, or a look at receive_path_wants_more, is due. */
struct instant receive_path_deadline(
	const struct receive_path *receive_path, struct instant now);

/* Does what is due: takes what was held back, tells of losses. */
void receive_path_tick(struct receive_path *receive_path, struct instant now);

/* The end: takes and tells all that there is. */
void receive_path_finish(struct receive_path *receive_path, struct instant now);

#endif
