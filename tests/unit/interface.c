/* SPDX-License-Identifier: ISC */
#include "mchat/network/interface.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

/* A host as they are: a wire, Wi-Fi without a carrier, a VPN, and bridges. */
static struct interface_list host(void)
{
	static const struct {
		const char *name;
		const char *address;
		bool is_up, is_running, is_loopback, is_ptp, can_multicast;
	} rows[] = {
		{"lo", "127.0.0.1", true, true, true, false, false},
		{"eth0", "192.0.2.7", true, true, false, false, true},
		{"wlan0", "198.51.100.7", true, false, false, false, true},
		{"tun0", "10.8.0.2", true, true, false, true, true},
		{"br0", NULL, true, true, false, false, true},
		{"dummy0", "10.9.0.1", true, true, false, false, false},
		{"eth1", "203.0.113.7", false, false, false, false, true},
		{"7", "10.77.0.1", true, true, false, false, true},
	};
	struct interface_list list = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct interface *it = &list.items[list.count++];

		snprintf(it->name, sizeof(it->name), "%s", rows[i].name);
		it->index = (unsigned)i + 1;
		it->is_up = rows[i].is_up;
		it->is_running = rows[i].is_running;
		it->is_loopback = rows[i].is_loopback;
		it->is_point_to_point = rows[i].is_ptp;
		it->can_multicast = rows[i].can_multicast;
		if (rows[i].address)
			address_parse(rows[i].address, &it->address);
	}
	return list;
}

static const char *name(const struct interface *interface)
{
	return interface ? interface->name : NULL;
}

static void test_find(void)
{
	struct interface_list list = host();

	tap_is_string(name(interface_find(&list, "eth0")), "eth0", "by name");
	tap_is_string(name(interface_find(&list, "3")), "wlan0", "by index");
	tap_is_string(
		name(interface_find(&list, "192.0.2.7")), "eth0", "by address");
	tap_is_string(name(interface_find(&list, "7")), "7",
		"a name of digits comes before the index");
	tap_is_string(name(interface_find(&list, "eth")), NULL,
		"a part of a name is none");
	tap_is_string(name(interface_find(&list, "99")), NULL,
		"an index that is not there");
	tap_is_string(name(interface_find(&list, "192.0.2.8")), NULL,
		"an address that is not there");
	tap_is_string(name(interface_find(&list, "")), NULL, "nothing");
}

static void test_defaults(void)
{
	struct interface_list list = host();
	struct interface_list chosen;

	interface_defaults(&list, &chosen);
	tap_is_int((intmax_t)chosen.count, 2, "two of eight are chosen");
	tap_is_string(chosen.items[0].name, "eth0", "the wire");
	tap_is_string(chosen.items[1].name, "7", "and the other one");

	list.count = 1;
	interface_defaults(&list, &chosen);
	tap_ok(chosen.count == 1 && chosen.items[0].is_loopback,
		"lo when there is nothing else");
	list.items[0].is_up = false;
	interface_defaults(&list, &chosen);
	tap_is_int((intmax_t)chosen.count, 0, "none when lo is down too");
}

static void test_this_host(void)
{
	struct interface_list list;
	struct address group;
	const struct interface *lo;
	const struct interface *routed;

	tap_is_int(interface_list(ADDRESS_IPV4, &list), 0, "listing works");
	lo = interface_find(&list, "lo");
	tap_ok(lo != NULL, "lo is listed");
	if (!lo)
		return;
	tap_ok(lo->is_loopback && lo->index > 0, "as a loopback, with index");
	if (lo->is_up)
		tap_is_string(name(interface_find(&list, "127.0.0.1")), "lo",
			"and found by its address");
	for (size_t i = 0; i < list.count; i++)
		tap_ok(strchr(list.items[i].name, ':') == NULL,
			"%s is an interface, not a label", list.items[i].name);
	address_parse("239.255.77.67", &group);
	routed = interface_routed(&list, &group);
	tap_ok(!routed || routed->address.family == ADDRESS_IPV4,
		"the routed interface has an address, or there is none");
}

int main(void)
{
	test_find();
	test_defaults();
	test_this_host();
	return tap_done();
}
