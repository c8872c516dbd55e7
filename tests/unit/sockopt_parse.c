/* SPDX-License-Identifier: ISC */
/* Values of each type as they are written, and as they are printed again. */
#include "mchat/network/sockopt_parse.h"

#include <stdio.h>

#include "tap.h"
#include "mchat/network/sockopt.h"

static void test_values(void)
{
	static const struct {
		enum sockopt_id id;
		const char *text;
		const char *expected;
	} cases[] = {
		{SOCKOPT_SO_BROADCAST, "on", "1"},
		{SOCKOPT_SO_BROADCAST, "off", "0"},
		{SOCKOPT_SO_BROADCAST, "2", "2"},
		{SOCKOPT_IP_TTL, "32", "32"},
		{SOCKOPT_IP_TTL, "-1", "-1"},
		{SOCKOPT_SO_RCVBUF, "2147483647", "2147483647"},
		{SOCKOPT_SO_LINGER, "off", "off"},
		{SOCKOPT_SO_LINGER, "0", "on, 0 s"},
		{SOCKOPT_SO_LINGER, "5", "on, 5 s"},
		{SOCKOPT_SO_LINGER, "-1", "on, without bound (-1 s)"},
		{SOCKOPT_SO_RCVTIMEO, "1.5", "1.500000 s"},
		{SOCKOPT_SO_BINDTODEVICE, "lo", "lo"},
		{SOCKOPT_SO_BINDTODEVICE, "", "any interface"},
		{SOCKOPT_IP_MULTICAST_IF, "lo", "lo"},
		{SOCKOPT_IP_MULTICAST_IF, "127.0.0.1", "127.0.0.1"},
		{SOCKOPT_IP_MULTICAST_IF, "192.0.2.254", "192.0.2.254"},
		{SOCKOPT_IP_ADD_MEMBERSHIP, "239.1.2.3,192.0.2.254",
			"239.1.2.3 on 192.0.2.254"},
		{SOCKOPT_IPV6_MULTICAST_IF, "lo", "lo"},
		{SOCKOPT_IP_ADD_MEMBERSHIP, "239.1.2.3",
			"239.1.2.3 on any interface"},
		{SOCKOPT_IP_ADD_MEMBERSHIP, "239.1.2.3,lo", "239.1.2.3 on lo"},
		{SOCKOPT_IPV6_JOIN_GROUP, "ff12::1,lo", "ff12::1 on lo"},
		{SOCKOPT_IP_ADD_SOURCE_MEMBERSHIP, "232.1.2.3,10.0.0.1,lo",
			"232.1.2.3 from 10.0.0.1 on lo"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sockopt *option = sockopt_info(cases[i].id);
		struct sockopt_value value = {0};
		char text[SOCKOPT_TEXT_SIZE];
		const char *problem =
			sockopt_parse(option, cases[i].text, &value);

		if (tap_ok(!problem, "%s=%s is a value", option->name,
			    cases[i].text))
			tap_is_string(sockopt_value_format(&value, text),
				cases[i].expected,
				"the value is printed as it should be");
	}
}

static void test_mistakes(void)
{
	static const struct {
		enum sockopt_id id;
		const char *text;
		const char *problem;
	} cases[] = {
		{SOCKOPT_SO_BROADCAST, "yes", "not on, off or a number"},
		{SOCKOPT_IP_TTL, "", "not a number"},
		{SOCKOPT_IP_TTL, "32x", "not a number"},
		{SOCKOPT_IP_TTL, "2147483648", "more than an int holds"},
		{SOCKOPT_SO_LINGER, "on", "not off or seconds"},
		{SOCKOPT_SO_RCVTIMEO, "-1", "not seconds, as 1.5"},
		{SOCKOPT_SO_BINDTODEVICE, "0123456789abcdef",
			"longer than a name may be"},
		{SOCKOPT_IP_ADD_MEMBERSHIP, "", "not an IPv4 address"},
		{SOCKOPT_IP_ADD_MEMBERSHIP, "ff12::1", "not an IPv4 address"},
		{SOCKOPT_IP_ADD_MEMBERSHIP, "239.1.2.3,nosuch",
			"no such interface"},
		{SOCKOPT_IP_ADD_MEMBERSHIP, "239.1.2.3,lo,lo",
			"not of this form"},
		{SOCKOPT_IP_ADD_MEMBERSHIP, "239.1.2.3,lo,lo,lo",
			"not of this form"},
		{SOCKOPT_IPV6_JOIN_GROUP, "239.1.2.3", "not an IPv6 address"},
		{SOCKOPT_IP_ADD_SOURCE_MEMBERSHIP, "232.1.2.3",
			"not of this form"},
		{SOCKOPT_SO_PEERNAME, "1",
			"no value of this kind can be written here"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sockopt_value value = {.number = 77};

		tap_is_string(sockopt_parse(sockopt_info(cases[i].id),
				      cases[i].text, &value),
			cases[i].problem, cases[i].text);
		tap_is_int(value.number, 77,
			"a mistake leaves the value untouched");
	}
}

static void test_forms(void)
{
	for (int i = 0; i < SOCKOPT_COUNT; i++) {
		const struct sockopt *option = sockopt_info((enum sockopt_id)i);
		bool is_opaque = option->type == SOCKOPT_BYTES ||
				 option->type == SOCKOPT_TCP_INFO_SUMMARY;

		tap_ok(!sockopt_form(option) == is_opaque,
			"%s has a form unless it is opaque", option->name);
	}
}

int main(void)
{
	test_values();
	test_mistakes();
	test_forms();
	return tap_done();
}
