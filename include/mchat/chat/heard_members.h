/* SPDX-License-Identifier: ISC */
/* From which address, and by which interface, each member was heard last in the
 * group: for a doctor that does not hear it.  Pure. */
#ifndef MCHAT_CHAT_HEARD_MEMBERS_H
#define MCHAT_CHAT_HEARD_MEMBERS_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"
#include "mchat/protocol/probe.h"

struct datagram;

/* Those that are kept; of more, the ones that were heard last. */
#define HEARD_MEMBERS_MAX 64

struct heard_member {
	uint64_t id;
	struct address address;
	unsigned interface_index;
	struct instant at;
};

struct heard_members {
	struct heard_member items[HEARD_MEMBERS_MAX];
	size_t count; /* all zeros at first */
};

/* Notes who sent a datagram of the group, if it is a STATE, or that it left. */
void heard_members_note(struct heard_members *heard,
	const struct datagram *datagram, struct instant now);

/* Those that were heard by an interface; returns how many. */
size_t heard_members_list(const struct heard_members *heard,
	unsigned interface_index, struct instant now,
	struct probe_member out[HEARD_MEMBERS_MAX]);

#endif
