/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* unshare, setns */
#include "mchat/lab/lab_network.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <net/ethernet.h>

#include "mchat/lab/lab_packets.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/packet_ring.h"
#include "mchat/lab/rtnetlink.h"
#include "mchat/network/error.h"

/* What the keeper is asked to do. */
enum operation {
	OPEN_SOCKET,  /* host, type */
	OPEN_CAPTURE, /* host, name: of the interface */
	OPEN_PACKETS, /* host: what leaves there */
	OPEN_FILE,    /* host, name: a file under /proc/net */
	FORGET,       /* a descriptor comes along */
	CUT_OFF,
};

struct request {
	enum operation operation;
	enum lab_host host;
	int type;
	char name[16];
};

/* The answer to a request is its errno, or 0, with a descriptor if one was
 * asked for. */

/* ---- messages with a descriptor ---- */

static int put(int channel, const void *bytes, size_t size, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char copy[sizeof(struct request)];
	struct iovec vector = {.iov_base = copy, .iov_len = size};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

	memcpy(copy, bytes, size);
	if (fd >= 0) {
		struct cmsghdr *header = &control.header;

		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	}
	return sendmsg(channel, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* False when there is no more, or not a whole one. */
static bool take(int channel, void *out, size_t size, int *fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec vector = {.iov_base = out, .iov_len = size};
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	*fd = -1;
	if (recvmsg(channel, &message, MSG_CMSG_CLOEXEC) != (ssize_t)size)
		return false;
	if (message.msg_controllen >= CMSG_LEN(sizeof(int)) &&
		control.header.cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(&control.header), sizeof(int));
	return true;
}

/* ---- the keeper ---- */

struct keeper {
	int namespaces[LAB_HOSTS];
	int links[LAB_HOSTS]; /* rtnetlink */
};

/* The wires: an interface of one host to one of another, by the same name. */
static const struct wire {
	const char *name;
	struct {
		enum lab_host host;
		const char *address;
	} ends[2];
} wires[] = {
	{"net0", {{LAB_HERE, LAB_HERE_NET0}, {LAB_ROUTER, LAB_ROUTER_NET0}}},
	{"net1", {{LAB_HERE, LAB_HERE_NET1}, {LAB_ROUTER, LAB_ROUTER_NET1}}},
	{"net2", {{LAB_FAR, LAB_FAR_NET2}, {LAB_ROUTER, "192.0.2.2"}}},
};

#define PREFIX_LENGTH 24

static int enter(const struct keeper *keeper, enum lab_host host)
{
	return setns(keeper->namespaces[host], CLONE_NEWNET);
}

/* A namespace of its own for each host; a user who is not root is root in a
 * user namespace. */
static int make_namespaces(struct keeper *keeper)
{
	if (unshare(CLONE_NEWNET) < 0 &&
		(unshare(CLONE_NEWUSER) < 0 || unshare(CLONE_NEWNET) < 0))
		return -1;
	for (int i = 0; i < LAB_HOSTS; i++) {
		if (i > 0 && unshare(CLONE_NEWNET) < 0)
			return -1;
		keeper->namespaces[i] =
			open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		keeper->links[i] = rtnetlink_open();
		if (keeper->namespaces[i] < 0 || keeper->links[i] < 0 ||
			rtnetlink_bring_up(
				keeper->links[i], if_nametoindex("lo")) < 0)
			return -1;
	}
	return 0;
}

static int lay(const struct keeper *keeper, const struct wire *wire)
{
	if (rtnetlink_add_veth(keeper->links[wire->ends[0].host], wire->name,
		    wire->name, keeper->namespaces[wire->ends[1].host]) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		enum lab_host host = wire->ends[i].host;
		int link = keeper->links[host];
		unsigned index;

		if (enter(keeper, host) < 0)
			return -1;
		index = if_nametoindex(wire->name);
		if (rtnetlink_add_address(link, index,
			    inet_addr(wire->ends[i].address),
			    PREFIX_LENGTH) < 0 ||
			rtnetlink_bring_up(link, index) < 0)
			return -1;
	}
	return 0;
}

/* The kernel notices that a wire is plugged in, and begins to send by it, some
 * time after both its ends are up; what is sent until then is lost. */
#define CARRIER_MS 5000

static int await_carrier(
	const struct keeper *keeper, enum lab_host host, const char *name)
{
	int link = keeper->links[host];
	unsigned index;
	int waited_ms = 0;

	if (enter(keeper, host) < 0)
		return -1;
	index = if_nametoindex(name);
	while (rtnetlink_is_running(link, index) == 0 && waited_ms < CARRIER_MS)
		waited_ms += poll(NULL, 0, 1) + 1;
	/* A change waits until the kernel is done with that one. */
	return rtnetlink_bring_up(link, index);
}

static int lay_all(const struct keeper *keeper)
{
	for (size_t i = 0; i < sizeof(wires) / sizeof(wires[0]); i++) {
		if (lay(keeper, &wires[i]) < 0)
			return -1;
	}
	for (size_t i = 0; i < sizeof(wires) / sizeof(wires[0]); i++) {
		for (int end = 0; end < 2; end++) {
			if (await_carrier(keeper, wires[i].ends[end].host,
				    wires[i].name) < 0)
				return -1;
		}
	}
	return 0;
}

/* Has the current host forward; new namespaces do not, most of the time. */
static int forward(void)
{
	int fd = open("/proc/sys/net/ipv4/ip_forward", O_WRONLY | O_CLOEXEC);
	ssize_t written;

	if (fd < 0)
		return -1;
	written = write(fd, "1", 1);
	close(fd);
	return written == 1 ? 0 : -1;
}

static int build(struct keeper *keeper)
{
	if (make_namespaces(keeper) < 0 || lay_all(keeper) < 0)
		return -1;
	if (enter(keeper, LAB_ROUTER) < 0 || forward() < 0)
		return -1;
	if (rtnetlink_add_default(
		    keeper->links[LAB_HERE], inet_addr(LAB_ROUTER_NET0)) < 0 ||
		rtnetlink_add_default(
			keeper->links[LAB_FAR], inet_addr("192.0.2.2")) < 0)
		return -1;
	/* What it has no better route for, once `far` is cut off. */
	return rtnetlink_add_default(keeper->links[LAB_ROUTER], 0);
}

static int open_capture(const char *interface)
{
	struct sockaddr_ll where = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex(interface),
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&where, sizeof(where)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_file(const char *name)
{
	char path[64];

	/* The keeper's, who is in the namespace. */
	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* A socket under repair is closed without a word. */
static int forget_connection(int fd)
{
	int on = 1;
	int result = setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on));

	close(fd);
	return result;
}

/* The router's address there goes, and the route with it. */
static int cut_off(const struct keeper *keeper)
{
	if (enter(keeper, LAB_ROUTER) < 0)
		return -1;
	return rtnetlink_delete_address(keeper->links[LAB_ROUTER],
		if_nametoindex("net2"), inet_addr("192.0.2.2"), PREFIX_LENGTH);
}

/* Does what was asked; a descriptor, 0, or -1 with errno. */
static int serve(
	const struct keeper *keeper, const struct request *request, int fd)
{
	if (enter(keeper, request->host) < 0)
		return -1;
	switch (request->operation) {
	case OPEN_SOCKET:
		return socket(AF_INET, request->type | SOCK_CLOEXEC, 0);
	case OPEN_CAPTURE:
		return open_capture(request->name);
	case OPEN_PACKETS:
		return packet_ring_socket();
	case OPEN_FILE:
		return open_file(request->name);
	case FORGET:
		return forget_connection(fd);
	case CUT_OFF:
		return cut_off(keeper);
	}
	errno = EINVAL;
	return -1;
}

/* Ends when the experiment, on the other end of the channel, does. */
static void keep_network(int channel)
{
	struct keeper keeper = {.namespaces = {-1, -1, -1}};
	struct request request;
	int error = build(&keeper) < 0 ? errno : 0;
	int fd;

	put(channel, &error, sizeof(error), -1);
	while (error == 0 && take(channel, &request, sizeof(request), &fd)) {
		int result = serve(&keeper, &request, fd);
		int status = result < 0 ? errno : 0;

		put(channel, &status, sizeof(status), result > 0 ? result : -1);
		if (result > 0)
			close(result);
	}
	_exit(0);
}

/* ---- the experiment ---- */

/* Asks the keeper; a descriptor where one is asked for, else 0; -1 with errno.
 */
static int ask(const struct lab_network *network, const struct request *request,
	int fd)
{
	int answer;
	int status;

	if (put(network->channel, request, sizeof(*request), fd) < 0)
		return -1;
	if (!take(network->channel, &status, sizeof(status), &answer)) {
		errno = EPIPE;
		return -1;
	}
	errno = status;
	return status ? -1 : answer < 0 ? 0 : answer;
}

/* Starts the keeper; 0, or its errno, or why there is none. */
static int start_keeper(struct lab_network *network)
{
	int ends[2];
	int none;
	int error;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return errno;
	network->keeper = fork();
	if (network->keeper == 0) {
		close(ends[0]);
		keep_network(ends[1]);
	}
	error = errno;
	close(ends[1]);
	network->channel = ends[0];
	if (network->keeper < 0)
		return error;
	if (!take(network->channel, &error, sizeof(error), &none))
		return EPIPE;
	return error;
}

static const char *host_name(enum lab_host host)
{
	static const char *const names[LAB_HOSTS] = {"here", "router", "far"};

	return names[host];
}

/* What its hosts send is told as well, where packets are. */
static void show_packets(struct lab *lab, const struct lab_network *network)
{
	for (int host = 0; lab->packets && host < LAB_HOSTS; host++) {
		struct request request = {
			.operation = OPEN_PACKETS,
			.host = (enum lab_host)host,
		};
		int fd = ask(network, &request, -1);
		int error = fd < 0 ? errno
				   : lab_packets_add(lab->packets,
					     host_name(request.host), fd);

		if (error)
			lab_fail(lab, "capturing packets", error);
	}
}

bool lab_network_open(struct lab *lab, struct lab_network *out)
{
	int error;

	*out = (struct lab_network){.channel = -1, .keeper = -1};
	if (lab_has_failed(lab))
		return false;
	error = start_keeper(out);
	if (error)
		lab_network_close(out);
	if (error)
		lab_step(lab,
			"A network of three hosts would show more, but none "
			"can be made here: %s, %s.",
			error_name(error), error_meaning_in("unshare", error));
	else
		lab_step(lab, "A network of three hosts, in namespaces: here, "
			      "with net0 and net1 to a router, and far, behind "
			      "it.");
	if (!error)
		show_packets(lab, out);
	return error == 0;
}

void lab_network_close(struct lab_network *network)
{
	if (network->channel >= 0)
		close(network->channel);
	if (network->keeper > 0)
		waitpid(network->keeper, NULL, 0);
	*network = (struct lab_network){.channel = -1, .keeper = -1};
}

int lab_network_socket(struct lab *lab, const struct lab_network *network,
	enum lab_host host, int type, const char *why)
{
	struct request request = {
		.operation = OPEN_SOCKET,
		.host = host,
		.type = type,
	};
	char text[CALL_TEXT_SIZE];
	int fd;

	if (lab_has_failed(lab))
		return -1;
	fd = ask(network, &request, -1);
	snprintf(text, sizeof(text), "socket(AF_INET, %s, 0) on host %s",
		type == SOCK_DGRAM ? "SOCK_DGRAM" : "SOCK_STREAM",
		host_name(host));
	lab_tell(lab, text, fd, why);
	if (fd < 0)
		lab_fail(lab, text, errno);
	else
		lab_keep(lab, fd);
	return fd;
}

int lab_network_capture(struct lab *lab, const struct lab_network *network,
	enum lab_host host, const char *interface)
{
	struct request request = {.operation = OPEN_CAPTURE, .host = host};
	int fd;

	if (lab_has_failed(lab))
		return -1;
	snprintf(request.name, sizeof(request.name), "%s", interface);
	fd = ask(network, &request, -1);
	if (fd < 0)
		lab_fail(lab, "a packet socket", errno);
	else
		lab_keep(lab, fd);
	return fd;
}

void lab_network_forget(
	struct lab *lab, const struct lab_network *network, int fd)
{
	struct request request = {.operation = FORGET};
	int result;

	if (lab_has_failed(lab))
		return;
	result = ask(network, &request, fd);
	if (result < 0)
		lab_fail(lab, "TCP_REPAIR", errno);
	lab_close(lab, fd, "its host lost power, so nothing is sent");
}

void lab_network_cut_off(struct lab *lab, const struct lab_network *network)
{
	struct request request = {.operation = CUT_OFF};

	if (lab_has_failed(lab))
		return;
	if (ask(network, &request, -1) < 0)
		lab_fail(lab, "taking the far host away", errno);
}

FILE *lab_network_read(
	const struct lab_network *network, enum lab_host host, const char *name)
{
	struct request request = {.operation = OPEN_FILE, .host = host};
	int fd;

	snprintf(request.name, sizeof(request.name), "%s", name);
	fd = ask(network, &request, -1);
	return fd < 0 ? NULL : fdopen(fd, "r");
}

FILE *lab_network_read_here(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/net/%s", name);
	return fopen(path, "re");
}
