/* SPDX-License-Identifier: ISC */
/* POSIX does not tell when interfaces change; mchat says so, and finds out as
 * far as sending fails, or when it is started anew. */
#include "mchat/network/interface_watch.h"

#include <errno.h>

#include "mchat/network/call.h"

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
