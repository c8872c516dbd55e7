/* SPDX-License-Identifier: ISC */
#include "mchat/lab/lab_group.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mchat/lab/lab_network.h"
#include "mchat/lab/lab_transfer.h"

static const struct interface *choose(
	const struct interface_list *list, bool wants_lan)
{
	for (size_t i = 0; wants_lan && i < list->count; i++) {
		if (interface_is_default(&list->items[i]))
			return &list->items[i];
	}
	for (size_t i = 0; i < list->count; i++) {
		if (interface_is_fallback(&list->items[i]))
			return &list->items[i];
	}
	return NULL;
}

static struct interface find_interface(struct lab *lab, bool wants_lan)
{
	struct interface_list list;
	const struct interface *found;
	struct interface interface = {0};

	if (lab_has_failed(lab))
		return interface;
	if (interface_list(ADDRESS_IPV4, &list) < 0) {
		lab_fail(lab, "list of interfaces", errno);
		return interface;
	}
	found = choose(&list, wants_lan);
	if (found)
		interface = *found;
	else
		lab_fail(lab, "a loopback interface with an IPv4 address",
			EADDRNOTAVAIL);
	interface_list_fini(&list);
	return interface;
}

/* The interface, as IP_MULTICAST_IF wants it. */
static struct sockopt_value interface_value(const struct lab_group *group)
{
	struct sockopt_value value = {.type = SOCKOPT_ADDRESS};

	value.membership.interface_index = group->interface.index;
	value.membership.interface_address = group->interface.address;
	return value;
}

static struct lab_group open_group(
	struct lab *lab, const char *host, bool wants_lan)
{
	struct lab_group group = {
		.address = lab_address(lab, host, 0),
		.interface = find_interface(lab, wants_lan),
	};
	struct sockopt_value outgoing = interface_value(&group);

	lab_step(lab, "A receiver bound to the group %s, and a sender, on %s.",
		host, group.interface.name);
	group.receiver = lab_socket(lab, SOCK_DGRAM, "the receiver");
	lab_bind(lab, group.receiver, &group.address,
		"takes what is sent to the group");
	group.address = lab_name(lab, group.receiver);
	group.sender = lab_socket(lab, SOCK_DGRAM, "the sender");
	lab_set_value(lab, group.sender, SOCKOPT_IP_MULTICAST_IF, &outgoing,
		"by this interface");
	return group;
}

struct lab_group lab_group_open(struct lab *lab)
{
	struct address any = {
		.family = ADDRESS_IPV4,
		/* In RFC 2365's local scope; by pid, as others may run a lab.
		 */
		.bytes = {239, 255, (uint8_t)(getpid() >> 8),
			(uint8_t)getpid()},
	};
	char host[ADDRESS_TEXT_SIZE];

	return open_group(lab, address_format_host(&any, host), false);
}

struct lab_group lab_group_open_on_lan(struct lab *lab, const char *host)
{
	return open_group(lab, host, true);
}

struct sockopt_value lab_membership(const struct lab_group *group)
{
	struct sockopt_value value = interface_value(group);

	value.type = SOCKOPT_MEMBERSHIP;
	value.membership.group = group->address;
	return value;
}

int lab_try_group(
	struct lab *lab, const struct lab_group *group, const char *why)
{
	long sent = lab_send_to(
		lab, group->sender, &group->address, "to the group", 0, why);

	if (sent < 0)
		lab_fail(lab, "sending to the group", (int)-sent);
	return lab_count(lab, group->receiver);
}

/*
 * A line for each interface ("1  lo  :  1  V3"), and under it one for each of
 * its groups, the address in hexadecimal as it lies in memory.
 */
int lab_is_member(const struct lab_group *group)
{
	FILE *file = lab_network_read_here("igmp");
	char device[INTERFACE_NAME_SIZE] = "";
	char wanted[9];
	char line[128];
	bool is_member = false;
	uint32_t bytes;

	if (!file)
		return -1;
	memcpy(&bytes, group->address.bytes, sizeof(bytes));
	snprintf(wanted, sizeof(wanted), "%08" PRIX32, bytes);
	while (fgets(line, sizeof(line), file)) {
		char word[16];

		if (line[0] != '\t')
			(void)sscanf(line, "%*d %15s", device);
		else if (sscanf(line, " %15s", word) == 1 &&
			 strcmp(device, group->interface.name) == 0 &&
			 strcmp(word, wanted) == 0)
			is_member = true;
	}
	fclose(file);
	return is_member;
}
