/* SPDX-License-Identifier: ISC */
/* A call a datagram: what POSIX.1-2008 has, with the control messages that
 * macOS and the BSDs have beside it.  What did not fit into a buffer is not
 * counted: no system but Linux tells. */
/* struct in6_pktinfo (RFC 3542): in the GNU C library, and on macOS. */
#define _GNU_SOURCE
#define __APPLE_USE_RFC_3542 /* NOLINT(bugprone-reserved-identifier) */
#include "mchat/network/batch.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#ifdef IP_RECVIF
#include <net/if_dl.h>
#endif

#include "mchat/network/sockaddr.h"

/* Of one message: which interface it came in on, and how far. */
#define CONTROL_SIZE 256

struct receive_batch {
	struct datagram datagrams[RECEIVE_BATCH_MAX];
	size_t count;
	char *space;           /* DATAGRAM_SIZE_MAX bytes a datagram */
	bool is_unicast;       /* receive_batch_mark_unicast */
	struct in6_addr group; /* the one to take from a socket that gets what
				* is for other addresses, too; else :: */
};

const char receive_batch_call[] = "recvmsg";

struct receive_batch *receive_batch_new(void)
{
	struct receive_batch *batch = calloc(1, sizeof(*batch));

	if (!batch)
		return NULL;
	batch->space = malloc((size_t)RECEIVE_BATCH_MAX * DATAGRAM_SIZE_MAX);
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

static void read_ipv4(const struct cmsghdr *control, struct datagram *out)
{
	const void *data = CMSG_DATA(control);

#ifdef IP_RECVIF /* the BSDs */
	if (control->cmsg_type == IP_RECVIF) {
		struct sockaddr_dl link;

		memcpy(&link, data,
			offsetof(struct sockaddr_dl, sdl_index) +
				sizeof(link.sdl_index));
		out->interface_index = link.sdl_index;
	}
#endif
#ifdef IP_PKTINFO /* macOS, NetBSD, Linux */
	if (control->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;

		memcpy(&info, data, sizeof(info));
		out->interface_index = (unsigned)info.ipi_ifindex;
	}
#endif
	/* An int by the one name, a byte by the other. */
	if (control->cmsg_type == IP_TTL &&
		control->cmsg_len >= CMSG_LEN(sizeof(int)))
		memcpy(&out->hop_limit, data, sizeof(out->hop_limit));
	else if (control->cmsg_type == IP_RECVTTL)
		out->hop_limit = *(const unsigned char *)data;
}

/* Whether it is for this host. */
static bool read_ipv6(const struct receive_batch *batch,
	const struct cmsghdr *control, struct datagram *out)
{
	const void *data = CMSG_DATA(control);

	if (control->cmsg_type == IPV6_HOPLIMIT)
		memcpy(&out->hop_limit, data, sizeof(out->hop_limit));
	if (control->cmsg_type == IPV6_PKTINFO) {
		struct in6_pktinfo info;

		memcpy(&info, data, sizeof(info));
		out->interface_index = (unsigned)info.ipi6_ifindex;
		if (IN6_IS_ADDR_UNSPECIFIED(&batch->group))
			return true;
		out->is_aside = !IN6_IS_ADDR_MULTICAST(&info.ipi6_addr);
		return out->is_aside ||
		       IN6_ARE_ADDR_EQUAL(&info.ipi6_addr, &batch->group);
	}
	return true;
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
	batch->count = 0;
}

void receive_batch_mark_unicast(struct receive_batch *batch)
{
	batch->is_unicast = true;
}

/* Receives one; false with errno when there is none. */
static bool receive_one(struct receive_batch *batch, int fd)
{
	struct sockaddr_storage from;
	union {
		char bytes[CONTROL_SIZE];
		size_t aligned; /* as struct cmsghdr begins */
	} control;
	struct iovec part = {
		.iov_base = batch->space + batch->count * DATAGRAM_SIZE_MAX,
		.iov_len = DATAGRAM_SIZE_MAX,
	};
	struct msghdr header = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t size = recvmsg(fd, &header, MSG_DONTWAIT);
	struct datagram datagram = {
		.bytes = part.iov_base,
		.size = (size_t)size,
		.hop_limit = -1,
		.is_unicast = batch->is_unicast,
	};
	bool is_for_us = true;

	if (size < 0)
		return false;
	sockaddr_to_address((const struct sockaddr *)&from, &datagram.from);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c;
		c = CMSG_NXTHDR(&header, c)) {
		if (c->cmsg_level == IPPROTO_IP)
			read_ipv4(c, &datagram);
		else if (c->cmsg_level == IPPROTO_IPV6)
			is_for_us = read_ipv6(batch, c, &datagram) && is_for_us;
	}
	if (is_for_us)
		batch->datagrams[batch->count++] = datagram;
	return true;
}

int receive_batch_fill(struct receive_batch *batch, int fd)
{
	batch->count = 0;
	for (size_t i = 0; i < RECEIVE_BATCH_MAX; i++) {
		if (receive_one(batch, fd))
			continue;
		if (batch->count > 0 || errno == EAGAIN || errno == EINTR)
			break;
		return -1;
	}
	return (int)batch->count;
}

const struct datagram *receive_batch_at(
	const struct receive_batch *batch, size_t index)
{
	return &batch->datagrams[index];
}

uint64_t receive_batch_take_overflow(struct receive_batch *batch)
{
	(void)batch;
	return 0;
}

void receive_batch_ask_overflow(struct receive_batch *batch, int fd)
{
	(void)batch, (void)fd;
}
