/* SPDX-License-Identifier: ISC */
#include "mchat/network/interface.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mchat/base/number.h"
#include "mchat/network/sockaddr.h"

static struct interface *find_name(
	struct interface_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	}
	return NULL;
}

static struct interface *add(
	struct interface_list *list, const struct ifaddrs *entry)
{
	struct interface *interface;

	if (list->count == INTERFACES_MAX)
		return NULL;
	interface = &list->items[list->count++];
	*interface = (struct interface){
		.index = if_nametoindex(entry->ifa_name),
		.is_up = entry->ifa_flags & IFF_UP,
		.is_running = entry->ifa_flags & IFF_RUNNING,
		.is_loopback = entry->ifa_flags & IFF_LOOPBACK,
		.is_point_to_point = entry->ifa_flags & IFF_POINTOPOINT,
		.can_multicast = entry->ifa_flags & IFF_MULTICAST,
	};
	snprintf(interface->name, sizeof(interface->name), "%s",
		entry->ifa_name);
	return interface;
}

/* getifaddrs gives an entry an address, and on Linux labels such as "eth0:1"
 * for further ones; an interface is what stands before the colon. */
static void collect(const struct ifaddrs *entry, enum address_family family,
	struct interface_list *list)
{
	struct interface *interface = find_name(list, entry->ifa_name);
	struct address address;

	if (strchr(entry->ifa_name, ':'))
		return;
	if (!interface)
		interface = add(list, entry);
	if (!interface || !entry->ifa_addr ||
		interface->address.family != ADDRESS_NONE ||
		!sockaddr_to_address(entry->ifa_addr, &address) ||
		address.family != family)
		return;
	interface->address = address;
}

int interface_list(enum address_family family, struct interface_list *out)
{
	struct ifaddrs *entries;

	if (getifaddrs(&entries) < 0)
		return -1;
	out->count = 0;
	for (const struct ifaddrs *e = entries; e; e = e->ifa_next)
		collect(e, family, out);
	freeifaddrs(entries);
	return 0;
}

static const struct interface *find_host(
	const struct interface_list *list, const struct address *host)
{
	for (size_t i = 0; i < list->count; i++) {
		if (address_same_host(&list->items[i].address, host))
			return &list->items[i];
	}
	return NULL;
}

const struct interface *interface_find(
	const struct interface_list *list, const char *text)
{
	struct address address;
	int64_t index = 0;
	bool is_index = number_parse(text, 1, INT32_MAX, &index) == NUMBER_OK;

	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i].name, text) == 0)
			return &list->items[i];
	}
	for (size_t i = 0; is_index && i < list->count; i++) {
		if (list->items[i].index == index)
			return &list->items[i];
	}
	return address_parse(text, &address) ? find_host(list, &address) : NULL;
}

void interface_defaults(
	const struct interface_list *list, struct interface_list *out)
{
	out->count = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct interface *it = &list->items[i];

		if (it->is_up && it->is_running && it->can_multicast &&
			it->address.family != ADDRESS_NONE &&
			!it->is_loopback && !it->is_point_to_point)
			out->items[out->count++] = *it;
	}
	for (size_t i = 0; out->count == 0 && i < list->count; i++) {
		const struct interface *it = &list->items[i];

		/* The loopback multicasts though it lacks the flag. */
		if (it->is_loopback && it->is_up &&
			it->address.family != ADDRESS_NONE)
			out->items[out->count++] = *it;
	}
}

const struct interface *interface_routed(
	const struct interface_list *list, const struct address *group)
{
	const struct interface *found = NULL;
	struct sockaddr_storage storage;
	socklen_t size = sockaddr_from_address(group, &storage);
	struct address source;
	int fd = socket(sockaddr_domain(group), SOCK_DGRAM, 0);

	if (fd < 0)
		return NULL;
	/* Connecting a datagram socket sends nothing: it asks for the route,
	 * and the source address shows which interface it took. */
	if (connect(fd, (const struct sockaddr *)&storage, size) == 0) {
		size = sizeof(storage);
		if (getsockname(fd, (struct sockaddr *)&storage, &size) == 0 &&
			sockaddr_to_address(
				(const struct sockaddr *)&storage, &source))
			found = find_host(list, &source);
	}
	close(fd);
	return found;
}
