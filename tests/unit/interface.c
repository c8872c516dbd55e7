/* SPDX-License-Identifier: ISC */
#include "mchat/network/interface.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/network/call.h"
#include "mchat/network/interface_ioctl.h"

enum { HOST_INTERFACES = 8, HOST_ADDRESSES = 8 };

/* A typical host: a wire, Wi-Fi without a carrier, a VPN, bridges, and others.
 */
struct host {
	struct interface items[HOST_INTERFACES];
	struct interface_address addresses[HOST_ADDRESSES];
	struct interface_list list;
};

static void add_address(struct host *host, size_t interface, const char *text)
{
	struct interface_address *added =
		&host->addresses[host->list.address_count++];

	added->interface = interface;
	address_parse(text, &added->address);
	if (host->items[interface].address.family == ADDRESS_NONE)
		host->items[interface].address = added->address;
}

static void host_init(struct host *host)
{
	static const struct {
		const char *name;
		const char *address;
		bool is_up, is_running, is_loopback, is_ptp, can_multicast;
	} rows[HOST_INTERFACES] = {
		{"lo", "127.0.0.1", true, true, true, false, false},
		{"eth0", "192.0.2.7", true, true, false, false, true},
		{"wlan0", "198.51.100.7", true, false, false, false, true},
		{"tun0", "10.8.0.2", true, true, false, true, true},
		{"br0", NULL, true, true, false, false, true},
		{"dummy0", "10.9.0.1", true, true, false, false, false},
		{"eth1", "203.0.113.7", false, false, false, false, true},
		{"7", "10.77.0.1", true, true, false, false, true},
	};

	*host = (struct host){0};
	for (size_t i = 0; i < HOST_INTERFACES; i++) {
		struct interface *it = &host->items[i];

		snprintf(it->name, sizeof(it->name), "%s", rows[i].name);
		it->index = (unsigned)i + 1;
		it->is_up = rows[i].is_up;
		it->is_running = rows[i].is_running;
		it->is_loopback = rows[i].is_loopback;
		it->is_point_to_point = rows[i].is_ptp;
		it->can_multicast = rows[i].can_multicast;
		if (rows[i].address)
			add_address(host, i, rows[i].address);
	}
	add_address(host, 1, "192.0.2.77");
	host->list.items = host->items;
	host->list.count = HOST_INTERFACES;
	host->list.addresses = host->addresses;
}

static const char *name(const struct interface *interface)
{
	return interface ? interface->name : NULL;
}

static void test_find(void)
{
	struct host host;

	host_init(&host);
	tap_is_string(name(interface_find(&host.list, "eth0")), "eth0",
		"an interface is found by its name");
	tap_is_string(name(interface_find(&host.list, "3")), "wlan0",
		"an interface is found by its index");
	tap_is_string(name(interface_find(&host.list, "192.0.2.7")), "eth0",
		"an interface is found by its address");
	tap_is_string(name(interface_find(&host.list, "7")), "7",
		"a name of digits comes before the index");
	tap_is_string(name(interface_find(&host.list, "eth")), NULL,
		"a part of a name finds none");
	tap_is_string(name(interface_find(&host.list, "99")), NULL,
		"an index that is not there finds none");
	tap_is_string(name(interface_find(&host.list, "192.0.2.8")), NULL,
		"an address that is not there finds none");
	tap_is_string(name(interface_find(&host.list, "")), NULL,
		"an empty name finds none");
	snprintf(host.addresses[1].label, INTERFACE_NAME_SIZE, "eth0:1");
	tap_is_string(name(interface_find(&host.list, "eth0:1")),
		name(&host.items[host.addresses[1].interface]),
		"by the label of an address");
}

static void test_defaults(void)
{
	struct host host;

	host_init(&host);
	for (size_t i = 0; i < HOST_INTERFACES; i++) {
		const struct interface *it = &host.items[i];
		bool expected = strcmp(it->name, "eth0") == 0 ||
				strcmp(it->name, "7") == 0;

		tap_ok(interface_is_default(it) == expected, "%s is %s default",
			it->name, expected ? "a" : "no");
		tap_ok(interface_is_fallback(it) == (i == 0),
			"%s is %s fallback", it->name, i == 0 ? "the" : "no");
	}
	host.items[0].is_up = false;
	tap_ok(!interface_is_fallback(&host.items[0]),
		"lo is no fallback when it is down");
}

static void test_defects(void)
{
	static const struct {
		const char *name;
		const char *defect;
	} rows[] = {
		{"lo", NULL},
		{"eth0", NULL},
		{"wlan0", "has no carrier"},
		{"tun0", NULL},
		{"br0", "has no IPv4 address"},
		{"dummy0", "cannot do multicast"},
		{"eth1", "is down"},
		{"eth9", "is gone"},
	};
	struct host host;

	host_init(&host);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tap_is_string(interface_defect(interface_find_name(
				      &host.list, rows[i].name)),
			rows[i].defect, rows[i].name);
	host.items[2].is_dormant = true;
	tap_is_string(interface_defect(&host.items[2]),
		"is dormant: it waits for a login (802.1X, Wi-Fi)",
		"a carrier that may not be used yet");
	tap_ok(interface_is_usable(&host.items[2]) &&
			interface_is_usable(&host.items[3]),
		"an interface without a carrier and a point-to-point one are "
		"usable");
	tap_ok(!interface_is_usable(&host.items[4]) &&
			!interface_is_usable(&host.items[5]) &&
			!interface_is_usable(&host.items[6]),
		"without an address, without multicast, or down: not usable");
}

/* lo carries multicast of IPv4 without the flag, and of IPv6 only with a route.
 */
static void test_ipv6(void)
{
	struct interface lo = {
		.name = "lo",
		.family = ADDRESS_IPV6,
		.is_up = true,
		.is_running = true,
		.is_loopback = true,
	};

	tap_is_string(interface_defect(&lo), "has no IPv6 address",
		"what lacks is named by its family");
	address_parse("::1", &lo.address);
	tap_ok(!interface_is_usable(&lo) && !interface_is_fallback(&lo),
		"over IPv6 lo is no stand-in");
	tap_is_string(interface_defect(&lo), "cannot carry IPv6 multicast",
		"and that is what it lacks");
	lo.can_multicast = true;
	tap_ok(interface_is_fallback(&lo), "with a route it is one");
}

/* The address that is shown is the one that is sent from. */
static void test_preference(void)
{
	struct interface items[] = {{.name = "eth0", .index = 2}};
	struct interface_address addresses[3] = {0};
	struct interface_list list = {.items = items,
		.count = 1,
		.addresses = addresses,
		.address_count = 3};
	char text[ADDRESS_TEXT_SIZE];
	struct address group;

	address_parse("192.0.2.1", &addresses[0].address);
	address_parse("2001:db8::1", &addresses[1].address);
	address_parse("fe80::1", &addresses[2].address);
	addresses[2].address.scope = 2;
	items[0].address = addresses[1].address;
	address_parse("ff12::4d43", &group);
	interface_list_prefer(&list, &group);
	tap_is_string(interface_format_address(&items[0], text), "fe80::1",
		"to a group of the link from a link-local address");
	tap_is_int(items[0].address.scope, 2,
		"whose scope is known, although it is not shown");
	address_parse("ff15::1", &group);
	interface_list_prefer(&list, &group);
	tap_is_string(interface_format_address(&items[0], text), "2001:db8::1",
		"to a wider one from a wider one");
	list.address_count = 1;
	address_parse("ff12::4d43", &group);
	interface_list_prefer(&list, &group);
	tap_is_string(interface_format_address(&items[0], text), "2001:db8::1",
		"from what there is");
	list.address_count = 3;
	tap_is_string(name(interface_find(&list, "fe80::1%eth0")), "eth0",
		"an interface is found by an address with its zone");
	tap_is_string(
		name(interface_find(&list, "fe80::1")), "eth0", "and without");
	tap_ok(!interface_find(&list, "fe80::1%lo") &&
			!interface_find(&list, "192.0.2.1%eth0"),
		"but not with another zone, nor with one of IPv4");
}

/* What is known where netlink is denied. */
static void test_ioctl(void)
{
	struct ifaddrs *list;
	bool has_lo = false;
	int result = interface_ioctl_list(&list);

	/* Not where nothing denies the usual way. */
	if (result < 0 && errno == ENOTSUP)
		return;
	tap_is_int(result, 0, "listing by ioctl works");
	for (const struct ifaddrs *e = list; e; e = e->ifa_next)
		has_lo = has_lo || (strcmp(e->ifa_name, "lo") == 0 &&
					   e->ifa_flags & IFF_LOOPBACK);
	tap_ok(has_lo, "lo is there, as a loopback");
	interface_ioctl_free(list);
	tap_ok(interface_ioctl_mtu("lo") > 0 &&
			interface_ioctl_mtu("nosuch0") == 0,
		"an MTU is known, where there is one");
}

static void test_this_host(void)
{
	struct interface_list list;
	struct call_log log = {0};
	struct address group;
	const struct interface *lo;
	const struct interface *routed;

	tap_is_int(interface_list(ADDRESS_IPV4, &list), 0, "listing works");
	lo = interface_find(&list, "lo");
	tap_ok(lo != NULL, "lo is listed");
	if (!lo)
		return;
	tap_ok(interface_ioctl_index("lo") == lo->index &&
			interface_ioctl_index("nosuch0") == 0,
		"with the index that the system knows it by");
	tap_ok(lo->is_loopback && lo->index > 0,
		"lo is listed as a loopback, with an index");
	if (lo->is_up)
		tap_is_string(name(interface_find(&list, "127.0.0.1")), "lo",
			"lo is found by its address");
	for (size_t i = 0; i < list.count; i++)
		tap_ok(strchr(list.items[i].name, ':') == NULL,
			"%s is an interface, not a label", list.items[i].name);
	address_parse("239.255.77.67", &group);
	routed = interface_routed(&log, &list, &group);
	tap_ok(!routed || routed->address.family == ADDRESS_IPV4,
		"the routed interface has an address, or there is none");
	interface_list_fini(&list);
	interface_list_fini(&list);
}

/* The MTU of an interface, as Linux shows it; 0: it does not. */
static unsigned long mtu_of(const char *interface)
{
	char path[64];
	char text[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/net/%s/mtu", interface);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	return strtoul(text, NULL, 10);
}

static void test_datagram_size(void)
{
	struct interface lo = {.name = "lo"};
	struct interface none = {.name = "there-is-none"};
	unsigned long mtu = mtu_of("lo");

	tap_is_int((intmax_t)interface_datagram_size(&none), 1472,
		"an interface of unknown MTU is taken for Ethernet");
	if (mtu > 0)
		tap_is_int((intmax_t)interface_datagram_size(&lo),
			(intmax_t)mtu - 28,
			"a datagram has the MTU less the headers of IPv4 and "
			"UDP");
	else
		tap_skip("the MTU of lo", "no /sys/class/net/lo/mtu");
}

int main(void)
{
	test_find();
	test_defaults();
	test_defects();
	test_ipv6();
	test_preference();
	test_ioctl();
	test_this_host();
	test_datagram_size();
	return tap_done();
}
