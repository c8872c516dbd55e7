/* SPDX-License-Identifier: ISC */
/* Where a chat is: a group, joined on the interfaces of this host. */
#ifndef MCHAT_CHAT_PLACE_H
#define MCHAT_CHAT_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/chat/absent.h"
#include "mchat/chat/choice.h"
#include "mchat/chat/choose.h"
#include "mchat/chat/notice.h"
#include "mchat/network/group.h"

struct call_log;
struct refused;

struct place_config {
	struct group_config group;
	const char *room;              /* its name; NULL: none */
	uint32_t room_tag;             /* of the name; 0: none */
	const char *const *interfaces; /* as the user named them */
	size_t interface_count;        /* 0: choose */
};

/* Names the room; NULL: none.  The name is borrowed. */
void place_set_room(struct place_config *config, const char *room);

struct place {
	struct wish wish;
	struct choice interfaces; /* that are joined */
	struct absent absent;     /* those that are not, but should be */
	struct group *group;
	int hop_limit; /* of what is sent */
};

enum place_result {
	PLACE_OK,
	PLACE_PARTLY, /* not on every interface that was asked for by name */
	PLACE_NOT,    /* nowhere */
	PLACE_USAGE,  /* an interface that is none */
};

/*
 * Goes there; what goes wrong is said.  place_close is due whatever the
 * result.  `log` must outlive the place.
 */
enum place_result place_open(struct place *place,
	const struct place_config *config, struct call_log *log);
void place_close(struct place *place);

/*
 * Joins one more interface, or leaves the one that stands there.  When it
 * cannot be joined it is added to `refused`, once until it can; then it is
 * false.
 */
bool place_join(struct place *place, const struct interface *interface,
	struct refused *refused, struct call_log *log);
void place_leave(struct place *place, size_t at, struct call_log *log);

/* The device with this index went, and took what was joined there along; see
 * group_lose. */
void place_lose(
	struct place *place, unsigned interface_index, struct call_log *log);

/* Joins anew wherever it is joined, in case a device went unnoticed. */
void place_renew(struct place *place, struct call_log *log);

/* Whether it is on all that was asked for, and on a network. */
bool place_is_whole(const struct place *place);

/* Says what was granted of the buffers that were asked for. */
void place_say_buffers(const struct place *place,
	const struct place_config *config, enum verbosity verbosity);

/* Says where it is; `hint` is added. */
void place_say(const struct place *place, const struct place_config *config,
	enum verbosity verbosity, const char *hint);

/* The largest datagram that leaves every interface in one piece, in bytes. */
size_t place_datagram_size(const struct place *place);

#endif
