/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/host_probe.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mchat/doctor/probe_socket.h"
#include "mchat/network/group_socket.h"
#include "mchat/network/port_holder.h"
#include "mchat/network/sysctl.h"

/* A limit of the kernel; -1 when it does not tell. */
static int read_limit(const char *name)
{
	char text[32];

	return sysctl_read(name, text, sizeof(text))
		       ? (int)strtol(text, NULL, 10)
		       : -1;
}

static void join_all(struct evidence *out)
{
	int fd = probe_socket_idle(out->group.family);

	if (fd < 0)
		out->socket_error = errno;
	for (size_t i = 0; fd >= 0 && i < out->interface_count; i++) {
		const struct interface_evidence *it = &out->interfaces[i];

		if (!it->is_chosen)
			continue;
		if (probe_socket_join(fd, &out->group, &it->interface) == 0)
			out->joined++;
		else if (out->join_error == 0)
			out->join_error = errno;
	}
	if (fd >= 0)
		close(fd);
}

static void ask_buffer(struct evidence *out)
{
	int fd = probe_socket_idle(out->group.family);
	int bytes = GROUP_RECEIVE_BUFFER;
	socklen_t size = sizeof(bytes);

	if (fd < 0)
		return;
	out->buffer_asked = bytes;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, size);
	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &size) == 0)
		out->buffer_granted = bytes / GROUP_BUFFER_FACTOR;
	close(fd);
}

void host_probe_run(struct evidence *out)
{
	join_all(out);
	ask_buffer(out);
	out->join_limit = out->group.family == ADDRESS_IPV6
				  ? -1
				  : read_limit("net.ipv4.igmp_max_memberships");
	out->buffer_limit = read_limit("net.core.rmem_max");
	if (out->bind_error == EADDRINUSE)
		out->has_holder =
			port_holder_find(out->group.port, &out->holder);
}
