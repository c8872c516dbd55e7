/* SPDX-License-Identifier: ISC */
/* Replies to the probes of `mchat doctor`: so many a second, and never with
 * more bytes than came. */
#ifndef MCHAT_CHAT_PROBE_RESPONDER_H
#define MCHAT_CHAT_PROBE_RESPONDER_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/rate_limit.h"
#include "mchat/base/time.h"
#include "mchat/protocol/probe.h"

struct datagram;

/* Replies a second at most; a doctor sends fewer probes than that. */
#define PROBE_RESPONDER_RATE 10

struct probe_responder {
	struct rate_limit rate; /* all zeros at first */
};

/* Whether a datagram that came in is to be replied to, and then how
 * `member`, which is us, replies; pure. */
bool probe_responder_wants(struct probe_responder *responder, uint64_t member,
	const struct datagram *datagram, struct instant now,
	uint8_t out[PROBE_REPLY_SIZE]);

#endif
