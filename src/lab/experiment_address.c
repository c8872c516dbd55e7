/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/base/buffer.h"
#include "mchat/lab/lab_group.h"
#include "mchat/lab/lab_network.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/mac_picture.h"
#include "mchat/network/error.h"

/* ---- mac ---- */

#define MAC_TEXT_SIZE 18

/* RFC 1112, 6.4: 01-00-5e, a zero bit, then the low 23 bits of the group. */
static const char *format_mac(uint32_t group, char out[MAC_TEXT_SIZE])
{
	snprintf(out, MAC_TEXT_SIZE,
		"01:00:5e:%02" PRIx32 ":%02" PRIx32 ":%02" PRIx32,
		group >> 16 & 0x7f, group >> 8 & 0xff, group & 0xff);
	return out;
}

static uint32_t number_of(const struct address *group)
{
	return (uint32_t)group->bytes[0] << 24 |
	       (uint32_t)group->bytes[1] << 16 |
	       (uint32_t)group->bytes[2] << 8 | group->bytes[3];
}

/* Tells each group that has the MAC address of `group`; returns how many. */
static int tell_sharers(struct lab *lab, uint32_t group)
{
	char mac[MAC_TEXT_SIZE];
	char wanted[MAC_TEXT_SIZE];
	int count = 0;

	format_mac(group, wanted);
	/* The bits between the class D prefix and the 23 that are kept. */
	for (uint32_t high = 0; high < 32; high++) {
		uint32_t other =
			UINT32_C(0xe0000000) | high << 23 | (group & 0x7fffff);
		char text[16];

		if (strcmp(format_mac(other, mac), wanted) != 0)
			continue;
		snprintf(text, sizeof(text),
			"%u.%" PRIu32 ".%" PRIu32 ".%" PRIu32,
			(unsigned)(other >> 24), other >> 16 & 0xff,
			other >> 8 & 0xff, other & 0xff);
		lab_observe_text(lab, "shared_by", text);
		count++;
	}
	return count;
}

/* Columns of /proc/net/dev_mcast, which is closed: index, name, users, global,
 * address. */
static bool find_device(
	FILE *file, const char *wanted, char out[INTERFACE_NAME_SIZE])
{
	bool is_found = false;
	char hexadecimal[65];

	if (!file)
		return false;
	while (!is_found &&
		fscanf(file, "%*d %15s %*d %*d %64s", out, hexadecimal) == 2)
		is_found = strcmp(hexadecimal, wanted) == 0;
	fclose(file);
	return is_found;
}

/* The card of net0 that has the address of 239.255.77.67, or "none". */
static const char *find_card(
	const struct lab_network *network, char out[INTERFACE_NAME_SIZE])
{
	FILE *file = lab_network_read(network, LAB_HERE, "dev_mcast");

	return find_device(file, "01005e7f4d43", out) ? out : "none";
}

/* The kernel tells the card when a group is joined; 225.127.77.67 is another
 * group, with the same address. */
static void tell_card(struct lab *lab, const struct lab_network *network)
{
	struct sockopt_value membership = {.type = SOCKOPT_MEMBERSHIP};
	char device[INTERFACE_NAME_SIZE];
	int member = lab_network_socket(
		lab, network, LAB_HERE, SOCK_DGRAM, "a member");
	char before[INTERFACE_NAME_SIZE];

	if (lab_has_failed(lab))
		return;
	lab_step(lab, "Joining 225.127.77.67 tells the card of net0 the very "
		      "address that 239.255.77.67 has.");
	snprintf(before, sizeof(before), "%s", find_card(network, device));
	membership.membership.group = lab_address(lab, "225.127.77.67", 0);
	membership.membership.interface_address =
		lab_address(lab, LAB_HERE_NET0, 0);
	lab_set_value(
		lab, member, SOCKOPT_IP_ADD_MEMBERSHIP, &membership, "join");
	lab_observe_text(lab, "card_before", before);
	lab_observe_text(lab, "card_joined", find_card(network, device));
	lab_expect(lab,
		strcmp(before, "none") == 0 &&
			strcmp(find_card(network, device), "net0") == 0,
		"the card has the address once the group is joined");
}

static void draw_mac(struct lab *lab, uint32_t group)
{
	struct buffer picture = BUFFER_EMPTY;

	mac_picture_append(&picture, group);
	buffer_append_char(&picture, '\0');
	lab_draw(lab, buffer_bytes(&picture));
	buffer_fini(&picture);
}

void experiment_mac(struct lab *lab)
{
	struct lab_network network;
	const char *name = lab->group ? lab->group : "239.255.77.67";
	struct address group = lab_address(lab, name, 0);
	char device[INTERFACE_NAME_SIZE];
	char mac[MAC_TEXT_SIZE];
	int count;

	lab_step(lab, "Ethernet cards know no groups, only addresses of six "
		      "bytes.  24 bits are fixed, 01:00:5e, then comes a zero, "
		      "and then the low 23 bits of the group:");
	draw_mac(lab, number_of(&group));
	lab_observe_text(lab, "group", name);
	lab_observe_text(lab, "mac", format_mac(number_of(&group), mac));

	lab_step(lab, "A group has 28 bits of its own, so 5 are lost: the card "
		      "lets all of these through, and IP sorts them out.");
	count = tell_sharers(lab, number_of(&group));
	lab_observe(lab, "groups", count);
	lab_expect(lab, count == 32, "32 groups have one address");

	lab_step(lab, "Every interface is in 224.0.0.1; /proc/net/dev_mcast "
		      "shows what its card was told.");
	group = lab_address(lab, "224.0.0.1", 0);
	lab_observe_text(
		lab, "mac_of_224.0.0.1", format_mac(number_of(&group), mac));
	lab_observe_text(lab, "card",
		find_device(lab_network_read_here("dev_mcast"), "01005e000001",
			device)
			? device
			: "none");
	if (lab_network_open(lab, &network))
		tell_card(lab, &network);
	lab_network_close(&network);
}

/* ---- scope ---- */

/* How far ranges of addresses are meant to reach, from IANA's registry. */
static const struct {
	const char *sample;
	const char *range;
	const char *reach;
	bool is_group;
} scopes[] = {
	{"223.255.255.255", "below 224.0.0.0", "no group: one host", false},
	{"224.0.0.1", "224.0.0.0/24",
		"this network: no router forwards it, whatever the TTL", true},
	{"224.0.1.1", "224.0.1.0/24", "the internet, assigned (224.0.1.1: NTP)",
		true},
	{"232.1.2.3", "232.0.0.0/8", "one source's channel (SSM, RFC 4607)",
		true},
	{"233.252.0.1", "233.252.0.0/24", "examples in documents (RFC 6676)",
		true},
	{"239.192.0.1", "239.192.0.0/14", "this organisation (RFC 2365)", true},
	{"239.255.77.67", "239.255.0.0/16",
		"this site at most (RFC 2365); mchat's default", true},
	{"240.0.0.1", "from 240.0.0.0", "no group: reserved", false},
};

void experiment_scope(struct lab *lab)
{
	struct lab_group group = lab_group_open(lab);
	int groups = 0;
	int refusals = 0;

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		struct sockopt_value membership = lab_membership(&group);
		int error;

		membership.membership.group =
			lab_address(lab, scopes[i].sample, 0);
		lab_step(lab, "%s: %s.", scopes[i].range, scopes[i].reach);
		error = lab_try_set_value(lab, group.receiver,
			SOCKOPT_IP_ADD_MEMBERSHIP, &membership,
			scopes[i].is_group ? "can be joined"
					   : "cannot be joined");
		groups += error == 0;
		refusals += error == EINVAL;
		lab_expect(lab, error == (scopes[i].is_group ? 0 : EINVAL),
			scopes[i].sample);
	}
	lab_step(lab, "How far it really goes, the TTL says as well: 1, unless "
		      "the sender set another.");
	lab_observe(lab, "groups", groups);
	lab_observe(lab, "refused", refusals);
	lab_observe(lab, "ttl",
		lab_get(lab, group.sender, SOCKOPT_IP_MULTICAST_TTL,
			"this network"));
}
