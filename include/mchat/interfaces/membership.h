/* SPDX-License-Identifier: ISC */
/*
 * Membership of a multicast group, on the interfaces of this host; or of two
 * groups, one of each address family, which are one to whoever sends and
 * receives.
 */
#ifndef MCHAT_INTERFACES_MEMBERSHIP_H
#define MCHAT_INTERFACES_MEMBERSHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/interfaces/family_membership.h"
#include "mchat/interfaces/interface_select.h"
#include "mchat/network/group.h"

struct call_log;

/* Address families, and so groups, at most. */
#define MEMBERSHIP_FAMILIES_MAX 2

/* When the group of the second family is joined. */
enum membership_second {
	MEMBERSHIP_SECOND_NEVER,
	MEMBERSHIP_SECOND_ALSO,
	MEMBERSHIP_SECOND_SPARE,   /* as well as the first, when at the start
				    * the second family alone has a network */
	MEMBERSHIP_SECOND_INSTEAD, /* of the first, when that is so */
};

struct membership_config {
	struct group_config group; /* its address is the first group */
	struct address second;     /* the group of the other family; its port is
				    * that of the first */
	enum membership_second second_use;
	const char *room;              /* its name; NULL: none */
	uint32_t room_tag;             /* of the name; 0: none */
	const char *const *interfaces; /* as the user named them */
	size_t interface_count;        /* 0: choose */
	bool has_peers; /* it can do without any that is usable */
};

/* Names the room; NULL: none.  The name is borrowed. */
void membership_set_room(struct membership_config *config, const char *room);

struct membership {
	struct interface_wish wish;
	bool was_joined[GROUP_INTERFACES_MAX]; /* of those wished for by name,
						* over any family */
	struct family_membership families[MEMBERSHIP_FAMILIES_MAX];
	size_t count;    /* of families in use */
	bool uses_spare; /* the second family, as the first has no network
			  */
	int hop_limit;   /* of what is sent */
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

/* An interface that was asked for by this name was joined. */
void membership_note_joined(struct membership *membership, const char *name);

/*
 * Chooses as wished of the interfaces that each family has in `lists`, which
 * are as many: a stand-in that only this host hears is for when no family has a
 * network.
 */
void membership_select(const struct membership *membership,
	const struct interface_list lists[], struct interface_set wanted[],
	struct call_log *log);

/* The device with this index went, and took what was joined there along; see
 * group_lose. */
void membership_lose(struct membership *membership, unsigned interface_index,
	struct call_log *log);

/* Joins anew wherever it is joined, in case a device went unnoticed. */
void membership_renew(struct membership *membership, struct call_log *log);

/* Whether each that was asked for by name was joined at some time. */
bool membership_was_whole(const struct membership *membership);

/* Whether it is on some interface, and whether on none but a stand-in that only
 * this host hears. */
bool membership_has_interface(const struct membership *membership);
bool membership_is_fallback(const struct membership *membership);

/* The name of an interface that is joined; NULL when it is none of them. */
const char *membership_interface_name(
	const struct membership *membership, unsigned index);

/* The name of the only interface that is joined; NULL when there are others. */
const char *membership_only_name(const struct membership *membership);

/* Whether a datagram from `from` was sent by us; see group_is_own. */
bool membership_is_own(
	struct membership *membership, const struct address *from);

/* Change what the configuration said.  0, or -1 with errno. */
int membership_set_hop_limit(struct membership *membership, int hop_limit);
int membership_set_loopback(struct membership *membership, bool has_loopback);

/* What became of a batch so far; {0} at first. */
struct membership_sending {
	size_t family; /* where it stands: number of the family */
	struct group_sending group;
};

/* Sends the batch to each group on its interfaces, as group_send does; the
 * socket to poll while that is not done is membership_sending_fd. */
void membership_send(struct membership *membership, struct send_batch *batch,
	struct membership_sending *progress);
int membership_sending_fd(const struct membership *membership,
	const struct membership_sending *progress);

/* Reply to a datagram that came in; see group_reply_to_sender. */
void membership_reply_to_sender(struct membership *membership,
	const struct datagram *datagram, const void *bytes, size_t size);
void membership_reply_to_group(struct membership *membership,
	const struct datagram *datagram, const void *bytes, size_t size);

/* The largest datagram that leaves every interface in one piece, in bytes. */
size_t membership_datagram_size(const struct membership *membership);

#endif
