/* SPDX-License-Identifier: ISC */
/* Addresses as text and as bytes. */
#include "mchat/base/address.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct address parsed(const char *text)
{
	struct address address = {.family = ADDRESS_NONE};

	if (!address_parse(text, &address))
		tap_ok(false, "%s is an address", text);
	return address;
}

static void reads_bytes(void)
{
	struct address address;

	memset(&address, 0xff, sizeof(address));
	address_parse("10.77.0.255", &address);
	tap_ok(address.family == ADDRESS_IPV4 && address.port == 0 &&
			address.scope == 0,
		"IPv4 sets every field");
	tap_is_bytes(address.bytes, 4, "\x0a\x4d\x00\xff", 4,
		"the bytes of IPv4 are in network order");
	memset(&address, 0xff, sizeof(address));
	address_parse("ff12::4d43", &address);
	tap_ok(address.family == ADDRESS_IPV6 && address.port == 0 &&
			address.scope == 0,
		"IPv6 sets every field");
	tap_is_bytes(address.bytes, 16, "\xff\x12\0\0\0\0\0\0\0\0\0\0\0\0MC",
		16, "the bytes of IPv6 are in network order");
}

static void refuses(void)
{
	static const char *const texts[] = {"", "1", "1.2.3", "1.2.3.4.5",
		"1.2.3.256", "1.2.3.-4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4:5",
		"1..3.4", "0x1.2.3.4", "::1%lo", "fe80::1%2", "[::1]",
		":::", "1::2::3", "12345::", "::1:", "1:2:3:4:5:6:7",
		"g::", "1:2:3:4:5:6:7:8:9", "localhost", "eth0"};
	static const struct address before = {
		ADDRESS_IPV6, {0x5a, 0x5a, 0x5a, 0x5a, 0x5a}, 90, 9};
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		struct address address = before;

		tap_ok(!address_parse(texts[i], &address) &&
				address.family == before.family &&
				memcmp(address.bytes, before.bytes, 16) == 0 &&
				address.port == before.port &&
				address.scope == before.scope,
			"\"%s\" is no address", texts[i]);
	}
}

static void tells_hosts(void)
{
	static const char *const hosts[] = {"10.77.0.255", "1.0.0.0",
		"127.0.0.1", "223.255.255.255", "::1", "fe80::1",
		"2001:db8::ffff"};
	static const char *const others[] = {"0.0.0.0", "0.1.2.3", "224.0.0.0",
		"239.255.77.67", "240.0.0.1", "255.255.255.255",
		"::", "ff02::1", "ff12::4d43", "::ffff:10.0.0.1"};

	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct address address = parsed(hosts[i]);

		tap_ok(address_is_host(&address), "%s may be a host's",
			hosts[i]);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		struct address address = parsed(others[i]);

		tap_ok(!address_is_host(&address), "%s is no host's",
			others[i]);
	}
}

static const struct {
	const char *text;
	enum address_group_result result;
	const char *port;
} group_cases[] = {
	{"223.255.255.255", ADDRESS_GROUP_UNICAST, NULL},
	{"224.0.0.0", ADDRESS_GROUP_OK, NULL},
	{"239.255.77.67", ADDRESS_GROUP_OK, NULL},
	{"239.255.255.255:5000", ADDRESS_GROUP_OK, "5000"},
	{"239.1.2.3:", ADDRESS_GROUP_OK, ""},
	{"239.1.2.3:x y", ADDRESS_GROUP_OK, "x y"},
	{"240.0.0.0", ADDRESS_GROUP_UNICAST, NULL},
	{"255.255.255.255", ADDRESS_GROUP_UNICAST, NULL},
	{"127.0.0.1:1", ADDRESS_GROUP_UNICAST, NULL},
	{"ff12::4d43", ADDRESS_GROUP_OK, NULL},
	{"FF12::4D43%eth0", ADDRESS_GROUP_OK, NULL},
	{"[ff12::4d43]", ADDRESS_GROUP_OK, NULL},
	{"[ff12::4d43]:5000", ADDRESS_GROUP_OK, "5000"},
	{"[ff12::4d43%eth0]:5000", ADDRESS_GROUP_OK, "5000"},
	{"[ff15::1]:", ADDRESS_GROUP_OK, ""},
	{"ff01::1", ADDRESS_GROUP_OK, NULL},
	{"ffff::1", ADDRESS_GROUP_OK, NULL},
	{"ff12::4d43%", ADDRESS_GROUP_NO_ZONE, NULL},
	{"ff12::4d43%fifteen_letters", ADDRESS_GROUP_OK, NULL},
	{"ff12::4d43%sixteen__letters", ADDRESS_GROUP_NO_ZONE, NULL},
	{"ff10::1", ADDRESS_GROUP_NO_SCOPE, NULL},
	{"ff00::1", ADDRESS_GROUP_NO_SCOPE, NULL},
	{"[ff12::4d43", ADDRESS_GROUP_NO_IPV6, NULL},
	{"[ff12::4d43]5000", ADDRESS_GROUP_NO_IPV6, NULL},
	{"ff12:::1", ADDRESS_GROUP_NO_IPV6, NULL},
	{"ff12::1::2", ADDRESS_GROUP_NO_IPV6, NULL},
	{"ff12::4d43%eth0]:5000", ADDRESS_GROUP_NO_ZONE, NULL},
	{"[]:5000", ADDRESS_GROUP_NO_ADDRESS, NULL},
	{"239.1.2.3%eth0", ADDRESS_GROUP_NO_ADDRESS, NULL},
	{"10:30:00", ADDRESS_GROUP_NO_ADDRESS, NULL},
	{"[239.1.2.3]", ADDRESS_GROUP_NO_ADDRESS, NULL},
	{"fe80::1", ADDRESS_GROUP_UNICAST_IPV6, NULL},
	{"::ffff:224.0.0.1", ADDRESS_GROUP_UNICAST_IPV6, NULL},
	{"e000::", ADDRESS_GROUP_UNICAST_IPV6, NULL},
	{"", ADDRESS_GROUP_NO_ADDRESS, NULL},
	{":5000", ADDRESS_GROUP_NO_ADDRESS, NULL},
	{"239.1.2", ADDRESS_GROUP_NO_ADDRESS, NULL},
	{"239.1.2.3:5:6", ADDRESS_GROUP_NO_ADDRESS, NULL},
	{"den", ADDRESS_GROUP_NO_ADDRESS, NULL},
	{"2390000000000000000000000000000000000000000000000000000"
	 "000000000000000000",
		ADDRESS_GROUP_NO_ADDRESS, NULL},
};

static void groups(void)
{
	for (size_t i = 0; i < COUNT(group_cases); i++) {
		struct address address = {.port = 7};
		const char *port = NULL;

		tap_is_int(address_parse_group(
				   group_cases[i].text, &address, &port),
			group_cases[i].result, group_cases[i].text);
		tap_is_string(port, group_cases[i].port,
			"the text of the port follows the address");
		tap_ok(address.port == 7 && (address.family != ADDRESS_NONE) ==
						    (group_cases[i].result ==
							    ADDRESS_GROUP_OK),
			"parsing a group sets the address only, and only if it "
			"is one");
	}
}

static void zones(void)
{
	static const struct {
		const char *text;
		const char *zone;
	} cases[] = {
		{"239.1.2.3:5000", ""},
		{"ff12::4d43", ""},
		{"[ff12::4d43]:5000", ""},
		{"ff12::4d43%eth0", "eth0"},
		{"[ff12::4d43%2]:5000", "2"},
		{"ff12::4d43%fifteen_letters", "fifteen_letters"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char zone[ADDRESS_ZONE_SIZE] = "untouched";

		address_group_zone(cases[i].text, zone);
		tap_is_string(zone, cases[i].zone, cases[i].text);
	}
}

static void scopes(void)
{
	static const struct {
		const char *text;
		bool is_link;
	} cases[] = {
		{"ff01::1", true},
		{"ff02::1", true},
		{"ff12::4d43", true},
		{"ff03::1", false},
		{"ff15::1", false},
		{"ff1e::1", false},
		{"224.0.0.1", false},
	};
	struct address address = parsed("fe80::1");

	for (size_t i = 0; i < COUNT(cases); i++) {
		address = parsed(cases[i].text);
		tap_is_int(address_is_link_group(&address), cases[i].is_link,
			cases[i].text);
	}
	address = parsed("febf::1");
	tap_ok(address_is_link_local(&address), "fe80::/10 is of the link");
	address = parsed("fec0::1");
	tap_ok(!address_is_link_local(&address), "what is above it is not");
	address = parsed("169.254.1.2");
	tap_ok(address_is_link_local(&address), "169.254.0.0/16 is, too");
	address = parsed("169.255.1.2");
	tap_ok(!address_is_link_local(&address), "169.255.0.0/16 is not");
}

static void same_host(void)
{
	struct address a = parsed("10.0.0.1");
	struct address b = a;

	b.port = 5000;
	tap_ok(address_same_host(&a, &b), "the same host at another port");
	b.bytes[4] = 1;
	tap_ok(address_same_host(&a, &b),
		"bytes behind the four of IPv4 do not count");
	b.bytes[3] = 2;
	tap_ok(!address_same_host(&a, &b), "the last byte of IPv4 counts");
	b = parsed("0a00:1::");
	memcpy(a.bytes, b.bytes, sizeof(a.bytes));
	tap_ok(!address_same_host(&a, &b), "the family counts");
	a = b;
	tap_ok(address_same_host(&a, &b), "IPv6 equals itself");
	b.bytes[15] = 1;
	tap_ok(!address_same_host(&a, &b), "the last byte of IPv6 counts");
	b = a;
	b.scope = 2;
	tap_ok(!address_same_host(&a, &b), "the scope of IPv6 counts");
}

static void formats(void)
{
	static const struct {
		const char *text;
		uint16_t port;
		uint32_t scope;
		const char *host;
		const char *whole;
	} cases[] = {
		{"0.0.0.0", 0, 0, "0.0.0.0", "0.0.0.0:0"},
		{"192.0.2.1", 5000, 0, "192.0.2.1", "192.0.2.1:5000"},
		{"10.100.9.99", 9, 0, "10.100.9.99", "10.100.9.99:9"},
		{"255.255.255.255", 65535, 0, "255.255.255.255",
			"255.255.255.255:65535"},
		{"::", 10, 0, "::", "[::]:10"},
		{"fe80::1", 5000, 2, "fe80::1%2", "[fe80::1%2]:5000"},
		{"2001:DB8:0:0:1:0:0:1", 1, 0, "2001:db8::1:0:0:1",
			"[2001:db8::1:0:0:1]:1"},
		{"::ffff:192.0.2.1", 1, 0, "::ffff:192.0.2.1",
			"[::ffff:192.0.2.1]:1"},
		/* The longest there is. */
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535, UINT32_MAX,
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295",
			"[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]"
			":65535"},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct address address = parsed(cases[i].text);
		char out[ADDRESS_TEXT_SIZE];

		address.port = cases[i].port;
		address.scope = cases[i].scope;
		tap_is_string(address_format_host(&address, out), cases[i].host,
			cases[i].text);
		tap_is_string(address_format(&address, out), cases[i].whole,
			"with its port");
	}
}

static void maps(void)
{
	struct address address = {.family = ADDRESS_NONE};
	char out[ADDRESS_TEXT_SIZE];

	tap_ok(address_parse("192.0.2.7", &address), "an IPv4 address");
	address.port = 7;
	address_map(&address);
	tap_is_string(address_format(&address, out), "[::ffff:192.0.2.7]:7",
		"is mapped into IPv6");
	tap_ok(!address_is_host(&address), "as which it is no host's");
	address_map(&address);
	address.scope = 2;
	address_unmap(&address);
	tap_is_string(address_format(&address, out), "192.0.2.7:7", "and back");
	tap_ok(address.scope == 0 && address.bytes[4] == 0 &&
			address.bytes[15] == 0,
		"and nothing is left of it");
	address_unmap(&address);
	tap_is_string(address_format(&address, out), "192.0.2.7:7",
		"an IPv4 address stays what it is");
	tap_ok(address_parse("fe80::1", &address), "so does one of IPv6");
	address.scope = 2;
	address_unmap(&address);
	address_map(&address);
	tap_is_string(address_format_host(&address, out), "fe80::1%2",
		"with its scope");
}

static void each_byte(void)
{
	char expected[ADDRESS_TEXT_SIZE];
	char got[ADDRESS_TEXT_SIZE];
	unsigned wrong = 0;
	unsigned i;

	for (i = 0; i <= UINT16_MAX; i++) {
		struct address address = {.family = ADDRESS_IPV4,
			.bytes = {(uint8_t)i, (uint8_t)(i >> 8), 7, 70},
			.port = (uint16_t)i};
		struct address back;

		snprintf(expected, sizeof(expected), "%u.%u.7.70:%u", i & 255,
			i >> 8, i);
		if (strcmp(address_format(&address, got), expected) != 0 ||
			!address_parse(
				address_format_host(&address, got), &back) ||
			!address_same_host(&address, &back))
			wrong++;
	}
	tap_is_int(wrong, 0,
		"each byte and port is the same after formatting and parsing");
}

int main(void)
{
	struct address none = {.family = ADDRESS_NONE, .port = 1};
	char out[ADDRESS_TEXT_SIZE];

	reads_bytes();
	refuses();
	tells_hosts();
	groups();
	zones();
	scopes();
	same_host();
	maps();
	formats();
	each_byte();
	tap_is_string(address_format(&none, out), "?:1",
		"no address is formatted as ?");
	return tap_done();
}
