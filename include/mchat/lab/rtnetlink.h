/* SPDX-License-Identifier: ISC */
/*
 * Links, addresses and routes of a network namespace, by rtnetlink(7): what the
 * network of an experiment is made of.  All return 0, or -1 with errno,
 * if not said otherwise.
 */
#ifndef MCHAT_LAB_RTNETLINK_H
#define MCHAT_LAB_RTNETLINK_H

#include <stdbool.h>
#include <stdint.h>

/* A socket to the namespace that the calling thread is in; the caller's. */
int rtnetlink_open(void);

/* Makes a veth pair: `name` here and `peer_name` in the namespace that the
 * descriptor `peer_namespace` stands for. */
int rtnetlink_add_veth(
	int fd, const char *name, const char *peer_name, int peer_namespace);

/* Brings a link up. */
int rtnetlink_bring_up(int fd, unsigned index);

/* Whether the kernel sends by the link already: 1, 0, or -1 with errno.  Its
 * IFF_RUNNING says so too early, while the state (IF-MIB's ifOperStatus, RFC
 * 2863) is unknown; what is sent until then is lost. */
int rtnetlink_is_running(int fd, unsigned index);

/* Adds an IPv4 address (in network byte order), or takes it away. */
int rtnetlink_add_address(
	int fd, unsigned index, uint32_t address, uint8_t prefix_length);
int rtnetlink_delete_address(
	int fd, unsigned index, uint32_t address, uint8_t prefix_length);

/* Adds the default route: by `gateway`, or, if that is 0, one which answers
 * that no host can be reached. */
int rtnetlink_add_default(int fd, uint32_t gateway);

#endif
