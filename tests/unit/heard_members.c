/* SPDX-License-Identifier: ISC */
/* Who was heard, from where: as STATE packets say it. */
#include "mchat/chat/heard_members.h"

#include "mchat/network/batch.h"
#include "tap.h"
#include "mchat/protocol/wire.h"

#define ETH0 2U
#define ETH1 3U

static struct heard_members heard;
static struct probe_member listed[HEARD_MEMBERS_MAX];

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

/* The header of a packet is all that counts. */
static void hear(
	uint8_t kind, uint8_t flags, uint8_t id, unsigned interface, int64_t ms)
{
	const uint8_t packet[16] = {
		0xf9, (uint8_t)(0x10 | kind), flags, [15] = id};
	const struct datagram datagram = {
		.bytes = (const char *)packet,
		.size = sizeof(packet),
		.from = {.family = ADDRESS_IPV4, .bytes = {10, 0, 0, id}},
		.interface_index = interface,
	};

	heard_members_note(&heard, &datagram, at(ms));
}

int main(void)
{
	hear(WIRE_STATE, 0, 1, ETH0, 0);
	hear(WIRE_STATE, 0, 2, ETH1, 100);
	hear(WIRE_DATA, 0, 3, ETH0, 100);
	tap_is_int((intmax_t)heard_members_list(&heard, ETH0, at(250), listed),
		1, "one was heard by eth0, as DATA may be sent by others");
	tap_ok(listed[0].id == 1 && listed[0].age_ms == 250 &&
			listed[0].address.bytes[3] == 1,
		"who, from where, and how long ago");
	hear(WIRE_STATE, 0, 1, ETH1, 300);
	tap_is_int((intmax_t)heard_members_list(&heard, ETH1, at(400), listed),
		2, "the last time counts");
	hear(WIRE_STATE, 2, 1, ETH1, 400);
	tap_ok(heard_members_list(&heard, ETH1, at(400), listed) == 1 &&
			listed[0].id == 2,
		"who says bye is gone");
	for (int i = 0; i < HEARD_MEMBERS_MAX + 1; i++)
		hear(WIRE_STATE, 0, (uint8_t)(100 + i), ETH0, 1000 + i);
	tap_is_int((intmax_t)heard_members_list(&heard, ETH0, at(2000), listed),
		HEARD_MEMBERS_MAX, "there is an end");
	tap_is_int((intmax_t)heard_members_list(&heard, ETH1, at(2000), listed),
		0, "who was not heard for the longest time gives way");
	return tap_done();
}
