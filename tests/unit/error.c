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
	tap_is_string(error_meaning(EPERM), "it needs privileges",
		"an error has the meaning that it has for sockets");
	tap_is_string(error_name(EXDEV), "an error without a name",
		"an error that sockets do not give has no name");
	tap_is_string(error_meaning(EXDEV), strerror(EXDEV),
		"an error that sockets do not give means what libc says");
	return tap_done();
}
