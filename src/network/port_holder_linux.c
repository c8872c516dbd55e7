/* SPDX-License-Identifier: ISC */
/* As Linux does it: /proc/net/udp and udp6 (proc(5)). */
#include "mchat/network/port_holder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line has 128 columns and some, over IPv6 some 50 more, by the kernel's
 * format. */
#define LINE_SIZE 256

/* Where these stand in a line, parted by blanks: "sl local remote state queues
 * timer retransmissions uid ...". */
enum { FIELD_LOCAL = 1, FIELD_UID = 7 };

/* The field with this number; where the line has fewer, its end. */
static const char *field(const char *line, int number)
{
	line += strspn(line, " ");
	for (int i = 0; i < number; i++) {
		line += strcspn(line, " ");
		line += strspn(line, " ");
	}
	return line;
}

static bool read_line(const char *line, unsigned long *port, unsigned *uid)
{
	const char *colon = strchr(field(line, FIELD_LOCAL), ':');
	const char *user = field(line, FIELD_UID);
	char *end;

	/* Not so in the heading. */
	if (!colon || *user < '0' || *user > '9')
		return false;
	*port = strtoul(colon + 1, &end, 16);
	*uid = (unsigned)strtoul(user, &end, 10);
	return true;
}

static bool find_in(const char *path, uint16_t port, unsigned *out_uid)
{
	FILE *file = fopen(path, "re");
	char line[LINE_SIZE];
	bool is_found = false;

	while (file && !is_found && fgets(line, sizeof(line), file)) {
		unsigned long its_port;

		is_found =
			read_line(line, &its_port, out_uid) && its_port == port;
	}
	if (file)
		fclose(file);
	return is_found;
}

bool port_holder_find(uint16_t port, unsigned *out_uid)
{
	/* One on [::] has the port of IPv4, too. */
	return find_in("/proc/net/udp", port, out_uid) ||
	       find_in("/proc/net/udp6", port, out_uid);
}
