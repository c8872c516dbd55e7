/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/lab/lab_network.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* "ok", or the name of the error. */
static const char *outcome(int error)
{
	return error ? error_name(error) : "ok";
}

/* ---- ttl ---- */

static int network_receiver(struct lab *lab, const struct lab_network *network,
	enum lab_host host, const char *address)
{
	struct address here = lab_address(lab, address, 0);
	int fd = lab_network_socket(
		lab, network, host, SOCK_DGRAM, "a receiver");

	lab_bind(lab, fd, &here, "any free port");
	return fd;
}

/* Sends with 1, then with 2: one router is on the way. */
static void pass_a_router(struct lab *lab, const struct lab_network *network)
{
	int far = network_receiver(lab, network, LAB_FAR, LAB_FAR_NET2);
	int sender = lab_network_socket(
		lab, network, LAB_HERE, SOCK_DGRAM, "the sender");
	struct address to = lab_name(lab, far);
	char first[LAB_TEXT_SIZE];

	lab_step(lab, "One router is on the way to the far host: TTL 1 dies "
		      "there, TTL 2 arrives.");
	lab_set(lab, sender, SOCKOPT_IP_TTL, 1, "no router");
	lab_send_to(lab, sender, &to, "TTL 1", 0, "the router drops it");
	lab_set(lab, sender, SOCKOPT_IP_TTL, 2, "one router");
	lab_send_to(lab, sender, &to, "TTL 2", 0, "the router passes it on");
	lab_take(lab, far, "the first that arrives", NULL, first);
	lab_observe_text(lab, "past_a_router", first);
	lab_expect(lab, strcmp(first, "TTL 2") == 0,
		"TTL 2 passes one router, and TTL 1 none");
}

/* What is read when the size says that there is no room: -1 if that fails. */
static int read_without_room(struct lab *lab, int fd)
{
	int value = 0;
	socklen_t size = 0;
	char text[CALL_TEXT_SIZE];
	long result;

	if (lab_has_failed(lab))
		return -1;
	lab_step(lab, "getsockopt reads the size before it writes it.  A "
		      "program that leaves it uninitialised may find 0 there, "
		      "no error, and the value that it had before, here 0:");
	result = getsockopt(fd, IPPROTO_IP, IP_TTL, &value, &size);
	snprintf(text, sizeof(text),
		"getsockopt(%d, IPPROTO_IP, IP_TTL, [%d], 0)", fd, value);
	lab_tell(lab, text, result, "no room, no value");
	return result < 0 ? -1 : value;
}

void experiment_ttl(struct lab *lab)
{
	struct lab_network network;
	int fd;
	int before;
	int after;
	int without;
	int none;
	int many;

	lab_step(lab, "Each router takes one off; the one that takes off the "
		      "last drops the packet, so with 1 it passes none, and "
		      "with 32 it passes 31.");
	fd = lab_socket(lab, SOCK_DGRAM, "a fresh one");
	before = lab_get(lab, fd, SOCKOPT_IP_TTL, "the default");
	lab_set(lab, fd, SOCKOPT_IP_TTL, 32, "31 routers at most");
	after = lab_get(lab, fd, SOCKOPT_IP_TTL, "read again");
	lab_observe(lab, "before", before);
	lab_observe(lab, "after", after);
	lab_expect(lab, after == 32, "32 is read back");
	without = read_without_room(lab, fd);
	lab_observe(lab, "with_size_0", without);
	lab_expect(lab, without == 0, "nothing is read without room for it");

	lab_step(lab, "It is one byte of the header, and 0 goes nowhere.");
	none = lab_try_set(lab, fd, SOCKOPT_IP_TTL, 0, "nowhere");
	many = lab_try_set(lab, fd, SOCKOPT_IP_TTL, 256, "no byte");
	lab_observe_text(lab, "ttl_0", outcome(none));
	lab_observe_text(lab, "ttl_256", outcome(many));
	lab_expect(lab, none == EINVAL && many == EINVAL, "EINVAL for both");
	if (lab_network_open(lab, &network))
		pass_a_router(lab, &network);
	lab_network_close(&network);
}

/* ---- broadcast ---- */

void experiment_broadcast(struct lab *lab)
{
	struct address everyone = lab_address(lab, "127.255.255.255", 0);
	int receiver;
	int sender;
	long without;
	long with;
	int received;

	lab_step(lab, "A receiver at the broadcast address of 127.0.0.0/8.");
	receiver = lab_socket(lab, SOCK_DGRAM, "a receiver");
	lab_bind(lab, receiver, &everyone, "the broadcast address of lo");
	everyone = lab_name(lab, receiver);
	lab_step(lab, "A broadcast troubles every host of the network, so it "
		      "must be meant.  Without SO_BROADCAST:");
	sender = lab_socket(lab, SOCK_DGRAM, "the sender");
	without = lab_send_to(lab, sender, &everyone, "all", 0, "to everyone");
	lab_observe_text(lab, "without",
		without < 0 ? error_name((int)-without) : "sent");

	lab_step(lab, "With it:");
	lab_set(lab, sender, SOCKOPT_SO_BROADCAST, 1, "it is meant");
	with = lab_send_to(lab, sender, &everyone, "all", 0, "to everyone");
	received = lab_count(lab, receiver);
	lab_observe_text(
		lab, "with", with < 0 ? error_name((int)-with) : "sent");
	lab_observe(lab, "received", received);
	lab_expect(lab, without == -EACCES && with == 3 && received == 1,
		"EACCES without; with it, it is sent and comes");
}

/* ---- dontroute ---- */

#define DISCARD_PORT 9 /* nobody is asked to answer */

/* What sending to the receiver gives: "ok" when it arrives there. */
static int try_to_reach(
	struct lab *lab, int sender, int receiver, int flags, const char *why)
{
	struct address to = lab_name(lab, receiver);
	char text[LAB_TEXT_SIZE];
	long result = lab_send_to(lab, sender, &to, "hello", flags, why);

	if (result < 0)
		return (int)-result;
	result = lab_take(lab, receiver, "it arrives", NULL, text);
	return result < 0 ? (int)-result : 0;
}

static void dontroute_on_network(
	struct lab *lab, const struct lab_network *network)
{
	int far = network_receiver(lab, network, LAB_FAR, LAB_FAR_NET2);
	int router =
		network_receiver(lab, network, LAB_ROUTER, LAB_ROUTER_NET0);
	int sender = lab_network_socket(
		lab, network, LAB_HERE, SOCK_DGRAM, "the sender");
	int routed;
	int once;
	int refused;
	int reached;

	lab_step(lab, "By the routes, the router leads to the far host.");
	routed = try_to_reach(lab, sender, far, 0, "by the router");
	lab_observe_text(lab, "far_without", outcome(routed));

	lab_step(lab, "MSG_DONTROUTE says the same as the option, for one "
		      "send.");
	once = try_to_reach(lab, sender, far, MSG_DONTROUTE, "no neighbour");
	lab_observe_text(lab, "far_with_flag", outcome(once));

	lab_step(lab, "With SO_DONTROUTE gateways are out of the question, for "
		      "every send.");
	lab_set(lab, sender, SOCKOPT_SO_DONTROUTE, 1, "neighbours only");
	refused = try_to_reach(lab, sender, far, 0, "no neighbour");
	lab_observe_text(lab, "far_with", outcome(refused));

	lab_step(lab, "The router itself is a neighbour.");
	reached = try_to_reach(lab, sender, router, 0, "a neighbour");
	lab_observe_text(lab, "router_with", outcome(reached));
	lab_expect(lab,
		routed == 0 && once == ENETUNREACH && refused == ENETUNREACH &&
			reached == 0,
		"the far host is reached by the router without it, and with it "
		"the router alone");
}

/* Where no network can be made, with what the host's routes are. */
static void dontroute_on_host(struct lab *lab)
{
	/* Reserved (RFC 1112, 4): no network has it, but gateways lead to it,
	 * and connecting sends nothing. */
	struct address far = lab_address(lab, "240.0.0.1", DISCARD_PORT);
	int fd;
	int routed;
	int refused;

	lab_step(lab, "A host that only this host's gateway leads to.");
	fd = lab_socket(lab, SOCK_DGRAM, "connecting it sends nothing");
	routed = lab_try_connect(lab, fd, &far, "by the routes");
	lab_observe_text(lab, "far_without", outcome(routed));
	lab_expect(lab, routed == 0, "a gateway: without one nothing differs");

	lab_step(lab, "With SO_DONTROUTE gateways are out of the question.");
	lab_set(lab, fd, SOCKOPT_SO_DONTROUTE, 1, "neighbours only");
	refused = lab_try_connect(lab, fd, &far, "no neighbour");
	lab_observe_text(lab, "far_with", outcome(refused));
	lab_expect(lab, refused == ENETUNREACH, "ENETUNREACH with the option");
}

void experiment_dontroute(struct lab *lab)
{
	struct address near = lab_address(lab, "127.0.0.1", DISCARD_PORT);
	struct lab_network network;
	int fd = lab_socket(lab, SOCK_DGRAM, "connecting it sends nothing");
	int reached;

	lab_step(lab, "This host itself is no farther than a neighbour.");
	lab_set(lab, fd, SOCKOPT_SO_DONTROUTE, 1, "neighbours only");
	reached = lab_try_connect(lab, fd, &near, "this host");
	lab_observe_text(lab, "near_with", outcome(reached));
	lab_expect(lab, reached == 0, "this host, by its loopback");
	if (lab_network_open(lab, &network))
		dontroute_on_network(lab, &network);
	else
		dontroute_on_host(lab);
	lab_network_close(&network);
}
