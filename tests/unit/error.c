/* SPDX-License-Identifier: ISC */
#include "mchat/network/error.h"

#include <errno.h>
#include <string.h>

#include "tap.h"

int main(void)
{
	tap_is_string(error_name(ENOPROTOOPT), "ENOPROTOOPT",
		"an error of sockets has its name");
	tap_is_string(error_name(EAGAIN), "EAGAIN", "EAGAIN has its name");
	tap_is_string(
		error_name(ETIMEDOUT), "ETIMEDOUT", "ETIMEDOUT has its name");
	tap_is_string(error_meaning_in("socket", EPERM), "it needs privileges",
		"an error has the meaning that it has for sockets");
	tap_is_string(error_meaning_in(
			      "setsockopt(3, SOL_SOCKET, SO_DEBUG, 1)", EACCES),
		"it needs CAP_NET_ADMIN", "EACCES of SO_DEBUG");
	tap_is_string(error_meaning_in(
			      "sendto(3, \"all\", 3, 0, 10.0.0.255:9)", EACCES),
		"a broadcast, and SO_BROADCAST is off", "EACCES of sendto");
	tap_is_string(
		error_meaning_in("setsockopt(3, IPPROTO_IP, IP_ADD_MEMBERSHIP, "
				 "239.1.2.3 on lo)",
			EADDRINUSE),
		"this socket is in the group already", "EADDRINUSE of joining");
	tap_is_string(error_meaning_in("bind(3, 10.0.0.1:9)", EADDRINUSE),
		error_meaning_in("send", EADDRINUSE),
		"a call without a meaning of its own has the usual one");
	tap_is_string(error_name(EXDEV), "an error without a name",
		"an error that sockets do not give has no name");
	tap_is_string(error_meaning_in("send", EADDRNOTAVAIL),
		"it can be sent from no address there",
		"EADDRNOTAVAIL of send");
	tap_is_string(error_meaning_in("send", EXDEV), strerror(EXDEV),
		"an error that sockets do not give means what libc says");
	return tap_done();
}
