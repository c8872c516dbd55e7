/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/member_probe.h"

#include <unistd.h>

#include "mchat/doctor/probe_socket.h"
#include "mchat/io/clock.h"

/* A member of a small group says that it is there within this. */
#define LISTEN_MS 3000

/* Hosts that are counted; more are as good as these. */
#define OTHERS_MAX 64

struct others {
	struct address items[OTHERS_MAX];
	unsigned count;
};

static void note(struct others *others, const struct address *from)
{
	for (unsigned i = 0; i < others->count; i++) {
		if (address_same_host(&others->items[i], from))
			return;
	}
	if (others->count < OTHERS_MAX)
		others->items[others->count++] = *from;
}

static bool is_own(const struct evidence *evidence, const struct address *from)
{
	for (size_t i = 0; i < evidence->interface_count; i++) {
		if (address_same_host(
			    &evidence->interfaces[i].interface.address, from))
			return true;
	}
	return false;
}

/* Joined where a chat would be; -1 when nowhere.  A socket that is bound to an
 * IPv6 group is bound to one link with it, so there it is bound to none. */
static int open_listener(const struct evidence *evidence)
{
	const struct address any = {
		.family = ADDRESS_IPV6,
		.port = evidence->group.port,
	};
	int fd = probe_socket_receiving(evidence->group.family == ADDRESS_IPV6
						? &any
						: &evidence->group);
	bool is_joined = false;

	for (size_t i = 0; fd >= 0 && i < evidence->interface_count; i++) {
		const struct interface_evidence *it = &evidence->interfaces[i];

		if (it->is_chosen && probe_socket_join(fd, &evidence->group,
					     &it->interface) == 0)
			is_joined = true;
	}
	if (fd >= 0 && !is_joined) {
		close(fd);
		return -1;
	}
	return fd;
}

void member_probe_run(struct instant deadline, struct evidence *out)
{
	struct instant end = instant_earlier(
		deadline, instant_after(clock_now(), duration_ms(LISTEN_MS)));
	struct others others = {0};
	int fd = open_listener(out);
	struct arrival arrival;
	char byte;

	if (fd < 0)
		return;
	while (instant_before(clock_now(), end) &&
		probe_socket_receive(fd, end, &byte, sizeof(byte), &arrival) >=
			0) {
		if (!is_own(out, &arrival.from))
			note(&others, &arrival.from);
	}
	out->others = others.count;
	close(fd);
}
