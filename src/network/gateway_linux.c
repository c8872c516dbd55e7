/* SPDX-License-Identifier: ISC */
/* /proc/net/route: a route a line, addresses as the kernel has them in memory.
 */
#include "mchat/network/gateway.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/address.h"

#define LINE_SIZE 256

/* The gateway of a line that is a default route by the interface; else 0. */
static uint32_t read_line(const char *line, const char *interface)
{
	size_t size = strcspn(line, "\t");
	unsigned long destination;
	char *at;

	if (size != strlen(interface) || memcmp(line, interface, size) != 0)
		return 0;
	destination = strtoul(line + size, &at, 16);
	return destination == 0 ? (uint32_t)strtoul(at, NULL, 16) : 0;
}

bool gateway_find(const char *interface, struct address *out)
{
	FILE *file = fopen("/proc/net/route", "re");
	char line[LINE_SIZE];
	uint32_t gateway = 0;

	while (file && gateway == 0 && fgets(line, sizeof(line), file))
		gateway = read_line(line, interface);
	if (file)
		fclose(file);
	if (gateway == 0)
		return false;
	*out = (struct address){.family = ADDRESS_IPV4};
	memcpy(out->bytes, &gateway, sizeof(gateway));
	return true;
}
