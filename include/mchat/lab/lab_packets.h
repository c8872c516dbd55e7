/* SPDX-License-Identifier: ISC */
/*
 * `mchat lab --packets`: what an experiment sends, told as it travels.  The
 * experiment is moved to a network namespace of this process's own
 * (network_namespaces(7)), so that it is its packets alone that are seen, and
 * so that a user who is not root may see them.
 */
#ifndef MCHAT_LAB_LAB_PACKETS_H
#define MCHAT_LAB_LAB_PACKETS_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/lab/packet_ring.h"
#include "mchat/lab/tcp_flows.h"
#include "mchat/view/view.h"

/* Our own namespace, and the three hosts of lab_network. */
#define LAB_PACKET_RINGS 4

struct lab_packets {
	const char *experiment; /* borrowed */
	enum view_format format;
	struct {
		struct packet_ring ring;
		const char *host; /* borrowed; NULL: this process's own */
	} sources[LAB_PACKET_RINGS];
	size_t count;
	struct tcp_flows flows;
	int64_t start_ns; /* when the first packet left; 0: none has */
};

/*
 * Moves this process to a namespace with nothing but a loopback interface, for
 * good.  Returns 0, or the errno that says why that is not possible, and then
 * nothing has changed.
 */
int lab_packets_enter(void);

/* Tells whom `format` says that there are no packets to be seen, and why. */
void lab_packets_say_none(enum view_format format, int error);

/* Begins to capture what an experiment sends; returns 0 or the errno. */
int lab_packets_begin(struct lab_packets *packets, const char *experiment,
	enum view_format format);

/* Captures on another host, too, whose socket of packet_ring_socket `fd` is;
 * it is now ours.  Returns 0 or the errno. */
int lab_packets_add(struct lab_packets *packets, const char *host, int fd);

/* Tells what has left since the last call, on stdout, in order of time. */
void lab_packets_show(struct lab_packets *packets);

void lab_packets_end(struct lab_packets *packets);

#endif
