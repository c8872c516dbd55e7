/* SPDX-License-Identifier: ISC */
#include "mchat/network/error.h"

#include <errno.h>
#include <string.h>

#include "tap.h"

int main(void)
{
	tap_is_string(error_name(ENOPROTOOPT), "ENOPROTOOPT", "has its name");
	tap_is_string(error_name(EAGAIN), "EAGAIN", "so has the first");
	tap_is_string(error_name(ETIMEDOUT), "ETIMEDOUT", "and the last");
	tap_is_string(error_meaning(EPERM), "it needs privileges",
		"has a meaning of sockets");
	tap_is_string(error_name(EXDEV), "an error without a name",
		"one that sockets do not give");
	tap_is_string(
		error_meaning(EXDEV), strerror(EXDEV), "means what libc says");
	return tap_done();
}
