/* SPDX-License-Identifier: ISC */
/* A captured packet, decoded from its Ethernet header on: IPv4 with TCP, UDP,
 * IGMP or ICMP.  Pure: what is read comes from the wire and may be anything. */
#ifndef MCHAT_LAB_PACKET_H
#define MCHAT_LAB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"

#define PACKET_MAC_SIZE 6

/* The flags of a TCP segment (RFC 9293, 3.1). */
enum {
	PACKET_FIN = 1,
	PACKET_SYN = 2,
	PACKET_RST = 4,
	PACKET_PSH = 8,
	PACKET_ACK = 16,
	PACKET_URG = 32,
};

/* Protocols of IP that are decoded. */
enum {
	PACKET_ICMP = 1,
	PACKET_IGMP = 2,
	PACKET_TCP = 6,
	PACKET_UDP = 17,
};

/* Types of IGMP messages: RFC 3376, section 4. */
enum packet_igmp {
	PACKET_IGMP_QUERY = 0x11,
	PACKET_IGMP_V1_REPORT = 0x12,
	PACKET_IGMP_V2_REPORT = 0x16,
	PACKET_IGMP_V2_LEAVE = 0x17,
	PACKET_IGMP_V3_REPORT = 0x22,
};

/* No option of this kind in a segment. */
#define PACKET_NO_OPTION (-1)

struct packet_tcp {
	uint32_t seq;
	uint32_t ack;
	uint8_t flags;
	uint32_t window; /* bytes; as sent until tcp_flows_follow scales it */
	uint16_t urgent; /* offset from seq, with PACKET_URG */
	int32_t mss;     /* or PACKET_NO_OPTION */
	int32_t scale;   /* the shift of the window, or PACKET_NO_OPTION */
};

struct packet {
	uint8_t mac_to[PACKET_MAC_SIZE];
	uint8_t mac_from[PACKET_MAC_SIZE];
	uint8_t protocol;
	uint8_t ttl;
	struct address from; /* with the port of TCP and UDP */
	struct address to;
	uint32_t size; /* bytes of data that TCP or UDP carries; else those
			* that IP does */
	struct packet_tcp tcp;
	uint8_t type;         /* of an IGMP or ICMP message */
	uint8_t code;         /* of an ICMP message */
	uint8_t record;       /* of an IGMPv3 report: its first record's type */
	struct address group; /* of an IGMP message; family 0: none */
};

/*
 * Decodes the first bytes of a frame; the rest of its data need not be there.
 * Returns false, with *out undefined, when it is no IPv4, is a fragment behind
 * the first, or lacks a part of a header.
 */
bool packet_decode(const void *frame, size_t size, struct packet *out);

#endif
