/* SPDX-License-Identifier: ISC */
#include "mchat/network/sockopt_value.h"

#include <inttypes.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "mchat/network/sockaddr.h"
#include "mchat/network/sockopt_layout.h"

static bool is_ipv6(int level)
{
	return level == IPPROTO_IPV6;
}

const char *sockopt_type_name(enum sockopt_type type, int level)
{
	switch (type) {
	case SOCKOPT_FLAG:
		return "bool";
	case SOCKOPT_INTEGER:
	case SOCKOPT_INDEX:
		return "int";
	case SOCKOPT_WIDE:
		return "uint64";
	case SOCKOPT_LINGER:
		return "linger";
	case SOCKOPT_TIMEVAL:
		return "timeval";
	case SOCKOPT_DEVICE:
	case SOCKOPT_NAME:
		return "string";
	case SOCKOPT_ADDRESS:
		return is_ipv6(level) ? "int" : "in_addr";
	case SOCKOPT_MEMBERSHIP:
		return is_ipv6(level) ? "ipv6_mreq"
				      : sockopt_layout_membership_type;
	case SOCKOPT_GROUP:
		return "group_req";
	case SOCKOPT_SOURCE_MEMBERSHIP:
		return is_ipv6(level) ? "group_source_req" : "ip_mreq_source";
	case SOCKOPT_TCP_INFO_SUMMARY:
		return "tcp_info";
	case SOCKOPT_BYTES:
		break;
	}
	return "struct";
}

static struct in_addr ipv4(const struct address *address)
{
	struct in_addr in;

	memcpy(&in, address->bytes, sizeof(in));
	return in;
}

static struct in6_addr ipv6(const struct address *address)
{
	struct in6_addr in6;

	memcpy(&in6, address->bytes, sizeof(in6));
	return in6;
}

static void store(struct sockopt_raw *out, const void *bytes, size_t size)
{
	memcpy(out->bytes, bytes, size);
	out->size = (socklen_t)size;
}

static void store_membership(const struct sockopt_membership *membership,
	int level, struct sockopt_raw *out)
{
	if (level == IPPROTO_IPV6) {
		struct ipv6_mreq mreq = {
			.ipv6mr_multiaddr = ipv6(&membership->group),
			.ipv6mr_interface = membership->interface_index,
		};

		store(out, &mreq, sizeof(mreq));
	} else {
		sockopt_layout_membership(membership, out);
	}
}

static void store_source_membership(const struct sockopt_membership *membership,
	int level, struct sockopt_raw *out)
{
	if (level == IPPROTO_IPV6) {
		/* RFC 3678, section 5: IPv6 has the protocol-independent one.
		 */
		struct group_source_req req = {
			.gsr_interface = membership->interface_index,
		};

		sockaddr_from_address(&membership->group, &req.gsr_group);
		sockaddr_from_address(&membership->source, &req.gsr_source);
		store(out, &req, sizeof(req));
	} else {
		struct ip_mreq_source mreq = {
			.imr_multiaddr = ipv4(&membership->group),
			.imr_interface = ipv4(&membership->interface_address),
			.imr_sourceaddr = ipv4(&membership->source),
		};

		store(out, &mreq, sizeof(mreq));
	}
}

static void store_group(
	const struct sockopt_membership *membership, struct sockopt_raw *out)
{
	struct group_req req = {
		.gr_interface = membership->interface_index,
	};

	sockaddr_from_address(&membership->group, &req.gr_group);
	store(out, &req, sizeof(req));
}

static void store_linger(
	const struct sockopt_linger *value, struct sockopt_raw *out)
{
	struct linger linger = {
		.l_onoff = value->is_on,
		.l_linger = value->seconds,
	};

	store(out, &linger, sizeof(linger));
}

static void store_time(struct duration value, struct sockopt_raw *out)
{
	struct timeval time = {
		.tv_sec = (time_t)(value.ns / NS_PER_S),
		.tv_usec = (suseconds_t)(value.ns % NS_PER_S / NS_PER_US),
	};

	store(out, &time, sizeof(time));
}

void sockopt_value_encode(
	const struct sockopt_value *value, int level, struct sockopt_raw *out)
{
	memset(out, 0, sizeof(*out));
	switch (value->type) {
	case SOCKOPT_FLAG:
	case SOCKOPT_INTEGER:
		store(out, &value->number, sizeof(value->number));
		break;
	case SOCKOPT_INDEX: {
		uint32_t index = htonl((uint32_t)value->number);

		store(out, &index, sizeof(index));
		break;
	}
	case SOCKOPT_WIDE:
		store(out, &value->wide, sizeof(value->wide));
		break;
	case SOCKOPT_LINGER:
		store_linger(&value->linger, out);
		break;
	case SOCKOPT_TIMEVAL:
		store_time(value->time, out);
		break;
	case SOCKOPT_DEVICE:
	case SOCKOPT_NAME:
		store(out, value->device, strlen(value->device));
		break;
	case SOCKOPT_ADDRESS:
		if (level == IPPROTO_IPV6)
			store(out, &value->membership.interface_index,
				sizeof(int));
		else
			sockopt_layout_interface(&value->membership, out);
		break;
	case SOCKOPT_MEMBERSHIP:
		store_membership(&value->membership, level, out);
		break;
	case SOCKOPT_GROUP:
		store_group(&value->membership, out);
		break;
	case SOCKOPT_SOURCE_MEMBERSHIP:
		store_source_membership(&value->membership, level, out);
		break;
	case SOCKOPT_TCP_INFO_SUMMARY:
	case SOCKOPT_BYTES:
		break; /* nothing that could be set */
	}
}

static bool load(const struct sockopt_raw *raw, void *out, size_t size)
{
	if (raw->size < size)
		return false;
	memcpy(out, raw->bytes, size);
	return true;
}

static bool load_number(const struct sockopt_raw *raw, int *out)
{
	/* The BSDs give some IPPROTO_IP options as one byte. */
	if (raw->size == 1) {
		*out = (unsigned char)raw->bytes[0];
		return true;
	}
	return load(raw, out, sizeof(*out));
}

static bool load_index(const struct sockopt_raw *raw, int *out)
{
	uint32_t index;

	if (!load(raw, &index, sizeof(index)))
		return false;
	*out = (int)ntohl(index);
	return true;
}

static bool load_linger(
	const struct sockopt_raw *raw, struct sockopt_linger *out)
{
	struct linger linger;

	if (!load(raw, &linger, sizeof(linger)))
		return false;
	out->is_on = linger.l_onoff != 0;
	out->seconds = linger.l_linger;
	return true;
}

static bool load_time(const struct sockopt_raw *raw, struct duration *out)
{
	struct timeval time;

	if (!load(raw, &time, sizeof(time)))
		return false;
	out->ns = time.tv_sec * NS_PER_S + time.tv_usec * NS_PER_US;
	return true;
}

/* Without a device the kernel gives no byte at all. */
static bool load_device(
	const struct sockopt_raw *raw, char out[SOCKOPT_DEVICE_SIZE])
{
	if (raw->size > SOCKOPT_DEVICE_SIZE)
		return false;
	memcpy(out, raw->bytes, raw->size);
	out[SOCKOPT_DEVICE_SIZE - 1] = '\0';
	return true;
}

/* IP_MULTICAST_IF reads back as an address, its IPv6 twin as an index. */
static bool load_interface(const struct sockopt_raw *raw, int level,
	struct sockopt_membership *out)
{
	if (level == IPPROTO_IPV6)
		return load(raw, &out->interface_index, sizeof(int));
	out->interface_address.family = ADDRESS_IPV4;
	return load(raw, out->interface_address.bytes, sizeof(struct in_addr));
}

bool sockopt_value_decode(const struct sockopt_raw *raw, int level,
	enum sockopt_type type, struct sockopt_value *out)
{
	struct sockopt_value value = {.type = type};
	bool is_whole = false;

	switch (type) {
	case SOCKOPT_FLAG:
	case SOCKOPT_INTEGER:
		is_whole = load_number(raw, &value.number);
		break;
	case SOCKOPT_INDEX:
		is_whole = load_index(raw, &value.number);
		break;
	case SOCKOPT_WIDE:
		is_whole = load(raw, &value.wide, sizeof(value.wide));
		break;
	case SOCKOPT_LINGER:
		is_whole = load_linger(raw, &value.linger);
		break;
	case SOCKOPT_TIMEVAL:
		is_whole = load_time(raw, &value.time);
		break;
	case SOCKOPT_DEVICE:
	case SOCKOPT_NAME:
		is_whole = load_device(raw, value.device);
		break;
	case SOCKOPT_ADDRESS:
		is_whole = load_interface(raw, level, &value.membership);
		break;
	case SOCKOPT_TCP_INFO_SUMMARY:
		sockopt_layout_tcp(raw, &value.tcp);
		is_whole = true;
		break;
	case SOCKOPT_BYTES:
		value.number = (int)raw->size;
		is_whole = true;
		break;
	case SOCKOPT_MEMBERSHIP:
	case SOCKOPT_GROUP:
	case SOCKOPT_SOURCE_MEMBERSHIP:
		break; /* these cannot be read back */
	}
	if (is_whole)
		*out = value;
	return is_whole;
}

/* "eth0", or the interface's address where the index is not known. */
static const char *format_interface(const struct sockopt_membership *membership,
	char out[ADDRESS_TEXT_SIZE])
{
	char name[IF_NAMESIZE];

	if (membership->interface_index != 0) {
		if (if_indextoname(membership->interface_index, name))
			snprintf(out, ADDRESS_TEXT_SIZE, "%s", name);
		else
			snprintf(out, ADDRESS_TEXT_SIZE, "interface %u",
				membership->interface_index);
		return out;
	}
	if (membership->interface_address.family == ADDRESS_NONE)
		return "any interface";
	address_format_host(&membership->interface_address, out);
	return strcmp(out, "0.0.0.0") == 0 ? "no address" : out;
}

static void format_linger(
	const struct sockopt_linger *linger, char out[SOCKOPT_TEXT_SIZE])
{
	/* Linux takes a negative number for its largest time, and tells that
	 * cut down to an int. */
	if (linger->is_on && linger->seconds < 0)
		snprintf(out, SOCKOPT_TEXT_SIZE, "on, without bound (%d s)",
			linger->seconds);
	else if (linger->is_on)
		snprintf(out, SOCKOPT_TEXT_SIZE, "on, %d s", linger->seconds);
	else
		snprintf(out, SOCKOPT_TEXT_SIZE, "off");
}

static void format_membership(const struct sockopt_membership *membership,
	bool has_source, char out[SOCKOPT_TEXT_SIZE])
{
	char interface[ADDRESS_TEXT_SIZE];
	char group[ADDRESS_TEXT_SIZE];
	char source[ADDRESS_TEXT_SIZE] = "";

	if (has_source)
		address_format_host(&membership->source, source);
	snprintf(out, SOCKOPT_TEXT_SIZE, "%s%s%s on %s",
		address_format_host(&membership->group, group),
		has_source ? " from " : "", source,
		format_interface(membership, interface));
}

/* The kernel's numbers of states begin at 1. */
static void format_tcp(
	const struct sockopt_tcp *tcp, char out[SOCKOPT_TEXT_SIZE])
{
	static const char *const states[] = {"unknown", "ESTABLISHED",
		"SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2",
		"TIME-WAIT", "CLOSED", "CLOSE-WAIT", "LAST-ACK", "LISTEN",
		"CLOSING"};
	size_t count = sizeof(states) / sizeof(states[0]);

	snprintf(out, SOCKOPT_TEXT_SIZE,
		"%s, round trip %u us, segment %u, window %u, resent %u",
		states[tcp->state < count ? tcp->state : 0], tcp->round_trip_us,
		tcp->segment_size, tcp->window, tcp->retransmitted);
}

const char *sockopt_value_format(
	const struct sockopt_value *value, char out[SOCKOPT_TEXT_SIZE])
{
	char interface[ADDRESS_TEXT_SIZE];

	switch (value->type) {
	case SOCKOPT_FLAG:
	case SOCKOPT_INTEGER:
	case SOCKOPT_INDEX:
		snprintf(out, SOCKOPT_TEXT_SIZE, "%d", value->number);
		break;
	case SOCKOPT_WIDE:
		snprintf(out, SOCKOPT_TEXT_SIZE, "%" PRIu64, value->wide);
		break;
	case SOCKOPT_LINGER:
		format_linger(&value->linger, out);
		break;
	case SOCKOPT_TIMEVAL:
		snprintf(out, SOCKOPT_TEXT_SIZE, "%lld.%06lld s",
			(long long)(value->time.ns / NS_PER_S),
			(long long)(value->time.ns % NS_PER_S / NS_PER_US));
		break;
	case SOCKOPT_DEVICE:
		snprintf(out, SOCKOPT_TEXT_SIZE, "%s",
			value->device[0] ? value->device : "any interface");
		break;
	case SOCKOPT_NAME:
		snprintf(out, SOCKOPT_TEXT_SIZE, "%s",
			value->device[0] ? value->device : "none");
		break;
	case SOCKOPT_ADDRESS:
		snprintf(out, SOCKOPT_TEXT_SIZE, "%s",
			format_interface(&value->membership, interface));
		break;
	case SOCKOPT_MEMBERSHIP:
	case SOCKOPT_GROUP:
		format_membership(&value->membership, false, out);
		break;
	case SOCKOPT_SOURCE_MEMBERSHIP:
		format_membership(&value->membership, true, out);
		break;
	case SOCKOPT_TCP_INFO_SUMMARY:
		format_tcp(&value->tcp, out);
		break;
	case SOCKOPT_BYTES:
		snprintf(out, SOCKOPT_TEXT_SIZE, "%d bytes", value->number);
		break;
	}
	return out;
}
