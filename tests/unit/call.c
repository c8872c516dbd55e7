/* SPDX-License-Identifier: ISC */
#include "mchat/network/call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tap.h"
#include "mchat/base/address.h"

static char story[1024];

static void observe(void *context, const struct call_record *record)
{
	char line[256];

	(void)context;
	snprintf(line, sizeof(line), "%s=%d (%s)\n", record->text,
		record->result, record->why);
	strncat(story, line, sizeof(story) - strlen(story) - 1);
}

static void test_story(void)
{
	struct call_log log = {.observe = observe};
	struct address address = {.family = ADDRESS_IPV4, .port = 0};
	char expected[256];
	int fd = call_socket(&log, AF_INET, SOCK_DGRAM, "talk");

	tap_ok(fcntl(fd, F_GETFD) & FD_CLOEXEC, "a socket is closed on exec");
	call_bind(&log, fd, &address, "anywhere");
	call_close(&log, fd, "done");
	snprintf(expected, sizeof(expected),
		"socket(AF_INET, SOCK_DGRAM, 0)=%d (talk)\n"
		"bind(%d, 0.0.0.0:0)=0 (anywhere)\n"
		"close(%d)=0 (done)\n",
		fd, fd, fd);
	tap_is_string(
		story, expected, "the observer hears each call once, in order");
	tap_is_string(log.failed, "", "no failed call is remembered");
}

static void test_failure(void)
{
	struct call_log log = {0};
	struct address address;
	char expected[CALL_TEXT_SIZE];
	int fd = call_socket(&log, AF_INET, SOCK_DGRAM, "");

	address_parse("192.0.2.254", &address);
	tap_is_int(call_bind(&log, fd, &address, ""), -1,
		"binding to another host's address fails");
	tap_is_int(errno, EADDRNOTAVAIL, "errno is the kernel's");
	snprintf(expected, sizeof(expected), "bind(%d, 192.0.2.254:0)", fd);
	tap_is_string(log.failed, expected, "the failed call is remembered");
	tap_is_int(log.error, EADDRNOTAVAIL,
		"the error of the failed call is remembered");
	call_close(&log, fd, "");
}

static void test_advice(void)
{
	const char *advice = call_advice(
		"setsockopt(3, IPPROTO_IP, IP_ADD_MEMBERSHIP, x)", ENOBUFS);

	tap_ok(advice && strstr(advice, "igmp_max_memberships"),
		"the advice on too many memberships names the sysctl");
	tap_ok(call_advice("bind(3, 239.1.2.3:5)", EADDRINUSE) != NULL,
		"there is advice on a port in use");
	tap_ok(call_advice("close(3)", EADDRINUSE) == NULL,
		"there is no advice where none is known");
}

int main(void)
{
	test_story();
	test_failure();
	test_advice();
	return tap_done();
}
