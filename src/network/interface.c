/* SPDX-License-Identifier: ISC */
#include "mchat/network/interface.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mchat/base/number.h"
#include "mchat/network/call.h"
#include "mchat/network/interface_ioctl.h"
#include "mchat/network/sockaddr.h"

/* Of IPv4 without options or IPv6 without extensions, and of UDP. */
#define HEADERS_SIZE_IPV4 (20 + 8)
#define HEADERS_SIZE_IPV6 (40 + 8)

/* What Ethernet carries. */
#define MTU_USUAL 1500

/*
 * The interface that an entry speaks of.  On Linux an address may go under a
 * label, which begins with the interface's name ("eth0:1"); the kernel lists
 * the interfaces themselves first.
 */
static struct interface *find_entry(
	struct interface_list *list, const char *label)
{
	struct interface *found = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < list->count; i++) {
		size_t size = strlen(list->items[i].name);

		if (size > longest &&
			strncmp(list->items[i].name, label, size) == 0) {
			longest = size;
			found = &list->items[i];
		}
	}
	return found;
}

const struct interface *interface_find_name(
	const struct interface_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	}
	return NULL;
}

/* Adds the interface of an entry that is not listed yet, if there is one. */
static void add_interface(struct interface_list *list,
	const struct ifaddrs *entry, enum address_family family)
{
	unsigned index = interface_ioctl_index(entry->ifa_name);
	struct interface *it;

	/* A label has no index, or with a colon that of its interface. */
	if (index == 0 || strchr(entry->ifa_name, ':'))
		return;
	it = &list->items[list->count++];
	*it = (struct interface){
		.index = index,
		.family = family,
		.is_up = entry->ifa_flags & IFF_UP,
		.is_running = entry->ifa_flags & IFF_RUNNING,
		.is_dormant = interface_ioctl_is_dormant(entry->ifa_flags),
		.is_loopback = entry->ifa_flags & IFF_LOOPBACK,
		.is_point_to_point = entry->ifa_flags & IFF_POINTOPOINT,
		.can_multicast = entry->ifa_flags & IFF_MULTICAST,
	};
	snprintf(it->name, sizeof(it->name), "%s", entry->ifa_name);
}

static void add_address(struct interface_list *list,
	const struct ifaddrs *entry, enum address_family family)
{
	struct interface *it = find_entry(list, entry->ifa_name);
	struct interface_address *added;
	struct address address;

	if (!it || !entry->ifa_addr ||
		!sockaddr_to_address(entry->ifa_addr, &address))
		return;
	/* A link-local address of IPv4 is not what the kernel sends from when
	 * there is another. */
	if (address.family == family &&
		(it->address.family == ADDRESS_NONE ||
			(family == ADDRESS_IPV4 &&
				address_is_link_local(&it->address))))
		it->address = address;
	added = &list->addresses[list->address_count++];
	added->interface = (size_t)(it - list->items);
	added->address = address;
	snprintf(added->label, sizeof(added->label), "%s", entry->ifa_name);
}

void interface_list_prefer(
	struct interface_list *list, const struct address *group)
{
	bool wants_link = address_is_link_group(group);

	if (group->family != ADDRESS_IPV6)
		return;
	for (size_t i = 0; i < list->address_count; i++) {
		const struct interface_address *row = &list->addresses[i];
		struct address *now = &list->items[row->interface].address;

		if (row->address.family == ADDRESS_IPV6 &&
			address_is_link_local(&row->address) == wants_link &&
			address_is_link_local(now) != wants_link)
			*now = row->address;
	}
}

static size_t count_entries(const struct ifaddrs *entries)
{
	size_t count = 0;

	for (; entries; entries = entries->ifa_next)
		count++;
	return count;
}

/* Whether packets to a group of the link can leave by the interface; asking for
 * the route sends nothing.  By lo they cannot unless somebody made one. */
static bool has_ipv6_route(const struct interface *interface)
{
	struct sockaddr_in6 group = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(1),
		.sin6_addr.s6_addr = {0xff, 0x12, [15] = 1},
		.sin6_scope_id = interface->index,
	};
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	bool has_route = fd >= 0 && connect(fd, (struct sockaddr *)&group,
					    sizeof(group)) == 0;

	if (fd >= 0)
		close(fd);
	return has_route;
}

/* What of an interface depends on the family. */
static void look_closer(struct interface_list *list, enum address_family family)
{
	for (size_t i = 0; family == ADDRESS_IPV6 && i < list->count; i++) {
		struct interface *it = &list->items[i];

		if (it->is_loopback && it->is_up)
			it->can_multicast = has_ipv6_route(it);
	}
}

/* Makes the list of what the system tells. */
static int read_entries(struct interface_list *list,
	const struct ifaddrs *entries, enum address_family family)
{
	/* No entry adds more than one of each. */
	size_t count = count_entries(entries) + 1;

	list->items = calloc(count, sizeof(*list->items));
	list->addresses = calloc(count, sizeof(*list->addresses));
	if (!list->items || !list->addresses) {
		interface_list_fini(list);
		errno = ENOMEM;
		return -1;
	}
	for (const struct ifaddrs *e = entries; e; e = e->ifa_next) {
		if (!interface_find_name(list, e->ifa_name))
			add_interface(list, e, family);
		add_address(list, e, family);
	}
	look_closer(list, family);
	return 0;
}

/* Lists where netlink is denied, and getifaddrs(3) with it. */
static int list_partly(enum address_family family, struct interface_list *out)
{
	struct ifaddrs *entries;
	int result;

	if (interface_ioctl_list(&entries) < 0)
		return -1;
	out->is_partial = true;
	result = read_entries(out, entries, family);
	interface_ioctl_free(entries);
	return result;
}

int interface_list(enum address_family family, struct interface_list *out)
{
	struct ifaddrs *entries;
	int result;

	*out = (struct interface_list){0};
	if (getifaddrs(&entries) < 0)
		return list_partly(family, out);
	result = read_entries(out, entries, family);
	freeifaddrs(entries);
	return result;
}

void interface_list_fini(struct interface_list *list)
{
	free(list->items);
	free(list->addresses);
	*list = (struct interface_list){0};
}

const struct interface *interface_find_host(
	const struct interface_list *list, const struct address *host)
{
	for (size_t i = 0; i < list->address_count; i++) {
		if (address_same_host(&list->addresses[i].address, host))
			return &list->items[list->addresses[i].interface];
	}
	return NULL;
}

/* Where the address with this label stands ("eth0:1"); their count when
 * nowhere. */
static size_t find_label(const struct interface_list *list, const char *text)
{
	size_t i = 0;

	while (i < list->address_count &&
		(!*text || strcmp(list->addresses[i].label, text) != 0))
		i++;
	return i;
}

/* By address, which may have a zone. */
static const struct interface *find_address(
	const struct interface_list *list, const char *text)
{
	const char *zone = strchr(text, '%');
	char host[ADDRESS_TEXT_SIZE];
	struct address address;

	snprintf(host, sizeof(host), "%.*s", (int)strcspn(text, "%"), text);
	if (!address_parse(host, &address) ||
		(zone && address.family != ADDRESS_IPV6))
		return NULL;
	for (size_t i = 0; i < list->address_count; i++) {
		struct interface_address row = list->addresses[i];
		const struct interface *it = &list->items[row.interface];

		row.address.scope = 0;
		if (address_same_host(&row.address, &address) &&
			(!zone || interface_find(list, zone + 1) == it))
			return it;
	}
	return NULL;
}

const struct interface *interface_find(
	const struct interface_list *list, const char *text)
{
	const struct interface *named = interface_find_name(list, text);
	size_t label = find_label(list, text);
	int64_t index = 0;

	if (named)
		return named;
	if (label < list->address_count)
		return &list->items[list->addresses[label].interface];
	/* The kernel knows other names of an interface, too (ip-link(8)). */
	if (number_parse(text, 1, INT32_MAX, &index) != NUMBER_OK &&
		!strchr(text, ':'))
		index = interface_ioctl_index(text);
	for (size_t i = 0; index != 0 && i < list->count; i++) {
		if (list->items[i].index == index)
			return &list->items[i];
	}
	return find_address(list, text);
}

const char *interface_format_address(
	const struct interface *interface, char out[ADDRESS_TEXT_SIZE])
{
	struct address address = interface->address;

	address.scope = 0;
	return address_format_host(&address, out);
}

bool interface_address_is_ready(const struct interface *interface)
{
	struct sockaddr_storage address;
	socklen_t size;
	bool is_ready;
	int fd;

	if (interface->address.family != ADDRESS_IPV6)
		return true;
	fd = socket(AF_INET6, SOCK_DGRAM, 0);
	if (fd < 0)
		return false;
	size = sockaddr_from_address(&interface->address, &address);
	is_ready = bind(fd, (struct sockaddr *)&address, size) == 0 ||
		   errno != EADDRNOTAVAIL;
	close(fd);
	return is_ready;
}

/* Over IPv4 lo multicasts although it lacks the flag. */
static bool multicasts(const struct interface *interface)
{
	return interface->can_multicast ||
	       (interface->is_loopback &&
		       interface->address.family == ADDRESS_IPV4);
}

bool interface_is_usable(const struct interface *interface)
{
	return interface->is_up && interface->address.family != ADDRESS_NONE &&
	       multicasts(interface);
}

bool interface_is_default(const struct interface *interface)
{
	return interface_is_usable(interface) && interface->is_running &&
	       !interface->is_loopback && !interface->is_point_to_point;
}

bool interface_is_fallback(const struct interface *interface)
{
	return interface_is_usable(interface) && interface->is_loopback;
}

const char *interface_defect(const struct interface *interface)
{
	if (!interface)
		return "is gone";
	if (!interface->is_up)
		return "is down";
	if (interface->is_dormant)
		return "is dormant: it waits for a login (802.1X, Wi-Fi)";
	if (!interface->is_running)
		return "has no carrier";
	if (interface->address.family == ADDRESS_NONE)
		return interface->family == ADDRESS_IPV6
			       ? "has no IPv6 address"
			       : "has no IPv4 address";
	if (interface->is_loopback && !interface_is_usable(interface))
		return "cannot carry IPv6 multicast";
	return interface_is_usable(interface) ? NULL : "cannot do multicast";
}

size_t interface_mtu_datagram_size(enum address_family family, int mtu)
{
	int headers =
		family == ADDRESS_IPV6 ? HEADERS_SIZE_IPV6 : HEADERS_SIZE_IPV4;

	return mtu > headers ? (size_t)(mtu - headers) : 0;
}

size_t interface_datagram_size(const struct interface *interface)
{
	int mtu = interface_ioctl_mtu(interface->name);

	return interface_mtu_datagram_size(
		interface->address.family, mtu == 0 ? MTU_USUAL : mtu);
}

const struct interface *interface_routed(struct call_log *log,
	const struct interface_list *list, const struct address *group)
{
	const struct interface *found = NULL;
	struct address source;
	int fd = call_socket(log, sockaddr_domain(group), SOCK_DGRAM,
		"to ask for the route to the group");

	if (fd < 0)
		return NULL;
	/* Connecting a datagram socket sends nothing: it looks the route up,
	 * and the source address shows which interface it took. */
	if (call_connect(log, fd, group, "sends nothing, takes the route") ==
			0 &&
		call_getsockname(log, fd, &source,
			"the address of the interface it leads by") == 0)
		found = interface_find_host(list, &source);
	else
		call_forget(log); /* no route is an answer, too */
	/* A source that lives on lo shows no way out. */
	if (found && found->is_loopback &&
		(source.family == ADDRESS_IPV6 || source.bytes[0] != 127))
		found = NULL;
	call_close(log, fd, "the route is known");
	return found;
}
