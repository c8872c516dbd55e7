/* SPDX-License-Identifier: ISC */
/* /proc/net/route: a route a line, addresses as the kernel has them in memory.
 */
#include "mchat/network/gateway.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "mchat/base/address.h"
#include "mchat/network/interface.h"

#define LINE_SIZE 256

/* Whether a line is a default route by the interface, which has a gateway. */
static bool read_line(const char *line, const char *interface, uint32_t *out)
{
	char name[INTERFACE_NAME_SIZE];
	unsigned destination;
	unsigned gateway;

	/* "%15s": INTERFACE_NAME_SIZE less the terminator. */
	if (sscanf(line, "%15s %x %x", name, &destination, &gateway) != 3 ||
		destination != 0 || gateway == 0 ||
		strcmp(name, interface) != 0)
		return false;
	*out = gateway;
	return true;
}

bool gateway_find(const char *interface, struct address *out)
{
	FILE *file = fopen("/proc/net/route", "re");
	char line[LINE_SIZE];
	uint32_t gateway = 0;

	while (file && gateway == 0 && fgets(line, sizeof(line), file))
		(void)read_line(line, interface, &gateway);
	if (file)
		fclose(file);
	if (gateway == 0)
		return false;
	*out = (struct address){.family = ADDRESS_IPV4};
	memcpy(out->bytes, &gateway, sizeof(gateway));
	return true;
}
