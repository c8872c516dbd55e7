/* SPDX-License-Identifier: ISC */
#include "mchat/network/interface_ioctl.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Addresses that are listed at most.  Far more than a host has on which netlink
 * is denied; the kernel leaves out what does not fit. */
#define ADDRESSES_MAX 256

/* Asks one question about one interface; 0 and *out, or -1 with errno. */
static int ask(unsigned request, const char *name, struct ifreq *out)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int result;
	int error;

	if (fd < 0)
		return -1;
	*out = (struct ifreq){0};
	snprintf(out->ifr_name, sizeof(out->ifr_name), "%s", name);
	/* glibc takes an unsigned long here, musl an int. */
	result = ioctl(fd, request, out);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

unsigned interface_ioctl_index(const char *name)
{
	struct ifreq request;

	if (strlen(name) >= sizeof(request.ifr_name) ||
		ask(SIOCGIFINDEX, name, &request) < 0)
		return 0;
	return (unsigned)request.ifr_ifindex;
}

int interface_ioctl_mtu(const char *name)
{
	struct ifreq request;

	return ask(SIOCGIFMTU, name, &request) < 0 ? 0 : request.ifr_mtu;
}

/* IFF_LOWER_UP of linux/if.h, which glibc's net/if.h lacks. */
#define FLAG_LOWER_UP 0x10000

bool interface_ioctl_is_dormant(unsigned flags)
{
	return !(flags & IFF_RUNNING) && flags & FLAG_LOWER_UP;
}

/* A bridge has a folder of that name (sysfs). */
bool interface_ioctl_is_bridge(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/class/net/%s/bridge", name);
	return access(path, F_OK) == 0;
}

/* One entry of the list, with what it points to. */
struct entry {
	struct ifaddrs ifaddrs; /* first: the list is freed by its address */
	char name[IF_NAMESIZE];
	struct sockaddr address;
};

static void set_name(struct entry *entry, const char *name, size_t size)
{
	if (size >= sizeof(entry->name))
		size = sizeof(entry->name) - 1;
	memcpy(entry->name, name, size);
	entry->ifaddrs.ifa_name = entry->name;
}

/* The interface itself, and then its address, which may go under a label. */
static void add(struct entry *entries, const struct ifreq *row)
{
	struct entry *interface = &entries[0];
	struct entry *address = &entries[1];
	struct ifreq flags;

	set_name(interface, row->ifr_name, strcspn(row->ifr_name, ":"));
	if (ask(SIOCGIFFLAGS, interface->name, &flags) == 0)
		interface->ifaddrs.ifa_flags = (unsigned short)flags.ifr_flags;
	interface->ifaddrs.ifa_next = &address->ifaddrs;
	set_name(address, row->ifr_name, strlen(row->ifr_name));
	address->address = row->ifr_addr;
	address->ifaddrs.ifa_addr = &address->address;
	address->ifaddrs.ifa_flags = interface->ifaddrs.ifa_flags;
}

/* Fills `rows`; how many, or -1 with errno. */
static int list_rows(struct ifreq rows[ADDRESSES_MAX])
{
	struct ifconf all = {
		.ifc_len = (int)(ADDRESSES_MAX * sizeof(rows[0])),
		.ifc_req = rows,
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int result;
	int error;

	if (fd < 0)
		return -1;
	result = ioctl(fd, SIOCGIFCONF, &all);
	error = errno;
	close(fd);
	errno = error;
	return result < 0 ? -1 : all.ifc_len / (int)sizeof(rows[0]);
}

int interface_ioctl_list(struct ifaddrs **out)
{
	struct ifreq rows[ADDRESSES_MAX];
	struct entry *entries;
	int count = list_rows(rows);

	if (count < 0)
		return -1;
	/* One more, so that a host without any is no failure. */
	entries = calloc(2 * (size_t)count + 1, sizeof(*entries));
	if (!entries)
		return -1;
	for (size_t i = 0; i < (size_t)count; i++) {
		add(&entries[2 * i], &rows[i]);
		if (i > 0)
			entries[2 * i - 1].ifaddrs.ifa_next =
				&entries[2 * i].ifaddrs;
	}
	if (count == 0)
		set_name(&entries[0], "", 0);
	*out = &entries[0].ifaddrs;
	return 0;
}

void interface_ioctl_free(struct ifaddrs *list)
{
	free(list);
}
