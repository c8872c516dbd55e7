/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* sendmmsg */
#include "mchat/network/send_batch.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/network/batch.h"
#include "mchat/network/send_batch_types.h"
#include "mchat/network/sockaddr.h"

/* What send_batch_send makes of datagrams: one call's message. */
struct send_slot {
	unsigned datagrams; /* that it carries */
	union {
		char bytes[CMSG_SPACE(sizeof(uint16_t))];
		size_t aligned; /* as struct cmsghdr begins */
	} control;
};

struct send_calls {
	struct mmsghdr messages[SEND_BATCH_MAX];
	struct send_slot slots[SEND_BATCH_MAX];
};

const char send_batch_call[] = "sendmmsg";

bool send_calls_new(struct send_calls **out)
{
	*out = calloc(1, sizeof(**out));
	return *out != NULL;
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
		count < batch->burst_max) {
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
	struct send_slot *slot = &batch->calls->slots[i];
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
	return batch->calls->slots[0].datagrams > 1 &&
	       (error == EINVAL || error == EIO || error == EMSGSIZE ||
		       error == EOPNOTSUPP);
}

/* sendmmsg, or sendmsg as where recvmmsg is denied.  A firewall's EPERM is the
 * same of both. */
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
		batch->calls->messages[count].msg_hdr = (struct msghdr){
			.msg_name = &storage,
			.msg_namelen = size,
		};
		make_message(batch, count, at,
			&batch->calls->messages[count].msg_hdr);
		at += batch->calls->slots[count++].datagrams;
	}
	sent = send_messages(fd, batch->calls->messages, count);
	if (sent < 0 && refuses_bursts(batch, errno)) {
		batch->has_bursts = false;
		return send_batch_send(batch, first, fd, to);
	}
	if (sent < 0)
		return -1;
	for (int i = 0; i < sent; i++)
		datagrams += (int)batch->calls->slots[i].datagrams;
	return datagrams;
}
