/* SPDX-License-Identifier: ISC */
#include "mchat/network/sockaddr.h"

#include <netinet/in.h>

#include "tap.h"
#include "mchat/base/address.h"

static void test_round_trip(
	const char *text, uint32_t scope, int domain, socklen_t expected)
{
	struct address address = {0};
	struct address back = {0};
	struct sockaddr_storage storage;
	char before[ADDRESS_TEXT_SIZE];
	char after[ADDRESS_TEXT_SIZE];

	address_parse(text, &address);
	address.port = 62428;
	address.scope = scope;
	tap_is_int(sockaddr_from_address(&address, &storage), expected,
		"the size of the system's address");
	tap_is_int(storage.ss_family, domain,
		"the family of the system's address");
	tap_is_int(
		sockaddr_domain(&address), domain, "the domain of the address");
	tap_ok(sockaddr_to_address((struct sockaddr *)&storage, &back),
		"the system's address is turned back");
	tap_is_string(address_format(&back, after),
		address_format(&address, before),
		"an address is the same when turned back");
}

int main(void)
{
	struct sockaddr unknown = {.sa_family = AF_UNIX};
	struct address address = {.port = 7};

	test_round_trip(
		"239.255.77.67", 0, AF_INET, sizeof(struct sockaddr_in));
	test_round_trip("ff12::4d43", 2, AF_INET6, sizeof(struct sockaddr_in6));
	tap_ok(!sockaddr_to_address(&unknown, &address) && address.port == 7,
		"another family is refused and nothing touched");
	return tap_done();
}
