/* SPDX-License-Identifier: ISC */
/* A call a datagram. */
#include "mchat/network/send_batch.h"

#include <sys/socket.h>

#include "mchat/network/send_batch_types.h"
#include "mchat/network/sockaddr.h"

const char send_batch_call[] = "sendmsg";

bool send_calls_new(struct send_calls **out)
{
	*out = NULL;
	return true;
}

int send_batch_send(struct send_batch *batch, size_t first, int fd,
	const struct address *to)
{
	struct sockaddr_storage storage;
	struct msghdr header = {
		.msg_name = &storage,
		.msg_namelen = sockaddr_from_address(to, &storage),
		.msg_iovlen = 2,
	};
	size_t at = first;

	while (at < batch->count) {
		header.msg_iov = batch->parts[at];
		if (sendmsg(fd, &header, MSG_DONTWAIT) < 0)
			break;
		at++;
	}
	return at > first || at == batch->count ? (int)(at - first) : -1;
}
