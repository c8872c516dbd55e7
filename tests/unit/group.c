/* SPDX-License-Identifier: ISC */
/* The socket pair and batches, on the loopback of this host. */
#include "mchat/network/group.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/network/batch.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/network/send_batch.h"

/* The group's last byte and port come from the process id, so that two runs of
 * this test on one host do not hear each other. */
static struct address test_group(void)
{
	struct address group;

	address_parse("239.255.78.1", &group);
	group.bytes[3] = (uint8_t)(getpid() % 250 + 1);
	group.port = (uint16_t)(40000 + getpid() % 20000);
	return group;
}

static struct interface loopback(void)
{
	struct interface_list list = {0};
	const struct interface *lo;
	struct interface found = {0};

	interface_list(ADDRESS_IPV4, &list);
	lo = interface_find(&list, "lo");
	if (lo && lo->is_up)
		found = *lo;
	interface_list_fini(&list);
	return found;
}

/* Receives until `wanted` datagrams came or 5 s passed without one. */
static int receive(struct receive_batch *batch, int fd, int wanted)
{
	struct pollfd polled = {.fd = fd, .events = POLLIN};
	int count = 0;

	while (count < wanted && poll(&polled, 1, 5000) > 0)
		count += receive_batch_fill(batch, fd);
	return count;
}

struct fixture {
	struct call_log log;
	struct interface lo;
	struct group *group;
	struct send_batch *out;
	struct receive_batch *in;
};

static struct group_config config(void)
{
	return (struct group_config){
		.address = test_group(),
		.hop_limit = 3,
		.has_loopback = true,
		.receives = true,
		.sends = true,
	};
}

static void fixture_init(struct fixture *f)
{
	struct group_config configuration = config();

	*f = (struct fixture){.lo = loopback()};
	f->out = send_batch_new(false);
	f->in = receive_batch_new();
	tap_is_int(group_open(&f->log, &configuration, &f->group), 0,
		"a group opens");
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
	struct pollfd polled = {
		.fd = group_sending_fd(f->group),
		.events = POLLOUT,
	};

	while (!progress.is_done) {
		group_send(f->group, f->out, &progress);
		if (!progress.is_done)
			poll(&polled, 1, 5000);
	}
	tap_is_int((intmax_t)progress.refused, 0, "no datagram is refused");
	send_batch_clear(f->out);
}

/* Whether the kernel lists the group as joined. */
static bool is_joined(const struct address *group)
{
	char wanted[16];
	char line[256];
	bool found = false;
	FILE *file = fopen("/proc/net/igmp", "r");

	/* It prints the address as a number of this machine's byte order. */
	uint32_t number;

	memcpy(&number, group->bytes, sizeof(number));
	snprintf(wanted, sizeof(wanted), "%08X", number);
	while (file && fgets(line, sizeof(line), file))
		found = found || strstr(line, wanted);
	if (file)
		fclose(file);
	return found;
}

static void test_round_trip(struct fixture *f)
{
	const struct datagram *first;

	tap_is_int(
		group_join(f->group, &f->lo), 0, "the group is joined on lo");
	send_batch_add(f->out, "hello", 5, "\n");
	send_batch_add(f->out, "", 0, "");
	send_all(f);
	tap_is_int(receive(f->in, group_receiving_fd(f->group), 1), 2,
		"both datagrams come in one call, the empty one too");
	first = receive_batch_at(f->in, 0);
	tap_is_bytes(first->bytes, first->size, "hello\n", 6,
		"the first datagram comes as sent");
	tap_is_int((intmax_t)receive_batch_at(f->in, 1)->size, 0,
		"the empty datagram comes empty");
	tap_is_int(
		first->hop_limit, 3, "a datagram has the TTL it was sent with");
	tap_is_int(first->interface_index, f->lo.index,
		"a datagram came in on lo");
	tap_ok(group_is_own(f->group, &first->from),
		"our own datagram is known as our own");

	struct address other = first->from;

	other.port ^= 1;
	tap_ok(!group_is_own(f->group, &other),
		"a datagram from another port is not our own");
	other = first->from;
	other.bytes[3] ^= 1;
	tap_ok(!group_is_own(f->group, &other),
		"a datagram from another host is not our own");
}

static void test_many(struct fixture *f)
{
	enum { MANY = 3 * RECEIVE_BATCH_MAX + 1 };
	static char numbers[MANY][16];
	bool in_order = true;
	int seen = 0;

	for (int i = 0; i < MANY; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%d", i);
		send_batch_add(f->out, numbers[i], strlen(numbers[i]), "");
	}
	send_all(f);
	while (seen < MANY) {
		int count = receive(f->in, group_receiving_fd(f->group), 1);

		for (int i = 0; i < count; i++, seen++) {
			const struct datagram *d =
				receive_batch_at(f->in, (size_t)i);

			in_order = in_order && seen < MANY &&
				   d->size == strlen(numbers[seen]) &&
				   !memcmp(d->bytes, numbers[seen], d->size);
		}
		if (count <= 0)
			break;
	}
	tap_is_int(seen, MANY, "more datagrams than a batch come in");
	tap_ok(in_order, "more datagrams than a batch come in order");
}

static void test_largest(struct fixture *f)
{
	char *bytes = malloc(DATAGRAM_SIZE_MAX + 1);
	struct group_sending progress = {0};

	memset(bytes, 'x', DATAGRAM_SIZE_MAX + 1);
	send_batch_add(f->out, bytes, DATAGRAM_SIZE_MAX, "");
	send_all(f);
	tap_is_int(receive(f->in, group_receiving_fd(f->group), 1), 1,
		"the largest datagram comes");
	tap_is_int((intmax_t)receive_batch_at(f->in, 0)->size,
		DATAGRAM_SIZE_MAX, "the largest datagram is whole");
	send_batch_add(f->out, bytes, DATAGRAM_SIZE_MAX + 1, "");
	send_batch_add(f->out, "after", 5, "");
	group_send(f->group, f->out, &progress);
	tap_ok(progress.is_done && progress.refused == 1 &&
			progress.error == EMSGSIZE,
		"a datagram one byte larger is refused, and counted");
	tap_is_int((intmax_t)group_sending_taken(&progress, 2), 1,
		"of two datagrams one was taken");
	send_batch_clear(f->out);
	tap_is_int(receive(f->in, group_receiving_fd(f->group), 1), 1,
		"the datagram behind a refused one is sent");
	free(bytes);
}

static void test_leaving(struct fixture *f)
{
	struct address group = test_group();

	tap_ok(is_joined(&group), "the kernel lists the membership");
	tap_is_int(group_leave(f->group, f->lo.index), 0, "the group is left");
	tap_ok(!is_joined(&group), "the kernel no longer lists the membership");
	tap_ok(group_leave(f->group, f->lo.index) < 0 && errno == EADDRNOTAVAIL,
		"leaving twice is an error");
	tap_is_int(
		group_join(f->group, &f->lo), 0, "the group is joined again");
	tap_ok(is_joined(&group), "the kernel lists the membership again");
}

static void test_overflow(void)
{
	struct group_config configuration = config();
	struct fixture f = {.lo = loopback()};
	enum { SENT = 500 };
	int got;

	configuration.receive_buffer = 4096;
	f.out = send_batch_new(false);
	f.in = receive_batch_new();
	group_open(&f.log, &configuration, &f.group);
	tap_is_int(group_receive_buffer(f.group), 4096,
		"the buffer granted is told in the terms of what was asked");
	group_join(f.group, &f.lo);
	for (int i = 0; i < SENT; i++)
		send_batch_add(f.out, "x", 1, "");
	send_all(&f);
	got = receive(f.in, group_receiving_fd(f.group), 1);
	tap_ok(got > 0 && got < SENT, "a small buffer loses datagrams");
	/* The kernel's count of losses comes with the next datagram that is
	 * queued. */
	send_batch_add(f.out, "y", 1, "");
	send_all(&f);
	got += receive(f.in, group_receiving_fd(f.group), 1);
	tap_is_int((intmax_t)receive_batch_take_overflow(f.in), SENT + 1 - got,
		"the kernel's count of losses is exact");
	tap_is_int((intmax_t)receive_batch_take_overflow(f.in), 0,
		"the count of losses is taken once");
	/* Another socket, which gets the same number. */
	got = group_receiving_fd(f.group);
	group_close(f.group);
	group_open(&f.log, &configuration, &f.group);
	tap_is_int(group_receiving_fd(f.group), got,
		"a group opened after a close gets the same descriptor");
	group_join(f.group, &f.lo);
	receive_batch_begin(f.in);
	send_batch_clear(f.out);
	for (int i = 0; i < SENT - 1; i++)
		send_batch_add(f.out, "x", 1, "");
	send_all(&f);
	got = receive(f.in, group_receiving_fd(f.group), 1);
	receive_batch_ask_overflow(f.in, group_receiving_fd(f.group));
	tap_is_int((intmax_t)receive_batch_take_overflow(f.in), SENT - 1 - got,
		"a new socket's losses count from its beginning on");
	fixture_fini(&f);
}

/* Sends `count` datagrams to a small buffer, which will not keep them all. */
static void overflow_once(struct fixture *f, int count)
{
	for (int i = 0; i < count; i++)
		send_batch_add(f->out, "x", 1, "");
	send_all(f);
}

/*
 * Datagrams that waited tell an older count than the kernel gives when it is
 * asked before they are received: that is no new loss.
 */
static void test_overflow_asked(void)
{
	struct group_config configuration = config();
	struct fixture f = {.lo = loopback()};
	enum { SENT = 900, MORE = 800 };
	uint64_t lost = 0;
	int got = 0;
	int count;

	configuration.receive_buffer = 120000;
	f.out = send_batch_new(false);
	f.in = receive_batch_new();
	group_open(&f.log, &configuration, &f.group);
	group_join(f.group, &f.lo);
	overflow_once(&f, SENT);
	/* Takes most of what was kept, so that there is room again. */
	got += receive(f.in, group_receiving_fd(f.group), 200);
	overflow_once(&f, MORE);
	receive_batch_ask_overflow(f.in, group_receiving_fd(f.group));
	while ((count = receive_batch_fill(f.in, group_receiving_fd(f.group))) >
		0) {
		got += count;
		lost += receive_batch_take_overflow(f.in);
		receive_batch_ask_overflow(f.in, group_receiving_fd(f.group));
	}
	lost += receive_batch_take_overflow(f.in);
	tap_ok(got < SENT + MORE, "some datagrams did not fit into the buffer");
	tap_is_int((intmax_t)lost, SENT + MORE - got,
		"the count of losses is exact, whether asked for or told");
	fixture_fini(&f);
}

/* Another socket takes over the first one's memberships, and its count of
 * losses begins anew. */
static void test_binding(void)
{
	struct group_config configuration = config();
	struct fixture f = {.lo = loopback()};
	const struct interface none = {.name = "there-is-none", .index = 9999};
	int before;
	int got;

	configuration.receive_buffer = 4096;
	configuration.only = &f.lo;
	f.out = send_batch_new(false);
	f.in = receive_batch_new();
	group_open(&f.log, &configuration, &f.group);
	group_join(f.group, &f.lo);
	before = group_receiving_fd(f.group);
	tap_is_int(group_bind(f.group, &f.lo), 0,
		"binding to lo, where it is bound already, succeeds");
	tap_is_int(group_receiving_fd(f.group), before,
		"binding to lo again keeps the socket");
	overflow_once(&f, 500);
	receive(f.in, before, 1);
	receive_batch_ask_overflow(f.in, before);
	tap_ok(receive_batch_take_overflow(f.in) > 200,
		"the first socket lost many datagrams");
	while (receive_batch_fill(f.in, before) > 0)
		continue;
	overflow_once(&f, 3);
	tap_is_int(group_bind(f.group, NULL), 0,
		"unbinding from an interface succeeds");
	overflow_once(&f, 1);
	tap_is_int(group_receiving_fd(f.group), before,
		"what waits in the old socket comes first");
	tap_ok(!group_close_replaced(f.group),
		"the old socket is not closed while datagrams wait in it");
	tap_is_int(receive(f.in, before, 3), 3,
		"the old socket has exactly what came before the new one");
	tap_ok(group_close_replaced(f.group),
		"the old socket is closed once it is empty");
	tap_ok(group_receiving_fd(f.group) != before,
		"then the new socket receives");
	tap_is_int(receive(f.in, group_receiving_fd(f.group), 1), 1,
		"the new socket has what came since");
	overflow_once(&f, 200);
	got = receive(f.in, group_receiving_fd(f.group), 1);
	tap_ok(got > 0, "the new socket is in the group");
	receive_batch_ask_overflow(f.in, group_receiving_fd(f.group));
	tap_is_int((intmax_t)receive_batch_take_overflow(f.in), 200 - got,
		"the new socket counts its own losses");
	before = group_receiving_fd(f.group);
	tap_is_int(group_bind(f.group, &none), 0,
		"binding to an interface that is not there succeeds");
	tap_ok(group_receiving_fd(f.group) != before,
		"after that another socket receives");
	overflow_once(&f, 1);
	tap_is_int(receive(f.in, group_receiving_fd(f.group), 1), 1,
		"the socket that could not be bound is in the group");
	fixture_fini(&f);
}

/* Sending where nothing is joined is refused, not forgotten. */
static void test_nowhere(void)
{
	struct group_config configuration = config();
	struct fixture f = {.lo = loopback()};
	struct group_sending progress = {0};

	f.out = send_batch_new(false);
	group_open(&f.log, &configuration, &f.group);
	send_batch_add(f.out, "x", 1, "");
	send_batch_add(f.out, "y", 1, "");
	group_send(f.group, f.out, &progress);
	tap_ok(progress.is_done && progress.refused == 2 &&
			progress.error == ENETDOWN,
		"joined nowhere: both are refused");
	tap_is_int((intmax_t)group_sending_taken(&progress, 2), 0,
		"joined nowhere: none is taken");
	fixture_fini(&f);
}

static void test_halves(void)
{
	struct group_config configuration = config();
	struct call_log log = {0};
	struct interface lo = loopback();
	struct group *group = NULL;

	configuration.receives = false;
	group_open(&log, &configuration, &group);
	tap_is_int(group_receiving_fd(group), -1,
		"a group that only sends has no receiving socket");
	tap_is_int(group_receive_buffer(group), 0,
		"a group that only sends has no receive buffer");
	tap_is_int(group_join(group, &lo), 0,
		"a group that only sends may choose interfaces");
	tap_ok(!is_joined(&configuration.address),
		"a group that only sends is not a member");
	group_close(group);

	configuration.receives = true;
	configuration.sends = false;
	group_open(&log, &configuration, &group);
	tap_is_int(group_sending_fd(group), -1,
		"a group that only receives has no sending socket");
	group_close(group);
	group_close(NULL);

	configuration.hop_limit = 256;
	configuration.sends = true;
	tap_ok(group_open(&log, &configuration, &group) < 0 && errno == EINVAL,
		"a TTL the kernel refuses is an error");
	tap_ok(strstr(log.failed, "IP_MULTICAST_TTL, 256") != NULL,
		"the failed call names the option: %s", log.failed);
}

int main(void)
{
	struct group_config configuration = config();
	struct fixture f;

	if (loopback().index == 0) {
		puts("1..0 # SKIP lo is not up");
		return 0;
	}
	fixture_init(&f);
	test_round_trip(&f);
	test_many(&f);
	test_largest(&f);
	test_leaving(&f);
	fixture_fini(&f);
	/* Not every system counts what did not fit. */
	if (group_family_of(&configuration.address)->losses != SOCKOPT_NONE) {
		test_overflow();
		test_overflow_asked();
		test_binding();
	}
	test_nowhere();
	test_halves();
	return tap_done();
}
