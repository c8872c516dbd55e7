/* SPDX-License-Identifier: ISC */
#include "mchat/chat/probe_responder.h"

#include "mchat/network/batch.h"

/* That the hop limit of what came in is not known. */
#define HOP_LIMIT_UNKNOWN 255

bool probe_responder_wants(struct probe_responder *responder, uint64_t member,
	const struct datagram *datagram, struct instant now,
	uint8_t out[PROBE_REPLY_SIZE])
{
	struct probe probe;
	struct probe_reply reply;

	if (!probe_decode(datagram->bytes, datagram->size, &probe) ||
		!probe.wants_reply ||
		!rate_limit_take(
			&responder->rate, PROBE_RESPONDER_RATE, 0, now))
		return false;
	reply = (struct probe_reply){
		.member = member,
		.asker = probe.member,
		.number = probe.number,
		.interface = probe.interface,
		.size = (uint16_t)datagram->size,
		.hop_limit = datagram->hop_limit < 0
				     ? HOP_LIMIT_UNKNOWN
				     : (uint8_t)datagram->hop_limit,
	};
	return probe_reply_encode(&reply, out) > 0;
}
