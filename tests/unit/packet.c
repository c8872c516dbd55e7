/* SPDX-License-Identifier: ISC */
/* Captured packets: decoded, with the numbers of their connection, as words. */
#include "mchat/lab/packet.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/cursor.h"
#include "mchat/lab/packet_text.h"
#include "mchat/lab/tcp_flows.h"
#include "mchat/view/json.h"
#include "tap.h"

#define FRAME_SIZE 128

struct frame {
	uint8_t bytes[FRAME_SIZE];
	size_t size;
};

/* What a test has of a segment. */
struct segment {
	bool is_answer; /* it goes the other way */
	uint32_t seq;
	uint32_t ack;
	uint8_t flags;
	uint16_t window;
	uint16_t urgent;
	const char *options; /* their bytes, */
	size_t option_size;  /* a multiple of 4 */
	unsigned data;       /* bytes, which the frame lacks */
};

static const uint8_t ours[] = {127, 0, 0, 1};
static const uint8_t theirs[] = {127, 0, 0, 2};

static void begin(struct writer *out, struct frame *frame, const uint8_t *mac)
{
	static const uint8_t none[PACKET_MAC_SIZE];

	writer_init(out, frame->bytes, sizeof(frame->bytes));
	writer_bytes(out, mac ? mac : none, PACKET_MAC_SIZE);
	writer_bytes(out, none, PACKET_MAC_SIZE);
	writer_u16(out, 0x0800);
}

static void add_ip(struct writer *out, uint8_t protocol, uint8_t ttl,
	size_t size, const uint8_t *from, const uint8_t *to)
{
	writer_u16(out, 0x4500);
	writer_u16(out, (uint16_t)(20 + size));
	writer_u32(out, 0);
	writer_u8(out, ttl);
	writer_u8(out, protocol);
	writer_u16(out, 0);
	writer_bytes(out, from, 4);
	writer_bytes(out, to, 4);
}

static struct frame make_segment(const struct segment *segment)
{
	struct frame frame;
	struct writer out;
	size_t header = 20 + segment->option_size;

	begin(&out, &frame, NULL);
	add_ip(&out, PACKET_TCP, 64, header + segment->data,
		segment->is_answer ? theirs : ours,
		segment->is_answer ? ours : theirs);
	writer_u16(&out, segment->is_answer ? 5000 : 40000);
	writer_u16(&out, segment->is_answer ? 40000 : 5000);
	writer_u32(&out, segment->seq);
	writer_u32(&out, segment->ack);
	writer_u8(&out, (uint8_t)(header / 4 << 4));
	writer_u8(&out, segment->flags);
	writer_u16(&out, segment->window);
	writer_u16(&out, 0);
	writer_u16(&out, segment->urgent);
	writer_bytes(&out, segment->options ? segment->options : "",
		segment->option_size);
	frame.size = writer_size(&out);
	return frame;
}

/* Decodes from an allocation that ends where the bytes do. */
static bool decode(const struct frame *frame, size_t size, struct packet *out)
{
	uint8_t *copy = malloc(size ? size : 1);
	bool is_decoded;

	if (!copy)
		abort();
	memcpy(copy, frame->bytes, size);
	is_decoded = packet_decode(copy, size, out);
	free(copy);
	return is_decoded;
}

static void reads(const struct frame *frame, struct tcp_flows *flows,
	const char *expected, const char *what)
{
	struct buffer text = BUFFER_EMPTY;
	struct packet packet;

	if (!tap_ok(decode(frame, frame->size, &packet), "%s: is decoded",
		    what))
		return;
	if (flows)
		tcp_flows_follow(flows, &packet);
	packet_text_append(&text, &packet);
	buffer_append_char(&text, '\0');
	tap_is_string(buffer_bytes(&text), expected, what);
	buffer_fini(&text);
}

static void segment_reads(const struct segment *segment,
	struct tcp_flows *flows, const char *expected, const char *what)
{
	struct frame frame = make_segment(segment);

	reads(&frame, flows, expected, what);
}

/* MSS 1460, nothing, scale 7. */
#define OPTIONS      "\x02\x04\x05\xb4\x01\x03\x03\x07"
#define OPTIONS_SIZE 8

#define THERE "127.0.0.1:40000 -> 127.0.0.2:5000 "
#define BACK  "127.0.0.2:5000 -> 127.0.0.1:40000 "

static void test_connection(void)
{
	struct tcp_flows flows = {0};
	const uint32_t start = 0xfffffff0; /* its numbers wrap */

	segment_reads(&(struct segment){.seq = start,
			      .flags = PACKET_SYN,
			      .window = 64240,
			      .options = OPTIONS,
			      .option_size = OPTIONS_SIZE},
		&flows, THERE "SYN seq=0 win=64240 mss=1460 scale=7 TTL=64",
		"a SYN");
	segment_reads(&(struct segment){.is_answer = true,
			      .seq = 700,
			      .ack = start + 1,
			      .flags = PACKET_SYN | PACKET_ACK,
			      .window = 65160,
			      .options = OPTIONS,
			      .option_size = OPTIONS_SIZE},
		&flows,
		BACK "SYN ACK seq=0 ack=1 win=65160 mss=1460 scale=7 TTL=64",
		"its answer");
	segment_reads(&(struct segment){.seq = start + 1,
			      .ack = 701,
			      .flags = PACKET_ACK | PACKET_PSH | PACKET_URG,
			      .window = 502,
			      .urgent = 3,
			      .data = 100},
		&flows,
		THERE "PSH URG ACK seq=1:101 ack=1 win=64256 urg=3 TTL=64",
		"data, some of it urgent, with a window that is scaled");
	segment_reads(&(struct segment){.is_answer = true,
			      .seq = 701,
			      .ack = start + 101,
			      .flags = PACKET_RST | PACKET_ACK},
		&flows, BACK "RST ACK seq=1 ack=101 TTL=64", "a reset");
	segment_reads(&(struct segment){.seq = 9000, .flags = PACKET_SYN},
		&flows, THERE "SYN seq=0 win=0 TTL=64",
		"the same ports once more");
}

static void test_unknown_connection(void)
{
	struct tcp_flows flows = {0};

	segment_reads(
		&(struct segment){
			.seq = 50, .ack = 60, .flags = PACKET_ACK, .window = 7},
		&flows, THERE "ACK seq=50 ack=60 win=7 TTL=64",
		"a connection that began before");
	/* More connections than are kept: the newest is among them. */
	for (uint32_t i = 0; i < 2 * TCP_FLOWS_MAX; i++) {
		struct frame frame = make_segment(&(struct segment){
			.seq = 1000 + i, .flags = PACKET_SYN});
		struct packet packet;

		if (decode(&frame, frame.size, &packet))
			tcp_flows_follow(&flows, &packet);
	}
	segment_reads(&(struct segment){.seq = 1000 + 2 * TCP_FLOWS_MAX,
			      .flags = PACKET_ACK},
		&flows, THERE "ACK seq=1 ack=0 win=0 TTL=64",
		"after many connections");
}

static struct frame make_other(uint8_t protocol, const void *payload,
	size_t size, size_t more, const uint8_t *mac)
{
	static const uint8_t group[] = {239, 1, 2, 3};
	struct frame frame;
	struct writer out;

	begin(&out, &frame, mac);
	add_ip(&out, protocol, 1, size + more, ours, group);
	writer_bytes(&out, payload, size);
	frame.size = writer_size(&out);
	return frame;
}

static void test_others(void)
{
	static const uint8_t mac[] = {1, 0, 0x5e, 1, 2, 3};
	struct frame udp = make_other(
		PACKET_UDP, "\x9c\x40\x13\x88\x00\x0d\x00\x00", 8, 5, mac);
	struct frame report = make_other(PACKET_IGMP,
		"\x22\x00\x00\x00\x00\x00\x00\x01\x04\x00\x00\x00\xef\x01\x02"
		"\x03",
		16, 0, NULL);
	struct frame leave = make_other(
		PACKET_IGMP, "\x17\x00\x00\x00\xef\x01\x02\x03", 8, 0, NULL);
	struct frame icmp = make_other(PACKET_ICMP, "\x03\x01", 2, 6, NULL);
	struct frame other = make_other(47, "", 0, 4, NULL);

	reads(&udp, NULL,
		"127.0.0.1:40000 -> 239.1.2.3:5000 UDP 5 bytes TTL=1 "
		"MAC=01:00:5e:01:02:03",
		"a datagram to a group");
	reads(&report, NULL,
		"127.0.0.1 -> 239.1.2.3 IGMP v3 report, to exclude 239.1.2.3 "
		"TTL=1",
		"a report that a group was joined");
	reads(&leave, NULL,
		"127.0.0.1 -> 239.1.2.3 IGMP v2 leave 239.1.2.3 TTL=1",
		"a group is left");
	reads(&icmp, NULL, "127.0.0.1 -> 239.1.2.3 ICMP host unreachable TTL=1",
		"an ICMP error");
	reads(&other, NULL, "127.0.0.1 -> 239.1.2.3 IP TTL=1",
		"another protocol");
}

static void test_json(void)
{
	struct frame frame = make_segment(&(struct segment){.seq = 5,
		.ack = 6,
		.flags = PACKET_SYN | PACKET_ACK,
		.window = 9,
		.options = OPTIONS,
		.option_size = OPTIONS_SIZE});
	struct buffer out = BUFFER_EMPTY;
	struct packet packet;
	struct json json;

	tap_ok(decode(&frame, frame.size, &packet), "JSON: is decoded");
	json_begin(&json, &out);
	packet_text_json(&json, &packet);
	json_end(&json);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out),
		"{\"mac\":\"00:00:00:00:00:00\",\"source\":\"127.0.0.1\","
		"\"source_port\":40000,\"destination\":\"127.0.0.2\","
		"\"destination_port\":5000,\"ttl\":64,\"protocol\":\"TCP\","
		"\"bytes\":0,\"flags\":\"SYN ACK\",\"seq\":5,\"ack\":6,"
		"\"window\":9,\"mss\":1460,\"scale\":7}\n",
		"JSON: its members");
	buffer_fini(&out);
}

/* Each header must be whole; options that lie about their size end there. */
static void test_broken(void)
{
	struct frame whole = make_segment(&(struct segment){.flags = PACKET_SYN,
		.options = OPTIONS,
		.option_size = OPTIONS_SIZE});
	struct frame liar = make_segment(&(struct segment){.flags = PACKET_SYN,
		.options = "\x02\x40\x05\xb4",
		.option_size = 4});
	struct frame short_ip = whole;
	struct frame fragment = whole;
	struct frame version_6 = whole;
	struct packet packet;
	unsigned decoded = 0;

	for (size_t size = 0; size < whole.size; size++)
		decoded += decode(&whole, size, &packet);
	tap_is_int(decoded, 0, "what is cut anywhere is not decoded");
	reads(&liar, NULL, THERE "SYN seq=0 win=0 TTL=64",
		"an option longer than its header");
	short_ip.bytes[14 + 3] = 21; /* IP's own length */
	tap_ok(!decode(&short_ip, short_ip.size, &packet),
		"a length that leaves no room for TCP");
	fragment.bytes[14 + 7] = 1;
	tap_ok(!decode(&fragment, fragment.size, &packet),
		"a fragment behind the first");
	version_6.bytes[14] = 0x65;
	tap_ok(!decode(&version_6, version_6.size, &packet),
		"another version of IP");
}

int main(void)
{
	test_connection();
	test_unknown_connection();
	test_others();
	test_json();
	test_broken();
	return tap_done();
}
