/* SPDX-License-Identifier: ISC */
/* From a group to an Ethernet address: 01:00:5e, a zero bit, 23 bits. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The last three bytes of the Ethernet address of a group. */
static uint32_t low_bits(uint32_t group)
{
	return group & 0x7fffff;
}

int main(int argc, char *argv[])
{
	const char *text = argc > 1 ? argv[1] : "239.255.77.67";
	struct in_addr address;
	uint32_t group;
	int count = 0;

	if (inet_pton(AF_INET, text, &address) != 1 ||
		!IN_MULTICAST(ntohl(address.s_addr))) {
		fprintf(stderr, "%s: no group\n", text);
		return 2;
	}
	group = ntohl(address.s_addr);
	printf("group=%s\n", text);
	printf("mac=01:00:5e:%02x:%02x:%02x\n",
		(unsigned)(low_bits(group) >> 16),
		(unsigned)(low_bits(group) >> 8 & 0xff),
		(unsigned)(low_bits(group) & 0xff));

	/* 1110 and 28 bits: the first 5 of them are not in the address. */
	for (uint32_t lost = 0; lost < 32; lost++) {
		address.s_addr = htonl(
			UINT32_C(0xe) << 28 | lost << 23 | low_bits(group));
		printf("shared_by=%s\n", inet_ntoa(address));
		count++;
	}
	printf("groups=%d\n", count);
	return 0;
}
