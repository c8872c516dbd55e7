/* SPDX-License-Identifier: ISC */
/* As the BSDs had it from the beginning (ip(4)). */
#include "mchat/network/sockopt_layout.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "mchat/network/interface.h"
#include "mchat/network/sockopt_value.h"

const char sockopt_layout_membership_type[] = "ip_mreq";

void sockopt_layout_membership(
	const struct sockopt_membership *membership, struct sockopt_raw *out)
{
	struct ip_mreq mreq;

	memcpy(&mreq.imr_multiaddr, membership->group.bytes,
		sizeof(mreq.imr_multiaddr));
	memcpy(&mreq.imr_interface, membership->interface_address.bytes,
		sizeof(mreq.imr_interface));
	memcpy(out->bytes, &mreq, sizeof(mreq));
	out->size = sizeof(mreq);
}

/* The address of an interface by now; ADDRESS_NONE where it has none. */
static struct address address_of(unsigned index)
{
	struct address out = {0};
	struct interface_list list;

	if (interface_list(ADDRESS_IPV4, &list) < 0)
		return out;
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i].index == index)
			out = list.items[i].address;
	}
	interface_list_fini(&list);
	return out;
}

void sockopt_layout_interface(
	const struct sockopt_membership *membership, struct sockopt_raw *out)
{
	struct address address = membership->interface_address;

	if (address.family == ADDRESS_NONE && membership->interface_index > 0) {
		address = address_of(membership->interface_index);
		/* 0.0.0.0 would be some other interface: this is refused. */
		if (address.family == ADDRESS_NONE) {
			out->size = 0;
			return;
		}
	}
	memcpy(out->bytes, address.bytes, sizeof(struct in_addr));
	out->size = sizeof(struct in_addr);
}

/* OpenBSD takes nothing else there; all others take that, too. */
void sockopt_layout_narrow(int level, int number, struct sockopt_raw *raw)
{
	unsigned char byte;
	int value;

	if (level != IPPROTO_IP || raw->size != sizeof(value) ||
		(number != IP_MULTICAST_TTL && number != IP_MULTICAST_LOOP))
		return;
	memcpy(&value, raw->bytes, sizeof(value));
	/* What is no byte is to be refused, not cut. */
	if (value < 0 || value > UINT8_MAX)
		return;
	byte = (unsigned char)value;
	memcpy(raw->bytes, &byte, sizeof(byte));
	raw->size = sizeof(byte);
}

/* FreeBSD gives a structure of this name with other fields, macOS another. */
void sockopt_layout_tcp(const struct sockopt_raw *raw, struct sockopt_tcp *out)
{
	(void)raw;
	*out = (struct sockopt_tcp){0};
}
