/* SPDX-License-Identifier: ISC */
#include "mchat/network/group_socket.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/network/sockaddr.h"

const char *group_hop_limit_name(const struct address *group)
{
	return group->family == ADDRESS_IPV6 ? "hop limit" : "TTL";
}

/* What a fresh socket has (ip(7)). */
#define HOP_LIMIT_DEFAULT 1

enum need {
	NICE_TO_HAVE, /* mchat works without it */
	NEEDED,       /* it would do other than it was asked to */
};

/* One option to set on a fresh socket. */
struct setting {
	enum sockopt_id id;
	int number;
	enum need need;
	const char *why;
};

bool group_has_refusal(const struct group_refusals *refused, enum sockopt_id id)
{
	for (size_t i = 0; i < refused->count; i++) {
		if (refused->options[i] == id)
			return true;
	}
	return false;
}

static void note_refusal(
	struct group_refusals *refused, enum sockopt_id id, int error)
{
	refused->error = error;
	if (!group_has_refusal(refused, id) &&
		refused->count < GROUP_REFUSALS_MAX)
		refused->options[refused->count++] = id;
}

static int apply(struct call_log *log, int fd, const struct setting *settings,
	size_t count, struct group_refusals *refused)
{
	for (size_t i = 0; i < count; i++) {
		const struct setting *it = &settings[i];

		if (it->id == SOCKOPT_NONE ||
			sockopt_set_number(
				log, fd, it->id, it->number, it->why) == 0)
			continue;
		if (it->need == NEEDED)
			return -1;
		note_refusal(refused, it->id, errno);
		call_forget(log);
	}
	return 0;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Linux, from about 6.10, may hand a multicast datagram that exactly one socket
 * of a reuseport set wants to any socket of the set, also to one that joined on
 * other interfaces (tests/net/interfaces.t and overlap.t show it).  Two ways
 * out of the set: sockets bound to different devices are in different sets, and
 * a socket that takes SO_REUSEPORT back is in none.  The first keeps the port
 * open for programs that set SO_REUSEPORT only; it needs Linux 5.7 or
 * privileges, and a single interface.  Where sources are listed it is of no
 * use: other members of this host bind to the same device, and list others
 * (tests/net/source.t).
 */
static bool bind_to_device(struct call_log *log, int fd, enum sockopt_id device,
	const struct interface *only)
{
	struct sockopt_value value = {.type = SOCKOPT_DEVICE};

	if (!only || device == SOCKOPT_NONE)
		return false;
	snprintf(value.device, sizeof(value.device), "%s", only->name);
	if (sockopt_set(log, fd, device, &value,
		    "or Linux may give us what others joined elsewhere") < 0) {
		call_forget(log);
		return false;
	}
	return true;
}

static int leave_reuseport_set(struct call_log *log, int fd)
{
	return sockopt_set_number(log, fd, SOCKOPT_SO_REUSEPORT, 0,
		"or Linux may give us what others joined elsewhere");
}

/* Where it is refused, each datagram comes by itself. */
static void take_bursts(struct call_log *log, int fd, enum sockopt_id bursts)
{
	if (bursts != SOCKOPT_NONE &&
		sockopt_set_number(log, fd, bursts, 1,
			"a burst costs as much as one datagram") < 0)
		call_forget(log);
}

/* Closes what could not be made fit for use; -1, with errno as it was. */
static int give_up(struct call_log *log, int fd)
{
	int error = errno;

	call_close(log, fd, "it cannot be used so");
	errno = error;
	return -1;
}

/* Binds to the group, and out of a reuseport set with others. */
static int bind_ipv4(struct call_log *log, const struct address *group,
	const struct interface *only, const struct group_refusals *refused,
	int fd)
{
	const struct group_family *family = group_family_of(group);
	bool is_apart = bind_to_device(log, fd, family->device, only);

	if (call_bind(log, fd, group,
		    "receive what is sent to the group and nothing else") < 0)
		return -1;
	return is_apart || !family->leaves_reuseport_set ||
			       group_has_refusal(refused, SOCKOPT_SO_REUSEPORT)
		       ? 0
		       : leave_reuseport_set(log, fd);
}

/* Each socket of a reuseport set gets what it joined, and all of it. */
static int bind_ipv6(struct call_log *log, const struct address *group, int fd)
{
	const struct address port = {
		.family = ADDRESS_IPV6, .port = group->port};

	if (sockopt_set_number(log, fd, SOCKOPT_IPV6_V6ONLY, 1,
		    "IPv4 has sockets of its own on this port") < 0)
		return -1;
	return call_bind(log, fd, &port,
		"a group of the link would bind it to one device");
}

static int set_receiving(struct call_log *log,
	const struct group_config *config, const struct interface *only,
	struct group_refusals *refused, int fd)
{
	const struct group_family *family = group_family_of(&config->address);
	bool is_ipv6 = config->address.family == ADDRESS_IPV6;
	const struct setting before_bind[] = {
		{SOCKOPT_SO_REUSEADDR, 1, NICE_TO_HAVE,
			"other members on this host bind the same port"},
		{SOCKOPT_SO_REUSEPORT, 1, NICE_TO_HAVE,
			"also programs that set this one only"},
		{family->all, 0, NICE_TO_HAVE, "only what this socket joined"},
		{SOCKOPT_SO_RCVBUF,
			config->receive_buffer ? config->receive_buffer
					       : GROUP_RECEIVE_BUFFER,
			NICE_TO_HAVE,
			"room for bursts: what does not fit is "
			"lost " GROUP_BUFFER_NOTE},
		{family->losses, 1, NICE_TO_HAVE, "count what did not fit"},
		{family->packet_info, 1, is_ipv6 ? NEEDED : NICE_TO_HAVE,
			"which interface it came in on"},
		{family->receive_hop_limit, 1, NICE_TO_HAVE, "how far it came"},
	};

	if (apply(log, fd, before_bind, COUNT(before_bind), refused) < 0)
		return -1;
	/* Who lacks that old option does not know what bursts are, and may tell
	 * their sizes in another byte order (qemu-user, see batch_linux.c). */
	if (config->takes_bursts && !group_has_refusal(refused, family->losses))
		take_bursts(log, fd, family->bursts);
	if (config->source_count > 0)
		only = NULL;
	return is_ipv6 ? bind_ipv6(log, &config->address, fd)
		       : bind_ipv4(log, &config->address, only, refused, fd);
}

int group_socket_receiving(struct call_log *log,
	const struct group_config *config, const struct interface *only,
	struct group_refusals *refused)
{
	int fd = call_socket(log, sockaddr_domain(&config->address), SOCK_DGRAM,
		"the socket that receives");

	if (fd >= 0 && set_receiving(log, config, only, refused, fd) < 0)
		return give_up(log, fd);
	return fd;
}

/* To any address, but where the system cannot be told by which interface to
 * send: what leaves from the address of one leaves by it (ip_route_output of
 * Linux), so of one interface that is enough. */
static int bind_sending(struct call_log *log, const struct group_config *config,
	struct group_refusals *refused, int fd)
{
	enum sockopt_id interface =
		group_family_of(&config->address)->interface;
	struct address port = {.family = config->address.family};
	struct sockopt_value value;

	if (config->only && sockopt_get(fd, interface, &value) < 0 &&
		errno == ENOPROTOOPT) {
		note_refusal(refused, interface, errno);
		port = config->only->address;
		port.port = 0;
	}
	return call_bind(
		log, fd, &port, "a port of our own, by which we know our echo");
}

static int set_sending(struct call_log *log, const struct group_config *config,
	struct group_refusals *refused, int fd, struct address *own)
{
	const struct group_family *family = group_family_of(&config->address);
	const struct setting settings[] = {
		{family->hop_limit, config->hop_limit,
			config->hop_limit == HOP_LIMIT_DEFAULT ? NICE_TO_HAVE
							       : NEEDED,
			"how many networks a line may cross"},
		{family->loop, config->has_loopback,
			config->has_loopback ? NICE_TO_HAVE : NEEDED,
			"whether other members on this host hear us"},
		{family->mtu_discover, family->mtu_discover_off, NICE_TO_HAVE,
			"a router may cut what is too large: of multicast it "
			"tells nobody"},
		{family->receive_errors, 1, NICE_TO_HAVE,
			"or the kernel says that it sent what it dropped"},
	};
	const struct setting buffer = {SOCKOPT_SO_SNDBUF, config->send_buffer,
		NICE_TO_HAVE, "what may wait to be sent " GROUP_BUFFER_NOTE};

	if (apply(log, fd, settings, COUNT(settings), refused) < 0 ||
		apply(log, fd, &buffer, config->send_buffer != 0, refused) < 0)
		return -1;
	if (bind_sending(log, config, refused, fd) < 0)
		return -1;
	return call_getsockname(log, fd, own, "the port that the system chose");
}

int group_socket_sending(struct call_log *log,
	const struct group_config *config, struct group_refusals *refused,
	uint16_t *out_port)
{
	struct address own;
	int fd = call_socket(log, sockaddr_domain(&config->address), SOCK_DGRAM,
		"the socket that sends");

	if (fd < 0)
		return -1;
	if (set_sending(log, config, refused, fd, &own) < 0)
		return give_up(log, fd);
	*out_port = own.port;
	return fd;
}
