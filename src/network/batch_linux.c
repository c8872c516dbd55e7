/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* recvmmsg, sendmmsg */
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

bool receive_batch_takes_bursts(void)
{
	return true;
}

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

/* Datagrams that the kernel cuts off one large one at most.  It would do 64
 * (UDP_MAX_SEGMENTS of linux/udp.h); but a virtual wire carries, and loses, the
 * large one whole, and eight save most of the calls' cost already. */
#define SEGMENTS_MAX 8

/* What send_batch_send makes of datagrams: one call's message. */
struct send_slot {
	unsigned datagrams; /* that it carries */
	union {
		char bytes[CMSG_SPACE(sizeof(uint16_t))];
		size_t aligned; /* as struct cmsghdr begins */
	} control;
};

struct send_batch {
	struct mmsghdr messages[SEND_BATCH_MAX];
	struct send_slot slots[SEND_BATCH_MAX];
	struct iovec parts[SEND_BATCH_MAX][2];
	size_t count;
	bool has_bursts; /* may send them, as far as is known */
	bool is_asked;   /* the kernel, whether it can cut */
	bool are_states[SEND_BATCH_MAX];
};

struct send_batch *send_batch_new(bool has_bursts)
{
	struct send_batch *batch = calloc(1, sizeof(struct send_batch));

	if (batch)
		batch->has_bursts = has_bursts;
	return batch;
}

void send_batch_free(struct send_batch *batch)
{
	free(batch);
}

bool send_batch_is_full(const struct send_batch *batch)
{
	return batch->count == SEND_BATCH_MAX;
}

size_t send_batch_count(const struct send_batch *batch)
{
	return batch->count;
}

/* sendmsg reads through iov_base, which C cannot say in its type. */
static void *unqualified(const void *bytes)
{
	return (void *)(uintptr_t)bytes;
}

void send_batch_add(struct send_batch *batch, const char *bytes, size_t size,
	const char *tail)
{
	struct iovec *parts = batch->parts[batch->count];

	batch->are_states[batch->count++] = false;
	parts[0].iov_base = unqualified(bytes);
	parts[0].iov_len = size;
	parts[1].iov_base = unqualified(tail);
	parts[1].iov_len = strlen(tail);
}

void send_batch_mark_state(struct send_batch *batch)
{
	batch->are_states[batch->count - 1] = true;
}

bool send_batch_is_state(const struct send_batch *batch, size_t i)
{
	return batch->are_states[i];
}

const void *send_batch_bytes(
	const struct send_batch *batch, size_t i, size_t *size)
{
	*size = batch->parts[i][0].iov_len;
	return batch->parts[i][0].iov_base;
}

void send_batch_clear(struct send_batch *batch)
{
	batch->count = 0;
}

static size_t size_of(const struct send_batch *batch, size_t i)
{
	return batch->parts[i][0].iov_len + batch->parts[i][1].iov_len;
}

/* Asks once.  A kernel before 4.18 refuses bursts when they are sent; but an
 * emulator that does not know UDP_SEGMENT (qemu-user 7.2) hands it to the
 * kernel in the byte order of the program, and what was to be cut may be sent
 * whole. Neither does that one know SO_RXQ_OVFL, which is older: Linux 2.6.33.
 */
static void ask_bursts(struct send_batch *batch, int fd)
{
	const int none = 0; /* what a fresh socket has */

	if (!batch->has_bursts || batch->is_asked)
		return;
	batch->is_asked = true;
	batch->has_bursts = setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &none,
				    sizeof(none)) == 0;
}

/* How many datagrams from `first` on one message can carry: all of the size of
 * the first, of which the last may be smaller. */
static unsigned burst(const struct send_batch *batch, size_t first)
{
	size_t size = size_of(batch, first);
	size_t total = size;
	unsigned count = 1;

	while (batch->has_bursts && first + count < batch->count &&
		count < SEGMENTS_MAX) {
		size_t next = size_of(batch, first + count);

		if (next == 0 || next > size ||
			total + next > DATAGRAM_SIZE_MAX)
			break;
		total += next;
		count++;
		if (next < size)
			break;
	}
	return count;
}

/* Makes message `i` of the datagrams from `first` on. */
static void make_message(
	struct send_batch *batch, size_t i, size_t first, struct msghdr *out)
{
	struct send_slot *slot = &batch->slots[i];
	unsigned parts;

	slot->datagrams = burst(batch, first);
	parts = 2 * slot->datagrams;
	out->msg_iov = batch->parts[first];
	out->msg_iovlen = parts; /* an int in musl */
	if (slot->datagrams > 1) {
		uint16_t size = (uint16_t)size_of(batch, first);
		struct cmsghdr *control;

		out->msg_control = slot->control.bytes;
		out->msg_controllen = sizeof(slot->control.bytes);
		control = CMSG_FIRSTHDR(out);
		control->cmsg_level = IPPROTO_UDP;
		control->cmsg_type = UDP_SEGMENT;
		control->cmsg_len = CMSG_LEN(sizeof(size));
		memcpy(CMSG_DATA(control), &size, sizeof(size));
	}
}

/* Whether the kernel, or a device, cannot cut: udp(7), UDP_SEGMENT. */
static bool refuses_bursts(const struct send_batch *batch, int error)
{
	return batch->slots[0].datagrams > 1 &&
	       (error == EINVAL || error == EIO || error == EMSGSIZE ||
		       error == EOPNOTSUPP);
}

/* sendmmsg, or sendmsg as above.  A firewall's EPERM is the same of both. */
static int send_messages(int fd, struct mmsghdr *messages, unsigned count)
{
	int result = sendmmsg(fd, messages, count, MSG_DONTWAIT);
	unsigned sent = 0;

	if (result >= 0 || (errno != ENOSYS && errno != EPERM))
		return result;
	while (sent < count &&
		sendmsg(fd, &messages[sent].msg_hdr, MSG_DONTWAIT) >= 0)
		sent++;
	return sent > 0 ? (int)sent : -1;
}

int send_batch_send(struct send_batch *batch, size_t first, int fd,
	const struct address *to)
{
	struct sockaddr_storage storage;
	socklen_t size = sockaddr_from_address(to, &storage);
	unsigned count = 0;
	int datagrams = 0;
	int sent;

	ask_bursts(batch, fd);
	for (size_t at = first; at < batch->count;) {
		batch->messages[count].msg_hdr = (struct msghdr){
			.msg_name = &storage,
			.msg_namelen = size,
		};
		make_message(batch, count, at, &batch->messages[count].msg_hdr);
		at += batch->slots[count++].datagrams;
	}
	sent = send_messages(fd, batch->messages, count);
	if (sent < 0 && refuses_bursts(batch, errno)) {
		batch->has_bursts = false;
		return send_batch_send(batch, first, fd, to);
	}
	if (sent < 0)
		return -1;
	for (int i = 0; i < sent; i++)
		datagrams += (int)batch->slots[i].datagrams;
	return datagrams;
}
