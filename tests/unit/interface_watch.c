/* SPDX-License-Identifier: ISC */
/* Runs in a network namespace of its own, whose interfaces it can change. */
#define _GNU_SOURCE /* unshare */
#include "mchat/network/interface_watch.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/network/call.h"

/* Takes lo up or down. */
static bool set_up(bool is_up)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool is_set;

	request.ifr_flags = is_up ? IFF_UP : 0;
	is_set = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	close(fd);
	return is_set;
}

/* The kernel tells before the call that changes something returns. */
static bool has_news(int fd)
{
	struct pollfd polled = {.fd = fd, .events = POLLIN};

	return poll(&polled, 1, 0) > 0;
}

static void test_news(int fd)
{
	struct interface_watch_news news;

	tap_ok(!has_news(fd), "nothing has changed yet");
	tap_ok(set_up(true) && has_news(fd), "lo comes up: that is news");
	interface_watch_take(fd, &news);
	tap_ok(!has_news(fd), "taken news is not there again");
	tap_ok(news.gone_count == 0 && !news.has_missed,
		"lo coming up is not news of a removal");
	tap_ok(set_up(false) && has_news(fd), "lo goes down: that is news");
	interface_watch_take(fd, &news);
	tap_ok(!news.has_missed, "no news was missed");
	for (int i = 0; i < 2000; i++)
		set_up(i % 2 == 0);
	interface_watch_take(fd, &news);
	tap_ok(!has_news(fd), "taking news takes all, however much there is");
	tap_ok(news.has_missed, "more news than fits is told as missed");
}

int main(void)
{
	struct call_log log = {0};
	int fd;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 &&
		unshare(CLONE_NEWNET) < 0) {
		printf("1..0 # SKIP no network of its own: %s\n",
			strerror(errno));
		return 0;
	}
	fd = interface_watch_open(&log, false);
	if (tap_ok(fd >= 0, "a watch opens"))
		test_news(fd);
	call_close(&log, fd, "done");
	fd = interface_watch_open(&log, true);
	if (tap_ok(fd >= 0, "a watch that includes routes opens"))
		test_news(fd);
	call_close(&log, fd, "done");
	return tap_done();
}
