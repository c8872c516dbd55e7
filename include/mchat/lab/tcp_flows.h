/* SPDX-License-Identifier: ISC */
/*
 * TCP connections among captured packets: their numbers are told from 0 on, and
 * their windows in bytes, as the scales of both SYNs have it.
 */
#ifndef MCHAT_LAB_TCP_FLOWS_H
#define MCHAT_LAB_TCP_FLOWS_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/address.h"

struct packet;

/* Directions that are known at a time; an experiment has few connections, and
 * the oldest gives way to a new one. */
#define TCP_FLOWS_MAX 64

/* One direction of a connection. */
struct tcp_flow {
	struct address from;
	struct address to;
	uint32_t start; /* the number of its SYN */
	int32_t scale;  /* that its SYN has, or PACKET_NO_OPTION */
};

/* All zero: none yet. */
struct tcp_flows {
	struct tcp_flow items[TCP_FLOWS_MAX];
	unsigned added; /* so far; those beyond the last are overwritten */
};

/*
 * Makes seq and ack of a TCP packet relative to the beginning of their
 * direction and scales its window.  Of a connection whose beginning was not
 * seen they stay as they are.
 */
void tcp_flows_follow(struct tcp_flows *flows, struct packet *packet);

#endif
