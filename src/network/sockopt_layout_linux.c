/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* struct tcp_info, in musl */
#include "mchat/network/sockopt_layout.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "mchat/network/sockopt_value.h"

const char sockopt_layout_membership_type[] = "ip_mreqn";

void sockopt_layout_membership(
	const struct sockopt_membership *membership, struct sockopt_raw *out)
{
	struct ip_mreqn mreqn = {
		.imr_ifindex = (int)membership->interface_index,
	};

	memcpy(&mreqn.imr_multiaddr, membership->group.bytes,
		sizeof(mreqn.imr_multiaddr));
	memcpy(&mreqn.imr_address, membership->interface_address.bytes,
		sizeof(mreqn.imr_address));
	memcpy(out->bytes, &mreqn, sizeof(mreqn));
	out->size = sizeof(mreqn);
}

/* The same structure, without a group. */
void sockopt_layout_interface(
	const struct sockopt_membership *membership, struct sockopt_raw *out)
{
	sockopt_layout_membership(membership, out);
}

void sockopt_layout_narrow(int level, int number, struct sockopt_raw *raw)
{
	(void)level, (void)number, (void)raw;
}

/* Where struct tcp_info has tcpi_snd_wnd, since Linux 5.4; glibc's is older. */
#define TCP_INFO_SEND_WINDOW 228

/* Older kernels fill in less of the structure. */
void sockopt_layout_tcp(const struct sockopt_raw *raw, struct sockopt_tcp *out)
{
	struct tcp_info info = {0};

	memcpy(&info, raw->bytes,
		raw->size < sizeof(info) ? raw->size : sizeof(info));
	out->is_known = true;
	out->state = info.tcpi_state;
	out->round_trip_us = info.tcpi_rtt;
	out->segment_size = info.tcpi_snd_mss;
	out->window = info.tcpi_snd_cwnd;
	out->unacknowledged = info.tcpi_unacked;
	out->retransmitted = info.tcpi_total_retrans;
	out->last_acknowledged_ms = info.tcpi_last_ack_recv;
	out->window_scale = info.tcpi_rcv_wscale;
	out->peer_window = 0;
	if (raw->size >= TCP_INFO_SEND_WINDOW + sizeof(out->peer_window))
		memcpy(&out->peer_window, raw->bytes + TCP_INFO_SEND_WINDOW,
			sizeof(out->peer_window));
}
