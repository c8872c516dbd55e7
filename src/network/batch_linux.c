/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* recvmmsg */
#include "mchat/network/batch.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/network/sockaddr.h"

/* Of one message: IP_PKTINFO or IPV6_PKTINFO, which is larger, IP_TTL or
 * IPV6_HOPLIMIT, SO_RXQ_OVFL and UDP_GRO. */
#define CONTROL_SIZE                                                           \
	(CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int)) +    \
		CMSG_SPACE(sizeof(uint32_t)) + CMSG_SPACE(sizeof(int)))

/* What one message may take, and the distance from one to the next: not a
 * power of two, or all would share the same few lines of the cache. */
#define SLOT_SIZE (65536 + 17 * 64)

/* Datagrams in one message at most: the kernel joins 64, and hands over whole
 * what a sender on this machine made it cut (UDP_MAX_SEGMENTS, 128 today). */
#define JOINED_MAX 128

struct receive_slot {
	struct sockaddr_storage from;
	union {
		char bytes[CONTROL_SIZE];
		size_t aligned; /* as struct cmsghdr begins */
	} control;
	struct iovec part;
};

struct receive_batch {
	struct mmsghdr messages[RECEIVE_BATCH_MAX];
	struct receive_slot slots[RECEIVE_BATCH_MAX];
	struct datagram datagrams[RECEIVE_BATCH_MAX * JOINED_MAX];
	size_t count;
	char *space;           /* SLOT_SIZE bytes a slot */
	int fd;                /* the socket of the last fill */
	uint32_t dropped;      /* the kernel's count of it, as last told */
	uint64_t overflow;     /* of it, what nobody took yet */
	bool is_unicast;       /* receive_batch_mark_unicast */
	struct in6_addr group; /* the one to take from a socket that gets what
				* is for other addresses, too; else :: */
};

/* What the kernel says of a message. */
struct message_news {
	struct datagram datagram; /* what its datagrams share */
	size_t size; /* of each, but of the last, which may be smaller */
	bool is_for_us;
};

const char receive_batch_call[] = "recvmmsg";

struct receive_batch *receive_batch_new(void)
{
	struct receive_batch *batch = calloc(1, sizeof(*batch));

	if (!batch)
		return NULL;
	batch->space = malloc((size_t)RECEIVE_BATCH_MAX * SLOT_SIZE);
	if (!batch->space) {
		free(batch);
		return NULL;
	}
	return batch;
}

void receive_batch_free(struct receive_batch *batch)
{
	if (!batch)
		return;
	free(batch->space);
	free(batch);
}

/* The kernel overwrites lengths, so each receive starts afresh. */
static void prepare(struct receive_batch *batch, size_t i)
{
	struct receive_slot *slot = &batch->slots[i];

	slot->part.iov_base = batch->space + i * SLOT_SIZE;
	slot->part.iov_len = DATAGRAM_SIZE_MAX;
	batch->messages[i].msg_hdr = (struct msghdr){
		.msg_name = &slot->from,
		.msg_namelen = sizeof(slot->from),
		.msg_iov = &slot->part,
		.msg_iovlen = 1,
		.msg_control = slot->control.bytes,
		.msg_controllen = sizeof(slot->control.bytes),
	};
}

static void note_overflow(struct receive_batch *batch, uint32_t dropped)
{
	uint32_t more = dropped - batch->dropped;

	/* The count wraps.  And a datagram tells what it was when it came: less
	 * than what the kernel has told since, when it was asked. */
	if (more > UINT32_MAX / 2)
		return;
	batch->overflow += more;
	batch->dropped = dropped;
}

static void read_ipv4(const struct cmsghdr *control, struct datagram *out)
{
	const void *data = CMSG_DATA(control);

	if (control->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;

		memcpy(&info, data, sizeof(info));
		out->interface_index = (unsigned)info.ipi_ifindex;
	} else if (control->cmsg_type == IP_TTL) {
		memcpy(&out->hop_limit, data, sizeof(out->hop_limit));
	}
}

static void read_ipv6(const struct receive_batch *batch,
	const struct cmsghdr *control, struct message_news *out)
{
	const void *data = CMSG_DATA(control);

	if (control->cmsg_type == IPV6_PKTINFO) {
		struct in6_pktinfo info;

		memcpy(&info, data, sizeof(info));
		out->datagram.interface_index = info.ipi6_ifindex;
		if (IN6_IS_ADDR_UNSPECIFIED(&batch->group))
			return;
		out->datagram.is_aside =
			!IN6_IS_ADDR_MULTICAST(&info.ipi6_addr);
		out->is_for_us =
			out->datagram.is_aside ||
			IN6_ARE_ADDR_EQUAL(&info.ipi6_addr, &batch->group);
	} else if (control->cmsg_type == IPV6_HOPLIMIT) {
		memcpy(&out->datagram.hop_limit, data,
			sizeof(out->datagram.hop_limit));
	}
}

static void read_control(struct receive_batch *batch,
	const struct cmsghdr *control, struct message_news *out)
{
	const void *data = CMSG_DATA(control);

	if (control->cmsg_level == IPPROTO_IP) {
		read_ipv4(control, &out->datagram);
	} else if (control->cmsg_level == IPPROTO_IPV6) {
		read_ipv6(batch, control, out);
	} else if (control->cmsg_level == SOL_SOCKET &&
		   control->cmsg_type == SO_RXQ_OVFL) {
		uint32_t dropped;

		memcpy(&dropped, data, sizeof(dropped));
		note_overflow(batch, dropped);
	} else if (control->cmsg_level == IPPROTO_UDP &&
		   control->cmsg_type == UDP_GRO) {
		int each;

		memcpy(&each, data, sizeof(each));
		if (each > 0)
			out->size = (size_t)each;
	}
}

/* Adds the datagrams of message `i`: one, unless the kernel joined several; and
 * none when they are for another address. */
static void read_message(struct receive_batch *batch, size_t i)
{
	struct msghdr *header = &batch->messages[i].msg_hdr;
	struct receive_slot *slot = &batch->slots[i];
	size_t left = batch->messages[i].msg_len;
	struct message_news news = {
		.datagram =
			{
				.bytes = slot->part.iov_base,
				.hop_limit = -1,
				.is_unicast = batch->is_unicast,
			},
		.size = left,
		.is_for_us = true,
	};
	struct datagram *datagram = &news.datagram;

	sockaddr_to_address(
		(const struct sockaddr *)&slot->from, &datagram->from);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c;
		c = CMSG_NXTHDR(header, c))
		read_control(batch, c, &news);
	if (!news.is_for_us)
		return;
	do {
		datagram->size = left < news.size ? left : news.size;
		batch->datagrams[batch->count++] = *datagram;
		datagram->bytes += datagram->size;
		left -= datagram->size;
	} while (left > 0 && batch->count < (i + 1) * JOINED_MAX);
	/* Not unless a later kernel joins more. */
	if (left > 0)
		batch->overflow += (left + news.size - 1) / news.size;
}

void receive_batch_take_only(
	struct receive_batch *batch, const struct address *group)
{
	batch->group = (struct in6_addr){0};
	if (group->family == ADDRESS_IPV6)
		memcpy(&batch->group, group->bytes, sizeof(batch->group));
}

void receive_batch_begin(struct receive_batch *batch)
{
	batch->fd = -1;
}

void receive_batch_mark_unicast(struct receive_batch *batch)
{
	batch->is_unicast = true;
}

/* recvmmsg, or where a sandbox denies that (or a kernel lacks it), as many
 * calls of recvmsg as it takes. */
static int receive_messages(int fd, struct mmsghdr *messages, unsigned count)
{
	int result = recvmmsg(fd, messages, count, MSG_DONTWAIT, NULL);
	unsigned received = 0;

	if (result >= 0 || (errno != ENOSYS && errno != EPERM))
		return result;
	while (received < count) {
		ssize_t size =
			recvmsg(fd, &messages[received].msg_hdr, MSG_DONTWAIT);

		if (size < 0)
			return received > 0 ? (int)received : -1;
		messages[received++].msg_len = (unsigned)size;
	}
	return (int)received;
}

int receive_batch_fill(struct receive_batch *batch, int fd)
{
	int count;

	/* Each socket is counted from its beginning on. */
	if (fd != batch->fd)
		batch->dropped = 0;
	batch->fd = fd;
	for (size_t i = 0; i < RECEIVE_BATCH_MAX; i++)
		prepare(batch, i);
	count = receive_messages(fd, batch->messages, RECEIVE_BATCH_MAX);
	if (count < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	batch->count = 0;
	for (int i = 0; i < count; i++)
		read_message(batch, (size_t)i);
	return (int)batch->count;
}

const struct datagram *receive_batch_at(
	const struct receive_batch *batch, size_t index)
{
	return &batch->datagrams[index];
}

uint64_t receive_batch_take_overflow(struct receive_batch *batch)
{
	uint64_t overflow = batch->overflow;

	batch->overflow = 0;
	return overflow;
}

/* Numbers that SO_MEMINFO gives, and which of them counts what was dropped, as
 * linux/sock_diag.h has them (which musl-gcc does not see). */
#define MEMINFO_COUNT 9
#define MEMINFO_DROPS 8

void receive_batch_ask_overflow(struct receive_batch *batch, int fd)
{
	uint32_t numbers[MEMINFO_COUNT];
	socklen_t size = sizeof(numbers);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, numbers, &size) == 0 &&
		size == sizeof(numbers))
		note_overflow(batch, numbers[MEMINFO_DROPS]);
}
