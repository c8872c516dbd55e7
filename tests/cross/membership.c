/* SPDX-License-Identifier: ISC */
/*
 * For LD_PRELOAD under qemu-user 7.2, which takes the interface index of
 * IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP for a long: where that has 64 bits,
 * it gives the kernel whatever lies there instead of an index of 32.
 */
#include <netinet/in.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct ip_mreqn, as that emulator reads it. */
struct membership {
	struct in_addr group;
	struct in_addr address;
	long interface_index;
};

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	const struct ip_mreqn *request = value;
	struct membership wide;

	if (level == IPPROTO_IP && size == sizeof(*request) &&
		(name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP)) {
		wide.group = request->imr_multiaddr;
		wide.address = request->imr_address;
		wide.interface_index = request->imr_ifindex;
		value = &wide;
		size = sizeof(wide);
	}
	return (int)syscall(SYS_setsockopt, fd, level, name, value, size);
}
