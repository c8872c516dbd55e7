/* SPDX-License-Identifier: ISC */
/* What one host answered is not the failure of what is sent to another; on the
 * loopback of this host. */
#include "mchat/network/error_queue.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/network/call.h"
#include "mchat/network/sockaddr.h"
#include "mchat/network/sockopt.h"

struct fixture {
	struct call_log log;
	int fd;                 /* keeps errors */
	int other;              /* receives */
	struct address open;    /* where it does */
	struct address refuses; /* where nobody does */
};

/* A socket on the loopback, and where. */
static int bound(struct fixture *f, struct address *out)
{
	int fd = call_socket(&f->log, AF_INET, SOCK_DGRAM, "to try");

	address_parse("127.0.0.1", out);
	call_bind(&f->log, fd, out, "any port");
	call_getsockname(&f->log, fd, out, "which");
	return fd;
}

static void setup(struct fixture *f)
{
	struct address own;

	*f = (struct fixture){0};
	f->fd = bound(f, &own);
	f->other = bound(f, &f->open);
	close(bound(f, &f->refuses));
	sockopt_set_number(
		&f->log, f->fd, SOCKOPT_IP_RECVERR, 1, "errors are kept");
}

static void teardown(struct fixture *f)
{
	close(f->fd);
	close(f->other);
}

static int send_to(const struct fixture *f, const struct address *to)
{
	struct sockaddr_storage storage;
	socklen_t size = sockaddr_from_address(to, &storage);

	return (int)sendto(f->fd, "x", 1, MSG_DONTWAIT,
		(const struct sockaddr *)&storage, size);
}

/* Waits until somebody has answered; the loopback does so at once. */
static bool is_answered(const struct fixture *f)
{
	struct pollfd polled = {.fd = f->fd};

	return poll(&polled, 1, 5000) == 1 && polled.revents & POLLERR;
}

static bool is_quiet(const struct fixture *f)
{
	struct pollfd polled = {.fd = f->fd};

	return poll(&polled, 1, 0) == 0;
}

static void test_answer(void)
{
	struct fixture f;

	setup(&f);
	tap_is_int(send_to(&f, &f.refuses), 1, "it is sent to nobody");
	tap_ok(is_answered(&f), "which is answered");
	errno = 0;
	tap_ok(send_to(&f, &f.open) == -1 && errno == ECONNREFUSED,
		"the next call fails by that");
	tap_ok(error_queue_drain(f.fd, ECONNREFUSED), "it was another's");
	tap_is_int(send_to(&f, &f.open), 1, "repeated it goes well");
	tap_ok(is_quiet(&f), "and there is nothing left to poll");
	teardown(&f);
}

static void test_own(void)
{
	struct fixture f;

	setup(&f);
	tap_ok(!error_queue_drain(f.fd, ENOBUFS),
		"without an answer the failure is our own");
	send_to(&f, &f.refuses);
	tap_ok(is_answered(&f), "somebody answers");
	tap_ok(!error_queue_drain(f.fd, EPERM),
		"another failure is our own all the same");
	tap_ok(is_quiet(&f), "and the answer is gone");
	tap_is_int(send_to(&f, &f.open), 1, "no call fails by it");
	teardown(&f);
}

int main(void)
{
	test_answer();
	test_own();
	return tap_done();
}
