/* SPDX-License-Identifier: ISC */
#include "mchat/lab/quiz.h"

#include <stddef.h>
#include <string.h>

static const struct quiz_question questions[] = {
	{"ttl", "ttl_256", "EINVAL",
		"A program sets IP_TTL to 256.  What does setsockopt do?",
		{"It takes 255, the most there is.",
			"It takes 0, since the field has one byte.",
			"It fails with EINVAL."},
		2},
	{"rcvbuf", "in_all", NULL,
		"A program sets SO_RCVBUF to 1024 and reads it back.  What "
		"does it read?",
		{"Less than 1024.", "1024.", "2048 or more."}, 2},
	{"lowat", "readable_with_5", "0",
		"SO_RCVLOWAT is 10, and 5 bytes have come.  What does select "
		"say of the socket?",
		{"It is readable: a read would get 5 bytes.",
			"It is not readable yet.",
			"It has an exceptional condition."},
		1},
	{"broadcast", "without", "EACCES",
		"A datagram goes to a broadcast address, and SO_BROADCAST is "
		"not set.  What does sendto do?",
		{"It fails with EACCES.", "It succeeds, and all hear it.",
			"It succeeds, and nobody hears it."},
		0},
	{"dontroute", "far_with", "ENETUNREACH",
		"SO_DONTROUTE is set.  What becomes of a datagram to a host "
		"behind a gateway?",
		{"The gateway forwards it.", "It is refused: ENETUNREACH.",
			"It is sent, and lost."},
		1},
	{"keepalive", "error", "ETIMEDOUT",
		"The peer has lost its power, and no probe is answered.  What "
		"does the program learn?",
		{"A read returns 0: the end.", "ECONNRESET.", "ETIMEDOUT."}, 2},
	{"linger", "zero_reader", "ECONNRESET",
		"SO_LINGER is on with 0 seconds, and close is called while "
		"much is not sent yet.  What does the reader at the other end "
		"get at last?",
		{"All of it, then the end of the stream.",
			"The end of the stream, too early.", "ECONNRESET."},
		2},
	{"shutdown", "answer", "an answer",
		"A client has called shutdown(SHUT_WR).  The server now "
		"sends an answer.  What becomes of it?",
		{"The client reads it.", "The server gets EPIPE.",
			"The client's kernel throws it away."},
		0},
	{"reuseaddr", "without", "EADDRINUSE",
		"A server closed a connection, ended and starts again at once. "
		" It does not set SO_REUSEADDR.  What does bind do?",
		{"It succeeds: the old server is gone.",
			"It fails with EADDRINUSE.",
			"It waits until TIME-WAIT is over."},
		1},
	{"inherit", "O_NONBLOCK", "0",
		"A listening socket is O_NONBLOCK.  Is the one that accept "
		"returns?",
		{"Yes, as it has the socket options.", "No.",
			"Only if the client's socket is."},
		1},
	{"nodelay", "nagle_us", NULL,
		"On one host a program writes a header, then a body, and "
		"waits for the answer to both.  Nagle's algorithm is on, and "
		"the receiver delays acknowledgements.  How long does it take?",
		{"Some 20 microseconds.", "Some 40 milliseconds.",
			"Some 3 seconds."},
		1},
	{"maxseg", "unconnected", "536",
		"What is TCP_MAXSEG of a socket that is not connected?",
		{"0.", "536.", "1460."}, 1},
	{"scope", "refused", "2",
		"A program joins 240.0.0.1.  What does setsockopt do?",
		{"It succeeds: all above 224.0.0.0 are groups.",
			"It succeeds, but routers forward nothing.",
			"It fails with EINVAL."},
		2},
	{"mac", "groups", "32",
		"How many IPv4 groups share one Ethernet address?",
		{"1.", "32.", "256."}, 1},
	{"join", "before", "0",
		"A socket is bound to a group's address and port, and has "
		"IP_MULTICAST_ALL off.  It has joined nothing.  Does it hear "
		"what is sent to the group?",
		{"Yes: address and port fit.", "No.",
			"Yes, if the sender is on this host."},
		1},
	{"reuse-udp", "received", "3",
		"Three sockets of a host share a group's port and have joined "
		"it.  One datagram is sent.  How many copies are received?",
		{"1: by the socket that was bound last.", "1: by any of them.",
			"3: one by each."},
		2},
	{"ttl-multicast", "default", "1",
		"What is the TTL of multicast when a program sets none?",
		{"0.", "1.", "64, as IP_TTL."}, 1},
	{"loop", "on", "1",
		"A program sends to a group that another one on the same host "
		"has joined.  Both leave IP_MULTICAST_LOOP as it is.  Does "
		"the other one hear it?",
		{"Yes.", "No: only other hosts do.",
			"Only if the sender has joined, too."},
		0},
	{"interface", "nobodys", "EADDRNOTAVAIL",
		"A program sets IP_MULTICAST_IF to an address that no "
		"interface of this host has.  What does setsockopt do?",
		{"It fails with EADDRNOTAVAIL.",
			"It succeeds, and the routes choose.",
			"It succeeds, and each send fails."},
		0},
	{"oob", "before", "ab",
		"The peer sends \"ab\", then \"!\" with MSG_OOB, then \"cd\".  "
		"What does the first recv of 20 bytes give?",
		{"\"!\".", "\"ab\".", "\"ab!cd\"."}, 1},
	{"peek", "peeked_again", "5",
		"Five bytes have come, and recv with MSG_PEEK has read them.  "
		"How many does a second one like it read?",
		{"5.", "0.", "None: EAGAIN."}, 0},
	{"waitall", "without", "5",
		"Five bytes of a record of ten have come.  What does a plain "
		"recv of 10 bytes do?",
		{"It waits for ten.", "It returns 5.", "It fails with EAGAIN."},
		1},
	{"dontwait", "at_once", "EAGAIN",
		"Nothing has come.  What does recv with MSG_DONTWAIT do?",
		{"It returns 0.", "It fails with EAGAIN.",
			"It fails with ETIMEDOUT."},
		1},
};

const struct quiz_question *quiz_find(const char *experiment)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		if (strcmp(questions[i].experiment, experiment) == 0)
			return &questions[i];
	}
	return NULL;
}
