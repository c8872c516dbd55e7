/* SPDX-License-Identifier: ISC */
/*
 * What leaves a network namespace, captured (packet(7)): the first bytes of
 * each IPv4 packet, in a ring that the kernel fills (PACKET_RX_RING), so that
 * nothing is lost while an experiment runs and nobody looks.
 *
 * Each packet is seen once: where it leaves by an interface, lo or another.
 */
#ifndef MCHAT_LAB_PACKET_RING_H
#define MCHAT_LAB_PACKET_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_RING_NAME_SIZE 16

struct packet_ring {
	int fd;         /* owned; -1: none */
	uint8_t *bytes; /* mapped */
	unsigned next;  /* the frame that is looked at next */
};

/* What the ring has of one packet; valid until the next one is taken. */
struct packet_frame {
	const uint8_t *bytes; /* from the Ethernet header on */
	size_t size;
	int64_t ns; /* when it left, since 1970 */
	int interface_index;
};

/* A socket that captures in the namespace which the calling thread is in; -1
 * with errno.  It may be sent to another process, which maps it. */
int packet_ring_socket(void);

/* Maps the ring of such a socket, which it then owns; returns false with errno,
 * and closes it, when that fails. */
bool packet_ring_open(struct packet_ring *ring, int fd);

void packet_ring_close(struct packet_ring *ring);

/* Looks at the next packet, if there is one, without taking it. */
bool packet_ring_peek(const struct packet_ring *ring, struct packet_frame *out);

/* The interface's name in the namespace of the ring; empty when it is gone. */
void packet_ring_interface(const struct packet_ring *ring, int index,
	char out[PACKET_RING_NAME_SIZE]);

/* Takes the one that was looked at. */
void packet_ring_take(struct packet_ring *ring);

/* Packets that the ring had no room for since this was last asked. */
unsigned packet_ring_lost(const struct packet_ring *ring);

#endif
