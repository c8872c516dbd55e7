/* SPDX-License-Identifier: ISC */
#include "mchat/lab/tcp_flows.h"

#include <stddef.h>

#include "mchat/lab/packet.h"

/* More is not allowed (RFC 7323, 2.3). */
#define SCALE_MAX 14

static bool is_end(const struct address *a, const struct address *b)
{
	return a->port == b->port && address_same_host(a, b);
}

static const struct tcp_flow *find(const struct tcp_flows *flows,
	const struct address *from, const struct address *to)
{
	/* The newest of a kind: addresses and ports come again. */
	for (unsigned back = 1; back <= flows->added && back <= TCP_FLOWS_MAX;
		back++) {
		const struct tcp_flow *flow =
			&flows->items[(flows->added - back) % TCP_FLOWS_MAX];

		if (is_end(&flow->from, from) && is_end(&flow->to, to))
			return flow;
	}
	return NULL;
}

static void begin(struct tcp_flows *flows, const struct packet *packet)
{
	flows->items[flows->added++ % TCP_FLOWS_MAX] = (struct tcp_flow){
		.from = packet->from,
		.to = packet->to,
		.start = packet->tcp.seq,
		.scale = packet->tcp.scale,
	};
}

void tcp_flows_follow(struct tcp_flows *flows, struct packet *packet)
{
	struct packet_tcp *tcp = &packet->tcp;
	const struct tcp_flow *ours = find(flows, &packet->from, &packet->to);
	const struct tcp_flow *theirs;

	/* A SYN that is sent again begins nothing new. */
	if ((tcp->flags & PACKET_SYN) && (!ours || ours->start != tcp->seq)) {
		begin(flows, packet);
		ours = find(flows, &packet->from, &packet->to);
	}
	theirs = find(flows, &packet->to, &packet->from);
	/* The window of a SYN is never scaled (RFC 7323, 2.2). */
	if (ours && theirs && !(tcp->flags & PACKET_SYN) && ours->scale >= 0 &&
		ours->scale <= SCALE_MAX && theirs->scale >= 0)
		tcp->window <<= ours->scale;
	if (ours)
		tcp->seq -= ours->start;
	if (theirs && (tcp->flags & PACKET_ACK))
		tcp->ack -= theirs->start;
}
