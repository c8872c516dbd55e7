/* SPDX-License-Identifier: ISC */
/* Which interfaces of a host are used; tests/net checks what mchat says of it.
 */
#include "mchat/interfaces/interface_select.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"
#include "mchat/interfaces/interface_set.h"
#include "mchat/network/call.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { LO, ETH0, ETH1, WLAN0, INTERFACES };

/* A host with a loopback, two wires, and Wi-Fi without a carrier. */
struct host {
	struct interface items[INTERFACES];
	struct interface_address addresses[INTERFACES];
	struct interface_list list;
};

static void host_init(struct host *host)
{
	static const struct {
		const char *name;
		const char *address;
		bool is_running;
	} rows[INTERFACES] = {
		{"lo", "127.0.0.1", true},
		{"eth0", "192.0.2.7", true},
		{"eth1", "198.51.100.7", true},
		{"wlan0", "203.0.113.7", false},
	};

	*host = (struct host){0};
	for (size_t i = 0; i < INTERFACES; i++) {
		struct interface *it = &host->items[i];

		snprintf(it->name, sizeof(it->name), "%s", rows[i].name);
		it->index = (unsigned)i + 1;
		it->is_up = true;
		it->is_running = rows[i].is_running;
		it->is_loopback = i == LO;
		it->can_multicast = i != LO;
		address_parse(rows[i].address, &it->address);
		host->addresses[i].interface = i;
		host->addresses[i].address = it->address;
	}
	host->list = (struct interface_list){
		.items = host->items,
		.count = INTERFACES,
		.addresses = host->addresses,
		.address_count = INTERFACES,
	};
}

/* Checks which interfaces are selected for a wish, as the host now is. */
static void chosen_is(const struct host *host,
	const struct interface_wish *wish, const char *expected,
	const char *what)
{
	struct call_log log = {0};
	struct address group;
	struct interface_set choice;
	char names[64] = "";
	size_t size = 0;

	address_parse("239.255.77.67", &group);
	interface_select_from(&log, &host->list, wish, &group, &choice);
	for (size_t i = 0; i < choice.count && size < sizeof(names); i++)
		size += (size_t)snprintf(names + size, sizeof(names) - size,
			"%s%s", i > 0 ? " " : "", choice.items[i].name);
	if (choice.is_fallback && size < sizeof(names))
		snprintf(names + size, sizeof(names) - size, " only");
	tap_is_string(names, expected, what);
}

static struct interface_wish wish_of(
	const struct host *host, const char *const *names, size_t count)
{
	struct interface_wish wish;

	tap_is_int(interface_select_read(&host->list, names, count, &wish),
		INTERFACE_SELECT_OK, "the wish can be read");
	return wish;
}

static void test_all(void)
{
	static const char *const names[] = {"all"};
	struct host host;
	struct interface_wish wish;

	host_init(&host);
	wish = wish_of(&host, names, COUNT(names));
	chosen_is(
		&host, &wish, "eth0 eth1", "all: every interface that is fit");
	host.items[ETH0].is_up = false;
	host.items[WLAN0].is_running = true;
	chosen_is(&host, &wish, "eth1 wlan0",
		"all: one interface goes down, another comes up");
	host.items[ETH1].is_running = false;
	host.items[WLAN0].address.family = ADDRESS_NONE;
	chosen_is(&host, &wish, "lo only", "all: lo when no other is left");
	host.items[LO].is_up = false;
	chosen_is(&host, &wish, "", "all: none when lo is down, too");
}

static void test_named(void)
{
	static const char *const names[] = {"203.0.113.7", "3"};
	struct host host;
	struct interface_wish wish;

	host_init(&host);
	wish = wish_of(&host, names, COUNT(names));
	chosen_is(&host, &wish, "wlan0 eth1",
		"named by address and index, one of them without a carrier");
	host.items[ETH1].index = 17;
	address_parse("203.0.113.99", &host.items[WLAN0].address);
	host.addresses[WLAN0].address = host.items[WLAN0].address;
	chosen_is(&host, &wish, "wlan0 eth1",
		"named: index and address change, the interfaces stay");
	host.items[ETH1].is_up = false;
	chosen_is(&host, &wish, "wlan0", "named: one is down, the other stays");
	host.list.count = ETH1;
	chosen_is(&host, &wish, "",
		"named: both are gone, and lo does not stand in");
}

static void test_both(void)
{
	static const char *const names[] = {"all", "lo", "eth1", "eth1"};
	struct host host;
	struct interface_wish wish;

	host_init(&host);
	wish = wish_of(&host, names, COUNT(names));
	chosen_is(&host, &wish, "lo eth1 eth0",
		"all and named: each interface once");
	host.items[ETH0].is_up = false;
	host.items[ETH1].is_up = false;
	chosen_is(&host, &wish, "lo",
		"all and named: lo, being named, is no fallback");
}

/* What was named is wished for though it cannot be used yet. */
static void test_not_ready(void)
{
	static const char *const names[] = {"eth0", "eth1:web", "wlan0"};
	struct host host;
	struct interface_wish wish;

	host_init(&host);
	snprintf(host.addresses[ETH1].label, INTERFACE_NAME_SIZE, "eth1:web");
	host.items[ETH0].is_up = false;
	host.items[ETH1].address.family = ADDRESS_NONE;
	wish = wish_of(&host, names, COUNT(names));
	chosen_is(&host, &wish, "wlan0", "down, no address: not yet");
	host.items[ETH0].is_up = true;
	host.items[ETH1].address.family = ADDRESS_IPV4;
	chosen_is(&host, &wish, "eth0 eth1 wlan0",
		"they come, also the one that was named by a label");
}

static void test_choice(void)
{
	struct interface_set choice = {.count = 0};
	struct host host;

	host_init(&host);
	tap_ok(!interface_set_only(&choice),
		"an empty set has no only interface");
	interface_set_add(&choice, &host.items[ETH0], false);
	tap_is_string(interface_set_only(&choice)->name, "eth0",
		"a set of one has an only interface");
	interface_set_add(&choice, &host.items[ETH1], true);
	interface_set_add(&choice, &host.items[WLAN0], false);
	interface_set_add(&choice, &host.items[ETH0], true);
	tap_is_int((intmax_t)choice.count, 3,
		"an interface that is added twice is there once");
	tap_ok(choice.is_named[0], "an interface is named if it was so once");
	tap_ok(!interface_set_only(&choice),
		"a set of three has no only interface");
	interface_set_remove(&choice, 0);
	tap_is_int((intmax_t)choice.count, 2, "an interface is taken out");
	tap_is_string(interface_set_name(&choice, ETH1 + 1), "eth1",
		"another interface is still in the set");
	tap_ok(choice.is_named[0] && !choice.is_named[1],
		"after a removal the others keep whether they were named");
	tap_is_string(interface_set_name(&choice, ETH0 + 1), NULL,
		"the interface taken out is not in the set");
	tap_is_int((intmax_t)interface_set_find(&choice, WLAN0 + 1), 1,
		"the place of an interface is found");
	tap_is_int((intmax_t)interface_set_find(&choice, 99), 2,
		"the place of an unknown interface is the end");
	for (unsigned i = 0; i < 2 * GROUP_INTERFACES_MAX; i++) {
		host.items[LO].index = 100 + i;
		interface_set_add(&choice, &host.items[LO], false);
	}
	tap_is_int((intmax_t)choice.count, GROUP_INTERFACES_MAX,
		"a set holds no more interfaces than there is room for");
}

int main(void)
{
	test_all();
	test_named();
	test_both();
	test_not_ready();
	test_choice();
	return tap_done();
}
