/* SPDX-License-Identifier: ISC */
/* Elsewhere getifaddrs(3) needs nothing that could be denied, and a link does
 * not tell that it is dormant. */
#include "mchat/network/interface_ioctl.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

unsigned interface_ioctl_index(const char *name)
{
	return strlen(name) < IF_NAMESIZE ? if_nametoindex(name) : 0;
}

/* SIOCGIFMTU is not of POSIX, but of all BSDs and macOS. */
int interface_ioctl_mtu(const char *name)
{
	struct ifreq request = {.ifr_mtu = 0};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool is_known;

	if (fd < 0)
		return 0;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	is_known = ioctl(fd, SIOCGIFMTU, &request) == 0;
	close(fd);
	return is_known ? request.ifr_mtu : 0;
}

bool interface_ioctl_is_dormant(unsigned flags)
{
	(void)flags;
	return false;
}

bool interface_ioctl_is_bridge(const char *name)
{
	(void)name;
	return false;
}

int interface_ioctl_list(struct ifaddrs **out)
{
	(void)out;
	errno = ENOTSUP;
	return -1;
}

void interface_ioctl_free(struct ifaddrs *list)
{
	(void)list;
}
