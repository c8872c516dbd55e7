/* SPDX-License-Identifier: ISC */
/* What people are told of a membership: where it is, and what it lacks. */
#ifndef MCHAT_INTERFACES_MEMBERSHIP_SAY_H
#define MCHAT_INTERFACES_MEMBERSHIP_SAY_H

#include <stdbool.h>

#include "mchat/io/diagnostics.h"

struct membership;
struct membership_config;

/* Says what was granted of the buffers that were asked for. */
void membership_say_buffers(const struct membership *membership,
	const struct membership_config *config, enum verbosity verbosity);

/* Something did not fit into the receive buffer: warns, once, that it is far
 * smaller than it was to be, if it is. */
void membership_say_loss(struct membership *membership,
	const struct membership_config *config, enum verbosity verbosity);

/* Warns of options that this system refuses; what that costs is little. */
void membership_say_refused(
	const struct membership *membership, enum verbosity verbosity);

/* Says where it is, to who asked at a terminal or as a detail; `hint` is added.
 */
void membership_say(const struct membership *membership,
	const struct membership_config *config, bool is_answer,
	const char *hint);

/* Says, unless quiet, what is heard and what is not where sources are listed;
 * `is_raw`: there are no members. */
void membership_say_sources(const struct membership_config *config, bool is_raw,
	enum verbosity verbosity);

/* Says, unless quiet, that the second family is used since the first has no
 * network, if that is so. */
void membership_say_spare(
	const struct membership *membership, enum verbosity verbosity);

/* Says, unless quiet, that no router passes on what is sent, although the hop
 * limit asks for that: when all groups are groups of the link. */
void membership_say_link(const struct membership *membership, int hop_limit,
	enum verbosity verbosity);

#endif
