/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <sys/socket.h>

#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* "ok", or the name of the error. */
static const char *outcome(int error)
{
	return error ? error_name(error) : "ok";
}

void experiment_ttl(struct lab *lab)
{
	int fd;
	int before;
	int after;
	int none;
	int many;

	lab_step(lab, "Each router takes one off; the one that takes off the "
		      "last drops the packet.");
	fd = lab_socket(lab, SOCK_DGRAM, "a fresh one");
	before = lab_get(lab, fd, SOCKOPT_IP_TTL, "the default");
	lab_set(lab, fd, SOCKOPT_IP_TTL, 32, "32 routers at most");
	after = lab_get(lab, fd, SOCKOPT_IP_TTL, "read again");
	lab_observe(lab, "before", before);
	lab_observe(lab, "after", after);
	lab_expect(lab, after == 32, "32 is read back");

	lab_step(lab, "It is one byte of the header, and 0 goes nowhere.");
	none = lab_try_set(lab, fd, SOCKOPT_IP_TTL, 0, "nowhere");
	many = lab_try_set(lab, fd, SOCKOPT_IP_TTL, 256, "no byte");
	lab_observe_text(lab, "ttl_0", outcome(none));
	lab_observe_text(lab, "ttl_256", outcome(many));
	lab_expect(lab, none == EINVAL && many == EINVAL, "EINVAL for both");
}

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
	without = lab_send_to(lab, sender, &everyone, "all", "to everyone");
	lab_observe_text(lab, "without",
		without < 0 ? error_name((int)-without) : "sent");

	lab_step(lab, "With it:");
	lab_set(lab, sender, SOCKOPT_SO_BROADCAST, 1, "it is meant");
	with = lab_send_to(lab, sender, &everyone, "all", "to everyone");
	received = lab_count(lab, receiver);
	lab_observe_text(
		lab, "with", with < 0 ? error_name((int)-with) : "sent");
	lab_observe(lab, "received", received);
	lab_expect(lab, without == -EACCES && with == 3 && received == 1,
		"EACCES without; with it, it is sent and comes");
}

void experiment_dontroute(struct lab *lab)
{
	/* Reserved (RFC 1112, 4): no network has it, but gateways lead to it,
	 * and connecting sends nothing. */
	struct address far = lab_address(lab, "240.0.0.1", 9);
	struct address near = lab_address(lab, "127.0.0.1", 9);
	int fd;
	int routed;
	int refused;
	int reached;

	lab_step(lab, "A host that only a gateway leads to.  Without a "
		      "gateway here, this is refused already.");
	fd = lab_socket(lab, SOCK_DGRAM, "connecting it sends nothing");
	routed = lab_try_connect(lab, fd, &far, "by the routes");
	lab_observe_text(lab, "far_without", outcome(routed));

	lab_step(lab, "With SO_DONTROUTE gateways are out of the question.");
	lab_set(lab, fd, SOCKOPT_SO_DONTROUTE, 1, "neighbours only");
	refused = lab_try_connect(lab, fd, &far, "no neighbour");
	lab_observe_text(lab, "far_with", outcome(refused));

	lab_step(lab, "A neighbour is reached as before.");
	reached = lab_try_connect(lab, fd, &near, "a neighbour");
	lab_observe_text(lab, "near_with", outcome(reached));
	lab_expect(lab, refused == ENETUNREACH && reached == 0,
		"ENETUNREACH for the far host, and not for the near one");
}
