/* SPDX-License-Identifier: ISC */
/*
 * The numbers of options that this kernel may know although the headers of the
 * C library are older, or leave them out: whether there is such an option, the
 * kernel is to answer.  They are Linux' own (asm-generic/socket.h, linux/in.h,
 * linux/tcp.h), and part of its ABI.  And a number for options that experiments
 * are about, for systems that have none such.
 */
#ifndef MCHAT_NETWORK_SOCKOPT_NUMBERS_H
#define MCHAT_NETWORK_SOCKOPT_NUMBERS_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/* These count SOL_SOCKET's options in a way of their own. */
#if defined(__linux__) && !defined(__sparc__) && !defined(__hppa__)
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif
#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72
#endif
#ifndef SO_RESERVE_MEM
#define SO_RESERVE_MEM 73
#endif
#ifndef SO_TXREHASH
#define SO_TXREHASH 74
#endif
#ifndef SO_RCVMARK
#define SO_RCVMARK 75
#endif
#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#endif
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif
#ifndef SO_RCVPRIORITY
#define SO_RCVPRIORITY 82
#endif
#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif
#ifndef SO_INQ
#define SO_INQ 84
#endif
#endif

#ifdef __linux__
#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51
#endif
#ifndef IP_PROTOCOL
#define IP_PROTOCOL 52
#endif
#ifndef IPV6_RECVERR_RFC4884
#define IPV6_RECVERR_RFC4884 31
#endif
#ifndef TCP_RTO_MAX_MS
#define TCP_RTO_MAX_MS 44
#endif
#endif

/* Of an option of this number every system says that it has it not. */
#define SOCKOPT_NUMBER_OF_NONE (-1)
#ifndef SO_BINDTODEVICE
#define SO_BINDTODEVICE SOCKOPT_NUMBER_OF_NONE
#endif
#ifndef IP_MINTTL
#define IP_MINTTL SOCKOPT_NUMBER_OF_NONE
#endif
#ifndef IP_MULTICAST_ALL
#define IP_MULTICAST_ALL SOCKOPT_NUMBER_OF_NONE
#endif
#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL SOCKOPT_NUMBER_OF_NONE
#endif
#ifndef TCP_CORK
#define TCP_CORK SOCKOPT_NUMBER_OF_NONE
#endif
#ifndef TCP_FASTOPEN
#define TCP_FASTOPEN SOCKOPT_NUMBER_OF_NONE
#endif
#ifndef TCP_INFO
#define TCP_INFO SOCKOPT_NUMBER_OF_NONE
#endif
#ifndef TCP_QUICKACK
#define TCP_QUICKACK SOCKOPT_NUMBER_OF_NONE
#endif

#endif
