/* SPDX-License-Identifier: ISC */
/*
 * A group of IPv6 by itself, on the first interface of this host that has IPv6,
 * as lo does not carry it; so it is run on a virtual LAN, and prints TAP.  With
 * a hop limit of 0 nothing leaves the host.
 */
#include "mchat/network/group.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/network/batch.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/network/send_batch.h"

/* As many as one call sends cut from one (UDP_SEGMENT). */
#define BURST 8

struct fixture {
	struct call_log log;
	struct interface interface;
	struct address address;
	struct group *group;
	struct send_batch *out;
	struct receive_batch *in;
};

/* An interface that can be sent from, if there is one. */
static bool find_interface(struct interface *out)
{
	struct interface_list list;
	bool is_found = false;

	if (interface_list(ADDRESS_IPV6, &list) < 0)
		return false;
	for (size_t i = 0; !is_found && i < list.count; i++) {
		*out = list.items[i];
		is_found = interface_is_default(out) &&
			   interface_address_is_ready(out);
	}
	interface_list_fini(&list);
	return is_found;
}

/* Two runs of this test on one host do not hear one another. */
static struct address test_group(void)
{
	struct address group;

	address_parse("ff12::4d43:1", &group);
	group.bytes[14] = (uint8_t)(getpid() >> 8);
	group.bytes[15] = (uint8_t)getpid();
	group.port = (uint16_t)(40000 + getpid() % 20000);
	return group;
}

static void fixture_init(struct fixture *f)
{
	struct group_config config = {
		.address = f->address,
		.hop_limit = 0,
		.has_loopback = true,
		.receives = true,
		.sends = true,
		.takes_bursts = true,
	};

	f->out = send_batch_new(true);
	f->in = receive_batch_new();
	tap_is_int(group_open(&f->log, &config, &f->group), 0, "a group opens");
	receive_batch_take_only(f->in, &f->address);
}

static void fixture_fini(struct fixture *f)
{
	group_close(f->group);
	send_batch_free(f->out);
	receive_batch_free(f->in);
}

static void send_all(struct fixture *f)
{
	struct group_sending progress = {0};

	group_send(f->group, f->out, &progress);
	tap_ok(progress.is_done && progress.refused == 0,
		"the kernel takes what is sent");
	send_batch_clear(f->out);
}

/* What comes within 5 s, as far as it is taken. */
static int receive(struct fixture *f)
{
	struct pollfd polled = {
		.fd = group_receiving_fd(f->group),
		.events = POLLIN,
	};

	return poll(&polled, 1, 5000) > 0 ? receive_batch_fill(f->in, polled.fd)
					  : -1;
}

static void test_round_trip(struct fixture *f)
{
	const struct datagram *first;
	struct address other;

	tap_is_int(group_join(f->group, &f->interface), 0, "it is joined");
	send_batch_add(f->out, "hello", 5, "\n");
	send_all(f);
	if (receive(f) != 1) {
		tap_ok(false, "what was sent comes back");
		return;
	}
	first = receive_batch_at(f->in, 0);
	tap_is_bytes(first->bytes, first->size, "hello\n", 6,
		"what was sent comes back");
	tap_is_int(first->interface_index, f->interface.index,
		"the interface is known");
	tap_is_int(first->hop_limit, 0, "and the hop limit");
	tap_ok(group_is_own(f->group, &first->from), "and that it is ours");
	other = first->from;
	other.bytes[15] ^= 1;
	tap_ok(!group_is_own(f->group, &other),
		"a datagram from another host is not");
	tap_ok(group_takes(f->group, f->interface.index) &&
			!group_takes(f->group, f->interface.index + 1),
		"what comes in by another interface is not for us");
}

/* The socket is bound to no group. */
static void test_other_group(struct fixture *f)
{
	struct address other = f->address;

	other.bytes[14] ^= 0x80;
	receive_batch_take_only(f->in, &other);
	send_batch_add(f->out, "x", 1, "");
	send_all(f);
	tap_is_int(receive(f), 0, "what is for another address is left out");
	receive_batch_take_only(f->in, &f->address);
}

static void test_burst(struct fixture *f)
{
	static const char bytes[100];
	int got = 0;

	for (int i = 0; i < BURST; i++)
		send_batch_add(f->out, bytes, sizeof(bytes), "");
	send_all(f);
	while (got < BURST) {
		int count = receive(f);

		if (count < 0)
			break;
		got += count;
	}
	tap_is_int(got, BURST, "a burst comes apart");
}

static void test_leaving(struct fixture *f)
{
	unsigned index = f->interface.index;

	group_renew(f->group);
	tap_ok(group_has(f->group, index), "it can be joined anew");
	group_lose(f->group, index);
	tap_ok(!group_has(f->group, index) && !group_takes(f->group, index),
		"what was lost is not taken from");
	tap_is_int(group_leave(f->group, index), 0, "the group is left");
}

int main(void)
{
	struct fixture f = {.address = test_group()};

	if (!find_interface(&f.interface)) {
		tap_skip("a group of IPv6", "no network here has IPv6");
		return tap_done();
	}
	fixture_init(&f);
	test_round_trip(&f);
	test_other_group(&f);
	test_burst(&f);
	test_leaving(&f);
	fixture_fini(&f);
	return tap_done();
}
