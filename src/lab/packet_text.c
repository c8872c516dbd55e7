/* SPDX-License-Identifier: ISC */
#include "mchat/lab/packet_text.h"

#include <stdio.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/lab/packet.h"
#include "mchat/view/json.h"

/* "SYN ACK FIN RST PSH URG", terminated. */
#define FLAGS_SIZE 32

/* "01:00:5e:7f:4d:43", terminated. */
#define MAC_TEXT_SIZE 18

/* Words for what an IGMP message or an ICMP error is. */
#define KIND_SIZE 64

static const char *format_flags(uint8_t flags, char out[FLAGS_SIZE])
{
	static const struct {
		uint8_t flag;
		const char *name;
	} names[] = {
		{PACKET_SYN, "SYN"},
		{PACKET_FIN, "FIN"},
		{PACKET_RST, "RST"},
		{PACKET_PSH, "PSH"},
		{PACKET_URG, "URG"},
		{PACKET_ACK, "ACK"},
	};
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (flags & names[i].flag)
			used += (size_t)snprintf(out + used, FLAGS_SIZE - used,
				"%s%s", used ? " " : "", names[i].name);
	}
	return out;
}

static const char *format_mac(
	const uint8_t mac[PACKET_MAC_SIZE], char out[MAC_TEXT_SIZE])
{
	snprintf(out, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		mac[1], mac[2], mac[3], mac[4], mac[5]);
	return out;
}

/* What a port has no meaning for is told without one. */
static const char *format_end(const struct packet *packet,
	const struct address *end, char out[ADDRESS_TEXT_SIZE])
{
	return packet->protocol == PACKET_TCP || packet->protocol == PACKET_UDP
		       ? address_format(end, out)
		       : address_format_host(end, out);
}

/* ---- kinds ---- */

/* RFC 3376, 4.2.12. */
static const char *record_name(uint8_t record)
{
	static const char *const names[] = {
		"", "include", "exclude", "to include", "to exclude"};

	return record < sizeof(names) / sizeof(names[0]) ? names[record]
							 : "sources of";
}

static const char *igmp_kind(uint8_t type)
{
	switch (type) {
	case PACKET_IGMP_QUERY:
		return "query";
	case PACKET_IGMP_V1_REPORT:
		return "v1 report";
	case PACKET_IGMP_V2_REPORT:
		return "v2 report";
	case PACKET_IGMP_V2_LEAVE:
		return "v2 leave";
	case PACKET_IGMP_V3_REPORT:
		return "v3 report";
	default:
		return "message";
	}
}

/* RFC 792. */
static const char *icmp_kind(const struct packet *packet)
{
	static const struct {
		uint8_t type;
		uint8_t code;
		const char *name;
	} kinds[] = {
		{0, 0, "echo reply"},
		{3, 0, "network unreachable"},
		{3, 1, "host unreachable"},
		{3, 2, "protocol unreachable"},
		{3, 3, "port unreachable"},
		{3, 4, "fragmentation needed"},
		{5, 0, "redirect"},
		{5, 1, "redirect"},
		{8, 0, "echo"},
		{11, 0, "time exceeded"},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].type == packet->type &&
			kinds[i].code == packet->code)
			return kinds[i].name;
	}
	return "message";
}

static const char *protocol_name(uint8_t protocol)
{
	switch (protocol) {
	case PACKET_TCP:
		return "TCP";
	case PACKET_UDP:
		return "UDP";
	case PACKET_IGMP:
		return "IGMP";
	case PACKET_ICMP:
		return "ICMP";
	default:
		return "IP";
	}
}

/* "v3 report, to exclude" or "time exceeded"; nothing of TCP and UDP. */
static const char *format_kind(const struct packet *packet, char out[KIND_SIZE])
{
	out[0] = '\0';
	if (packet->protocol == PACKET_ICMP)
		snprintf(out, KIND_SIZE, "%s", icmp_kind(packet));
	else if (packet->protocol == PACKET_IGMP)
		snprintf(out, KIND_SIZE, "%s%s%s", igmp_kind(packet->type),
			packet->record ? ", " : "",
			record_name(packet->record));
	return out;
}

/* ---- people ---- */

static void append_tcp(struct buffer *out, const struct packet *packet)
{
	const struct packet_tcp *tcp = &packet->tcp;
	char flags[FLAGS_SIZE];

	buffer_append_format(out, "%s seq=%u", format_flags(tcp->flags, flags),
		(unsigned)tcp->seq);
	if (packet->size > 0)
		buffer_append_format(
			out, ":%u", (unsigned)(tcp->seq + packet->size));
	if (tcp->flags & PACKET_ACK)
		buffer_append_format(out, " ack=%u", (unsigned)tcp->ack);
	if (!(tcp->flags & PACKET_RST))
		buffer_append_format(out, " win=%u", (unsigned)tcp->window);
	if (tcp->flags & PACKET_URG)
		buffer_append_format(out, " urg=%u", tcp->urgent);
	if (tcp->mss != PACKET_NO_OPTION)
		buffer_append_format(out, " mss=%d", (int)tcp->mss);
	if (tcp->scale != PACKET_NO_OPTION)
		buffer_append_format(out, " scale=%d", (int)tcp->scale);
}

static bool is_multicast_frame(const struct packet *packet)
{
	/* The group bit of Ethernet (IEEE 802.3, 3.2.3); what is broadcast has
	 * it, too. */
	return packet->mac_to[0] & 1;
}

void packet_text_append(struct buffer *out, const struct packet *packet)
{
	char from[ADDRESS_TEXT_SIZE];
	char to[ADDRESS_TEXT_SIZE];
	char text[KIND_SIZE];
	char mac[MAC_TEXT_SIZE];

	buffer_append_format(out, "%s -> %s ",
		format_end(packet, &packet->from, from),
		format_end(packet, &packet->to, to));
	if (packet->protocol == PACKET_TCP)
		append_tcp(out, packet);
	else if (packet->protocol == PACKET_UDP)
		buffer_append_format(out, "UDP %u byte%s",
			(unsigned)packet->size, packet->size == 1 ? "" : "s");
	else
		buffer_append_format(out, "%s%s%s",
			protocol_name(packet->protocol),
			*format_kind(packet, text) ? " " : "", text);
	if (packet->group.family)
		buffer_append_format(
			out, " %s", address_format_host(&packet->group, to));
	buffer_append_format(out, " TTL=%u", packet->ttl);
	if (is_multicast_frame(packet))
		buffer_append_format(
			out, " MAC=%s", format_mac(packet->mac_to, mac));
}

/* ---- programs ---- */

static void add_end(struct json *json, const struct packet *packet,
	const struct address *end, const char *const keys[2])
{
	char text[ADDRESS_TEXT_SIZE];

	json_string(json, keys[0], address_format_host(end, text));
	if (packet->protocol == PACKET_TCP || packet->protocol == PACKET_UDP)
		json_number(json, keys[1], end->port);
}

static void add_tcp(struct json *json, const struct packet_tcp *tcp)
{
	char flags[FLAGS_SIZE];

	json_string(json, "flags", format_flags(tcp->flags, flags));
	json_number(json, "seq", tcp->seq);
	if (tcp->flags & PACKET_ACK)
		json_number(json, "ack", tcp->ack);
	json_number(json, "window", tcp->window);
	if (tcp->flags & PACKET_URG)
		json_number(json, "urgent", tcp->urgent);
	if (tcp->mss != PACKET_NO_OPTION)
		json_number(json, "mss", tcp->mss);
	if (tcp->scale != PACKET_NO_OPTION)
		json_number(json, "scale", tcp->scale);
}

void packet_text_json(struct json *json, const struct packet *packet)
{
	static const char *const from[] = {"source", "source_port"};
	static const char *const to[] = {"destination", "destination_port"};
	char text[KIND_SIZE];
	char mac[MAC_TEXT_SIZE];
	char host[ADDRESS_TEXT_SIZE];

	json_string(json, "mac", format_mac(packet->mac_to, mac));
	add_end(json, packet, &packet->from, from);
	add_end(json, packet, &packet->to, to);
	json_number(json, "ttl", packet->ttl);
	json_string(json, "protocol", protocol_name(packet->protocol));
	json_number(json, "bytes", packet->size);
	if (packet->protocol == PACKET_TCP)
		add_tcp(json, &packet->tcp);
	if (*format_kind(packet, text))
		json_string(json, "kind", text);
	if (packet->group.family)
		json_string(json, "group",
			address_format_host(&packet->group, host));
}
