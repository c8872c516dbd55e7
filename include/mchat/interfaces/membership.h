/* SPDX-License-Identifier: ISC */
/* Membership of a multicast group, on the interfaces of this host. */
#ifndef MCHAT_INTERFACES_MEMBERSHIP_H
#define MCHAT_INTERFACES_MEMBERSHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/interfaces/down_interfaces.h"
#include "mchat/interfaces/interface_select.h"
#include "mchat/interfaces/interface_set.h"
#include "mchat/io/diagnostics.h"
#include "mchat/network/group.h"

struct call_log;
struct join_errors;

struct membership_config {
	struct group_config group;
	const char *room;              /* its name; NULL: none */
	uint32_t room_tag;             /* of the name; 0: none */
	const char *const *interfaces; /* as the user named them */
	size_t interface_count;        /* 0: choose */
};

/* Names the room; NULL: none.  The name is borrowed. */
void membership_set_room(struct membership_config *config, const char *room);

struct membership {
	struct interface_wish wish;
	bool was_joined[GROUP_INTERFACES_MAX]; /* of those wished for by name */
	struct interface_set interfaces;       /* that are joined */
	struct down_interfaces down; /* those that are not, but should be */
	struct group *group;
	int hop_limit; /* of what is sent */
	bool loss_was_told;
};

enum membership_result {
	MEMBERSHIP_OK,
	MEMBERSHIP_PARTLY, /* not on every interface that was asked for by name
			    */
	MEMBERSHIP_NOT,    /* nowhere */
	MEMBERSHIP_USAGE,  /* an interface that is none */
};

/*
 * Goes there; what goes wrong is said.  An interface that was named and cannot
 * be used yet is waited for: see interface_sync_run.  membership_close is due
 * whatever the result.  `log` must outlive the membership.
 */
enum membership_result membership_open(struct membership *membership,
	const struct membership_config *config, struct call_log *log);
void membership_close(struct membership *membership);

/*
 * Joins one more interface, or leaves the one at index `at`.  False when it
 * cannot be joined, which is added to `errors`, once until it can.
 */
bool membership_join(struct membership *membership,
	const struct interface *interface, struct join_errors *errors,
	struct call_log *log);
void membership_leave(
	struct membership *membership, size_t at, struct call_log *log);

/* The device with this index went, and took what was joined there along; see
 * group_lose. */
void membership_lose(struct membership *membership, unsigned interface_index,
	struct call_log *log);

/* Joins anew wherever it is joined, in case a device went unnoticed. */
void membership_renew(struct membership *membership, struct call_log *log);

/* Whether it is on all that was asked for, and on a network. */
bool membership_is_whole(const struct membership *membership);

/* Whether each that was asked for by name was joined at some time. */
bool membership_was_whole(const struct membership *membership);

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

/* The largest datagram that leaves every interface in one piece, in bytes. */
size_t membership_datagram_size(const struct membership *membership);

#endif
