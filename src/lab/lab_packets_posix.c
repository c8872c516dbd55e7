/* SPDX-License-Identifier: ISC */
/* This needs Linux: network namespaces and packet sockets. */
#include "mchat/lab/lab_packets.h"

#include <errno.h>
#include <stdio.h>

#include "mchat/view/json.h"
#include "mchat/base/buffer.h"

int lab_packets_enter(void)
{
	return ENOTSUP;
}

void lab_packets_say_none(enum view_format format, int error)
{
	static const char text[] = "none can be shown here: this needs Linux.  "
				   "The experiments run without.";
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	(void)error;
	if (format != VIEW_JSON) {
		printf("packets: %s\n", text);
		return;
	}
	json_begin(&json, &out);
	json_string(&json, "event", "no_packets");
	json_string(&json, "error", "ENOTSUP");
	json_string(&json, "text", text);
	json_end(&json);
	fwrite(buffer_bytes(&out), 1, buffer_size(&out), stdout);
	buffer_fini(&out);
}

int lab_packets_begin(struct lab_packets *packets, const char *experiment,
	enum view_format format)
{
	(void)packets, (void)experiment, (void)format;
	return ENOTSUP;
}

int lab_packets_add(struct lab_packets *packets, const char *host, int fd)
{
	(void)packets, (void)host, (void)fd;
	return ENOTSUP;
}

void lab_packets_show(struct lab_packets *packets)
{
	(void)packets;
}

void lab_packets_end(struct lab_packets *packets)
{
	(void)packets;
}
