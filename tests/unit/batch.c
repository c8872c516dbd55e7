/* SPDX-License-Identifier: ISC */
/* Bursts that the kernel cuts (UDP_SEGMENT), between two sockets on lo. */
#include "mchat/network/batch.h"
#include "mchat/network/send_batch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "random.h"
#include "tap.h"
#include "mchat/network/group_family.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a receive buffer of the usual size keeps. */
#define KEPT_MAX 200

struct fixture {
	int in;
	int out;
	struct address to;
	struct send_batch *sending;
	struct receive_batch *receiving;
};

static bool fixture_init(struct fixture *f, bool has_bursts)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);

	*f = (struct fixture){.in = socket(AF_INET, SOCK_DGRAM, 0)};
	f->out = socket(AF_INET, SOCK_DGRAM, 0);
	f->sending = send_batch_new(has_bursts);
	f->receiving = receive_batch_new();
	if (!f->sending || !f->receiving)
		abort();
	if (bind(f->in, (struct sockaddr *)&address, size) < 0 ||
		getsockname(f->in, (struct sockaddr *)&address, &size) < 0)
		return false;
	address_parse("127.0.0.1", &f->to);
	f->to.port = ntohs(address.sin_port);
	return true;
}

static void fixture_fini(struct fixture *f)
{
	close(f->in);
	close(f->out);
	send_batch_free(f->sending);
	receive_batch_free(f->receiving);
}

/* Bytes that differ from place to place, and from datagram to datagram. */
static const char *bytes_of(size_t index)
{
	static char bytes[DATAGRAM_SIZE_MAX + KEPT_MAX];

	if (bytes[1] == 0)
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (char)(i * 7 + i / 256);
	return bytes + index;
}

/* Sends what was added; returns the number of system calls, 0 when one failed.
 */
static int send_all(struct fixture *f)
{
	size_t first = 0;
	int calls = 0;

	while (first < send_batch_count(f->sending)) {
		int sent = send_batch_send(f->sending, first, f->out, &f->to);

		if (sent <= 0) {
			tap_note("send: %s", strerror(errno));
			return 0;
		}
		first += (size_t)sent;
		calls++;
	}
	send_batch_clear(f->sending);
	return calls;
}

/* Whether exactly datagrams of these sizes come, in order; the bytes of each
 * begin `step` further on in bytes_of() than those of the one before. */
static bool come_from(
	struct fixture *f, const size_t *sizes, size_t count, size_t step)
{
	size_t seen = 0;
	int got;

	while ((got = receive_batch_fill(f->receiving, f->in)) > 0) {
		for (size_t i = 0; i < (size_t)got; i++, seen++) {
			const struct datagram *datagram =
				receive_batch_at(f->receiving, i);

			if (seen < count && datagram->size == sizes[seen] &&
				memcmp(datagram->bytes, bytes_of(seen * step),
					sizes[seen]) == 0)
				continue;
			tap_note("number %zu has %zu bytes", seen,
				datagram->size);
			return false;
		}
	}
	return seen == count;
}

static bool come(struct fixture *f, const size_t *sizes, size_t count)
{
	return come_from(f, sizes, count, 1);
}

static void add(struct fixture *f, const size_t *sizes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		send_batch_add(f->sending, bytes_of(i), sizes[i], "");
}

static void test_runs(void)
{
	static const struct {
		const char *what;
		size_t sizes[8];
		size_t count;
	} cases[] = {
		{"one", {100}, 1},
		{"equal ones", {100, 100, 100}, 3},
		{"the last one shorter", {100, 100, 40}, 3},
		{"one shorter in the middle", {100, 40, 100, 100}, 4},
		{"ever longer ones", {1, 2, 3, 4}, 4},
		{"ever shorter ones", {4, 3, 2, 1}, 4},
		{"an empty one first", {0, 100, 100}, 3},
		{"an empty one in the middle", {100, 100, 0, 100, 100}, 5},
		{"an empty one last", {100, 100, 0}, 3},
		{"nothing but empty ones", {0, 0, 0}, 3},
		{"large ones", {1472, 1472, 1472, 1472, 1472, 1472, 9, 1472},
			8},
		{"two that do not fit into one", {40000, 40000, 10}, 3},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fixture f;

		if (fixture_init(&f, true)) {
			add(&f, cases[i].sizes, cases[i].count);
			tap_ok(send_all(&f) > 0 && come(&f, cases[i].sizes,
							   cases[i].count),
				"%s", cases[i].what);
		} else {
			tap_skip(cases[i].what, strerror(errno));
		}
		fixture_fini(&f);
	}
}

/* More than one burst may carry, in few calls. */
static void test_many(void)
{
	size_t sizes[KEPT_MAX];
	struct fixture f;

	for (size_t i = 0; i < KEPT_MAX; i++)
		sizes[i] = 64;
	if (fixture_init(&f, true)) {
		add(&f, sizes, KEPT_MAX);
		tap_is_int(send_all(&f), 1, "one call sends many datagrams");
		tap_ok(come(&f, sizes, KEPT_MAX),
			"more datagrams than a burst has arrive");
		for (size_t i = 0; i < KEPT_MAX; i++)
			sizes[i] = random_below(4) * 50;
		add(&f, sizes, KEPT_MAX);
		tap_ok(send_all(&f) > 0 && come(&f, sizes, KEPT_MAX),
			"many datagrams of random sizes arrive");
	} else {
		tap_skip("many", strerror(errno));
	}
	fixture_fini(&f);
}

/* How many datagrams the kernel takes as one. */
static void test_burst_sizes(void)
{
	static const unsigned sizes[] = {SEND_BURST_USUAL, SEND_BURST_MOST};
	static char bytes[DATAGRAM_SIZE_MAX];
	static const size_t each = 1472;
	struct fixture f;
	int on = 1;

	if (!fixture_init(&f, true) ||
		setsockopt(f.in, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)) < 0) {
		tap_skip("sizes of bursts", strerror(errno));
		fixture_fini(&f);
		return;
	}
	for (size_t i = 0; i < SEND_BURST_MOST; i++)
		send_batch_add(f.sending, bytes, each, "");
	for (size_t i = 0; i < COUNT(sizes); i++) {
		/* At first it is the usual one. */
		if (i > 0)
			send_batch_set_burst(f.sending, sizes[i]);
		send_batch_send(f.sending, 0, f.out, &f.to);
		tap_is_int(recv(f.in, bytes, sizeof(bytes), 0),
			(intmax_t)(sizes[i] * each),
			"a burst has as many datagrams as it may");
		while (recv(f.in, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
			;
	}
	fixture_fini(&f);
}

/* Sent from number 2 on, as after a kernel that took only two. */
static void test_first(void)
{
	static const size_t sizes[] = {50, 50, 50, 50, 50};
	struct fixture f;

	if (fixture_init(&f, true)) {
		for (size_t i = 0; i < COUNT(sizes); i++)
			send_batch_add(f.sending, i < 2 ? "" : bytes_of(i - 2),
				i < 2 ? 0 : sizes[i], "");
		tap_is_int(send_batch_send(f.sending, 2, f.out, &f.to), 3,
			"sending from number 2 on sends the other three");
		tap_ok(come(&f, sizes, 3), "only the other three arrive");
	} else {
		tap_skip("the rest of a batch", strerror(errno));
	}
	fixture_fini(&f);
}

/* As many datagrams in one burst as this kernel lets a sender make. */
static void most_joined(struct fixture *f)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(f->to.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	size_t sizes[256];
	size_t count = COUNT(sizes);
	int each = 100;

	for (size_t i = 0; i < count; i++)
		sizes[i] = (size_t)each;
	setsockopt(f->out, IPPROTO_UDP, UDP_SEGMENT, &each, sizeof(each));
	while (count > 0 && sendto(f->out, bytes_of(0), count * (size_t)each, 0,
				    (struct sockaddr *)&to, sizeof(to)) < 0)
		count--;
	tap_ok(count >= 64 && come_from(f, sizes, count, (size_t)each) &&
			receive_batch_take_overflow(f->receiving) == 0,
		"%zu datagrams in one burst arrive", count);
}

/* Bursts that the kernel hands over whole are taken apart. */
static void test_joined(void)
{
	static const size_t sizes[] = {100, 100, 100, 40, 0, 7, 7, 1400, 1400,
		1400, 1400, 1400, 1400, 1400, 1400, 1400, 3};
	struct fixture f;
	int on = 1;

	if (!fixture_init(&f, true)) {
		tap_skip("joined ones", strerror(errno));
	} else if (setsockopt(f.in, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)) <
		   0) {
		tap_skip("UDP_GRO", strerror(errno));
	} else {
		add(&f, sizes, COUNT(sizes));
		tap_ok(send_all(&f) > 0 && come(&f, sizes, COUNT(sizes)),
			"datagrams that the kernel joined are taken apart");
		most_joined(&f);
	}
	fixture_fini(&f);
}

/* A datagram of two parts in a burst. */
static void test_tails(void)
{
	struct fixture f;
	const struct datagram *datagram;

	if (fixture_init(&f, true)) {
		send_batch_add(f.sending, "one", 3, "\n");
		send_batch_add(f.sending, "tw", 2, "o\n");
		send_batch_add(f.sending, "3", 1, "");
		tap_is_int(send_all(&f), 1,
			"one call sends three datagrams with tails");
		tap_is_int(receive_batch_fill(f.receiving, f.in), 3,
			"three datagrams with tails arrive");
		datagram = receive_batch_at(f.receiving, 1);
		tap_is_bytes(datagram->bytes, datagram->size, "two\n", 4,
			"the second datagram has its own tail");
	} else {
		tap_skip("tails", strerror(errno));
	}
	fixture_fini(&f);
}

/*
 * Without checksums the kernel refuses to cut (EINVAL, udp_send_skb), for a
 * burst that comes first as for one behind a single datagram.
 */
static void test_refused(void)
{
	static const size_t sizes[] = {10, 50, 50, 50, 50, 20};
	struct fixture f;
	int on = 1;

	if (fixture_init(&f, true) && setsockopt(f.out, SOL_SOCKET, SO_NO_CHECK,
					      &on, sizeof(on)) == 0) {
		add(&f, sizes, COUNT(sizes));
		tap_is_int(send_all(&f), 2,
			"a burst that is refused takes a second call");
		tap_ok(come(&f, sizes, COUNT(sizes)),
			"a burst that is refused goes out one by one, each "
			"once");
		add(&f, sizes, COUNT(sizes));
		tap_is_int(send_all(&f), 1,
			"after a refusal no burst is tried again");
		tap_ok(come(&f, sizes, COUNT(sizes)),
			"after a refusal all datagrams arrive");
	} else {
		tap_skip("a kernel that cannot cut", strerror(errno));
	}
	fixture_fini(&f);
}

/* An error that has nothing to do with bursts is returned. */
static void test_error(void)
{
	static const size_t sizes[] = {50, 50};
	struct fixture f;

	if (fixture_init(&f, true)) {
		f.to.port = 0;
		add(&f, sizes, COUNT(sizes));
		tap_ok(send_batch_send(f.sending, 0, f.out, &f.to) < 0 &&
				errno == EINVAL,
			"what cannot be sent at all is an error");
	} else {
		tap_skip("an error", strerror(errno));
	}
	fixture_fini(&f);
}

int main(void)
{
	const struct address any = {.family = ADDRESS_IPV4};

	tap_note("SEED=%ju", (uintmax_t)random_seed());
	test_runs();
	test_many();
	test_first();
	test_tails();
	/* Not every system has bursts. */
	if (group_family_of(&any)->bursts != SOCKOPT_NONE) {
		test_burst_sizes();
		test_joined();
		test_refused();
	}
	test_error();
	return tap_done();
}
