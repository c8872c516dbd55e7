/* SPDX-License-Identifier: ISC */
/* POSIX does not tell when interfaces change, so mchat looks again and again
 * (interfaces/interface_monitor). */
#include "mchat/network/interface_watch.h"

#include <errno.h>

#include "mchat/network/call.h"

bool interface_watch_is_there(void)
{
	return false;
}

int interface_watch_open(struct call_log *log, bool has_routes)
{
	(void)has_routes;
	errno = ENOTSUP;
	return call_result(log, "watching the interfaces", -1,
		"tells when interfaces come, go or change");
}

void interface_watch_take(int fd, struct interface_watch_news *out)
{
	(void)fd;
	*out = (struct interface_watch_news){0};
}
