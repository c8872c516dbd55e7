/* SPDX-License-Identifier: ISC */
/*
 * What netdevice(7) tells of this host's interfaces, by ioctl(2) on an IPv4
 * socket: it works where netlink is denied (a service with
 * RestrictAddressFamilies=AF_INET, some sandboxes), and getifaddrs(3) with it.
 */
#ifndef MCHAT_NETWORK_INTERFACE_IOCTL_H
#define MCHAT_NETWORK_INTERFACE_IOCTL_H

#include <stdbool.h>

struct ifaddrs;

/* The index of an interface by any of its names; 0 when there is none. */
unsigned interface_ioctl_index(const char *name);

/* The MTU of an interface in bytes; 0 when the system does not tell. */
int interface_ioctl_mtu(const char *name);

/* Whether a link with these flags of getifaddrs(3) has a carrier, but does not
 * run all the same: it is dormant (RFC 2863). */
bool interface_ioctl_is_dormant(unsigned flags);

/* Whether it is a bridge of this host, as far as the system tells. */
bool interface_ioctl_is_bridge(const char *name);

/*
 * Lists as getifaddrs(3) does, but IPv4 alone, and only the interfaces that
 * have an address.  0 and *out, owned by the caller, to be given back by
 * interface_ioctl_free; or -1 with errno and *out untouched.
 */
int interface_ioctl_list(struct ifaddrs **out);
void interface_ioctl_free(struct ifaddrs *list);

#endif
