/* SPDX-License-Identifier: ISC */
/* Replies to the probes of `mchat doctor`: so many a second, and never with
 * more bytes than came.  Pure. */
#ifndef MCHAT_PROTOCOL_PROBE_RESPONDER_H
#define MCHAT_PROTOCOL_PROBE_RESPONDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/rate_limit.h"
#include "mchat/base/time.h"
#include "mchat/protocol/probe.h"

/* Replies a second at most; a doctor sends fewer probes than that, even by two
 * interfaces into one network. */
#define PROBE_RESPONDER_RATE 20

struct probe_responder {
	struct rate_limit rate; /* all zeros at first */
};

/* Who replies. */
struct probe_self {
	uint64_t member;
	uint64_t host; /* a number of this host; 0: not known */
	bool is_doctor;
	const struct address *groups; /* where it is a member; borrowed */
	size_t group_count;
	struct instant joined;              /* when it joined the group */
	const struct probe_member *members; /* whom it hears there; borrowed */
	size_t member_count;
};

/* A datagram that may be a PROBE. */
struct probe_arrival {
	const void *bytes;
	size_t size;
	int hop_limit; /* with which it came; -1: not known */
};

/*
 * The reply that a datagram is to get, by unicast and to the group, and its
 * size: at most half of what came.  0 when it is to get none.
 */
size_t probe_responder_answer(struct probe_responder *responder,
	const struct probe_self *self, const struct probe_arrival *arrival,
	struct instant now, uint8_t out[PROBE_REPLY_MAX]);

/* What stands for a host in a reply to this asker; 0 when it is not known. */
uint32_t probe_responder_host(uint64_t host, uint64_t asker);

#endif
