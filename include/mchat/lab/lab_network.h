/* SPDX-License-Identifier: ISC */
/*
 * A small network of an experiment's own, in network namespaces
 * (network_namespaces(7)), for what one host cannot show:
 *
 *             net0  198.51.100.0/24             net2  192.0.2.0/24
 *   here .1 ------------------------ .2 router .2 ---------------- .1 far
 *           ------------------------
 *             net1  203.0.113.0/24
 *
 * The router forwards, and is the default gateway of the two others.  A keeper,
 * a process of its own, is in those namespaces, and hands out sockets that were
 * opened there; so this process stays where it is.  It takes root, or user
 * namespaces for everybody.
 */
#ifndef MCHAT_LAB_LAB_NETWORK_H
#define MCHAT_LAB_LAB_NETWORK_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "mchat/lab/lab.h"

enum lab_host {
	LAB_HERE,
	LAB_ROUTER,
	LAB_FAR,
	LAB_HOSTS,
};

/* Addresses of documentation (RFC 5737), which no network really has. */
#define LAB_HERE_NET0   "198.51.100.1"
#define LAB_HERE_NET1   "203.0.113.1"
#define LAB_ROUTER_NET0 "198.51.100.2"
#define LAB_ROUTER_NET1 "203.0.113.2"
#define LAB_FAR_NET2    "192.0.2.1"

struct lab_network {
	int channel;  /* to the keeper; -1: there is no network */
	pid_t keeper; /* ended by lab_network_close */
};

/*
 * Makes the network, and tells so.  Where that is not allowed, tells why, and
 * returns false; the experiment is to do without, and the calls below do
 * nothing.
 */
bool lab_network_open(struct lab *lab, struct lab_network *out);

/* Takes it down; sockets that were opened there end with the experiment. */
void lab_network_close(struct lab_network *network);

/* An IPv4 socket of a host, as lab_socket makes one. */
int lab_network_socket(struct lab *lab, const struct lab_network *network,
	enum lab_host host, int type, const char *why);

/* A packet socket that is given every IPv4 packet which comes in by an
 * interface of a host, from its IP header on; lab_run closes it. */
int lab_network_capture(struct lab *lab, const struct lab_network *network,
	enum lab_host host, const char *interface);

/* Ends a connection as a power failure does: its end `fd`, which is closed, is
 * forgotten, and nothing is sent. */
void lab_network_forget(
	struct lab *lab, const struct lab_network *network, int fd);

/* Takes the host `far` away from the router, which then answers for it with
 * ICMP "host unreachable". */
void lab_network_cut_off(struct lab *lab, const struct lab_network *network);

/* A file of a host under /proc/net, opened for reading ("igmp"); NULL without
 * one. */
FILE *lab_network_read(const struct lab_network *network, enum lab_host host,
	const char *name);

/* The same of this host. */
FILE *lab_network_read_here(const char *name);

#endif
