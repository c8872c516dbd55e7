/* SPDX-License-Identifier: ISC */
#include "mchat/lab/packet.h"

#include <string.h>

#include "mchat/base/cursor.h"

#define ETHERTYPE_IPV4  0x0800
#define IP_HEADER_SIZE  20 /* without options */
#define TCP_HEADER_SIZE 20 /* without options */
#define UDP_HEADER_SIZE 8
#define FRAGMENT_OFFSET 0x1fff

/* RFC 9293, 3.1, and RFC 7323. */
enum tcp_option {
	OPTION_END = 0,
	OPTION_NOTHING = 1,
	OPTION_MSS = 2,
	OPTION_SCALE = 3,
};

static struct address read_address(struct reader *reader)
{
	struct address address = {.family = ADDRESS_IPV4};
	const uint8_t *bytes = reader_bytes(reader, 4);

	if (bytes)
		memcpy(address.bytes, bytes, 4);
	return address;
}

/* One option; false at the end of them. */
static bool read_option(struct reader *options, struct packet_tcp *tcp)
{
	uint8_t kind = reader_u8(options);
	uint8_t size;
	struct reader value;

	if (options->failed || kind == OPTION_END)
		return false;
	if (kind == OPTION_NOTHING)
		return true;
	size = reader_u8(options);
	if (size < 2 || size - 2U > reader_left(options))
		return false;
	reader_init(&value, options->at, size - 2U);
	reader_bytes(options, size - 2U);
	if (kind == OPTION_MSS && size == 4)
		tcp->mss = reader_u16(&value);
	else if (kind == OPTION_SCALE && size == 3)
		tcp->scale = reader_u8(&value);
	return true;
}

static void read_tcp(struct reader *reader, struct packet *out)
{
	struct packet_tcp *tcp = &out->tcp;
	struct reader options;
	const uint8_t *bytes;
	unsigned header;

	*tcp = (struct packet_tcp){
		.mss = PACKET_NO_OPTION,
		.scale = PACKET_NO_OPTION,
	};
	out->from.port = reader_u16(reader);
	out->to.port = reader_u16(reader);
	tcp->seq = reader_u32(reader);
	tcp->ack = reader_u32(reader);
	header = (reader_u8(reader) >> 4) * 4U;
	tcp->flags = reader_u8(reader);
	tcp->window = reader_u16(reader);
	(void)reader_u16(reader); /* the checksum */
	tcp->urgent = reader_u16(reader);
	if (header < TCP_HEADER_SIZE || header > out->size) {
		reader->failed = true;
		return;
	}
	out->size -= header;
	bytes = reader_bytes(reader, header - TCP_HEADER_SIZE);
	reader_init(&options, bytes, bytes ? header - TCP_HEADER_SIZE : 0);
	while (bytes && read_option(&options, tcp))
		;
}

static void read_udp(struct reader *reader, struct packet *out)
{
	out->from.port = reader_u16(reader);
	out->to.port = reader_u16(reader);
	reader_u32(reader); /* length and checksum */
	if (out->size < UDP_HEADER_SIZE)
		reader->failed = true;
	else
		out->size -= UDP_HEADER_SIZE;
}

static void read_igmp(struct reader *reader, struct packet *out)
{
	out->type = reader_u8(reader);
	reader_u8(reader);  /* how long to wait */
	reader_u16(reader); /* the checksum */
	if (out->type != PACKET_IGMP_V3_REPORT) {
		out->group = read_address(reader);
		return;
	}
	reader_u16(reader);
	if (reader_u16(reader) == 0)
		return; /* no record */
	out->record = reader_u8(reader);
	reader_u8(reader);
	reader_u16(reader); /* sources */
	out->group = read_address(reader);
}

/* Behind the IP header. */
static void read_payload(struct reader *reader, struct packet *out)
{
	switch (out->protocol) {
	case PACKET_TCP:
		read_tcp(reader, out);
		break;
	case PACKET_UDP:
		read_udp(reader, out);
		break;
	case PACKET_IGMP:
		read_igmp(reader, out);
		break;
	case PACKET_ICMP:
		out->type = reader_u8(reader);
		out->code = reader_u8(reader);
		break;
	default:
		break;
	}
}

static void read_ip(struct reader *reader, struct packet *out)
{
	uint8_t first = reader_u8(reader);
	unsigned header = (first & 15) * 4U;
	unsigned total;

	reader_u8(reader); /* the service */
	total = reader_u16(reader);
	reader_u16(reader);
	if ((reader_u16(reader) & FRAGMENT_OFFSET) != 0)
		reader->failed = true;
	out->ttl = reader_u8(reader);
	out->protocol = reader_u8(reader);
	reader_u16(reader); /* the checksum */
	out->from = read_address(reader);
	out->to = read_address(reader);
	if (first >> 4 != 4 || header < IP_HEADER_SIZE || total < header) {
		reader->failed = true;
		return;
	}
	out->size = total - header;
	reader_bytes(reader, header - IP_HEADER_SIZE);
	read_payload(reader, out);
}

bool packet_decode(const void *frame, size_t size, struct packet *out)
{
	struct reader reader;
	const uint8_t *macs;

	*out = (struct packet){0};
	reader_init(&reader, frame, size);
	macs = reader_bytes(&reader, (size_t)2 * PACKET_MAC_SIZE);
	if (!macs || reader_u16(&reader) != ETHERTYPE_IPV4)
		return false;
	memcpy(out->mac_to, macs, PACKET_MAC_SIZE);
	memcpy(out->mac_from, macs + PACKET_MAC_SIZE, PACKET_MAC_SIZE);
	read_ip(&reader, out);
	return !reader.failed;
}
