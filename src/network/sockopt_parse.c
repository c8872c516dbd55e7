/* SPDX-License-Identifier: ISC */
#include "mchat/network/sockopt_parse.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "mchat/base/number.h"
#include "mchat/network/interface.h"
#include "mchat/network/sockopt.h"

/* The longest time that fits a 32-bit time_t: what every kernel takes. */
#define TIME_MAX_S INT32_MAX

const char *sockopt_form(const struct sockopt *option)
{
	switch (option->type) {
	case SOCKOPT_FLAG:
		return "on|off|N";
	case SOCKOPT_INTEGER:
	case SOCKOPT_INDEX:
	case SOCKOPT_WIDE:
		return "N";
	case SOCKOPT_LINGER:
		return "off|SECONDS";
	case SOCKOPT_TIMEVAL:
		return "SECONDS";
	case SOCKOPT_DEVICE:
	case SOCKOPT_NAME:
		return "NAME";
	case SOCKOPT_ADDRESS:
		return "INTERFACE";
	case SOCKOPT_MEMBERSHIP:
	case SOCKOPT_GROUP:
		return "GROUP[,INTERFACE]";
	case SOCKOPT_SOURCE_MEMBERSHIP:
		return "GROUP,SOURCE[,INTERFACE]";
	case SOCKOPT_TCP_INFO_SUMMARY:
	case SOCKOPT_BYTES:
		break;
	}
	return NULL;
}

static const char *parse_number(const char *text, int *out)
{
	int64_t number;

	switch (number_parse(text, INT32_MIN, INT32_MAX, &number)) {
	case NUMBER_OK:
		*out = (int)number;
		return NULL;
	case NUMBER_MALFORMED:
		return "not a number";
	case NUMBER_TOO_SMALL:
	case NUMBER_TOO_LARGE:
		break;
	}
	return "more than an int holds";
}

static const char *parse_flag(const char *text, int *out)
{
	if (strcmp(text, "on") == 0)
		*out = 1;
	else if (strcmp(text, "off") == 0)
		*out = 0;
	else
		return parse_number(text, out) ? "not on, off or a number"
					       : NULL;
	return NULL;
}

static const char *parse_wide(const char *text, uint64_t *out)
{
	int64_t number;

	if (number_parse(text, 0, INT64_MAX, &number) != NUMBER_OK)
		return "not a number from 0";
	*out = (uint64_t)number;
	return NULL;
}

static const char *parse_linger(const char *text, struct sockopt_linger *out)
{
	if (strcmp(text, "off") == 0)
		return NULL;
	out->is_on = true;
	return parse_number(text, &out->seconds) ? "not off or seconds" : NULL;
}

static const char *parse_name(const char *text, char out[SOCKOPT_DEVICE_SIZE])
{
	if (strlen(text) >= SOCKOPT_DEVICE_SIZE)
		return "longer than a name may be";
	memcpy(out, text, strlen(text) + 1);
	return NULL;
}

/* The parts of "GROUP,SOURCE,INTERFACE". */
#define PARTS_MAX 3

/* Room for the longest such text: two addresses and a name. */
#define PARTS_SIZE ((size_t)(2 * ADDRESS_TEXT_SIZE + INTERFACE_NAME_SIZE))

/* Cuts `text`, which is changed, at its commas; how many parts it has. */
static size_t split(char *text, const char *out[PARTS_MAX])
{
	size_t count = 0;

	while (count < PARTS_MAX) {
		char *comma = strchr(text, ',');

		out[count++] = text;
		if (!comma)
			return count;
		*comma = '\0';
		text = comma + 1;
	}
	return PARTS_MAX + 1;
}

/* An IPv4 address goes to the kernel as it is, which knows whose it is; IPv6
 * has interfaces by index only. */
static const char *parse_interface(enum address_family family, const char *text,
	struct sockopt_membership *out)
{
	struct interface_list list;
	const struct interface *found;
	struct address address;

	if (family == ADDRESS_IPV4 && address_parse(text, &address) &&
		address.family == ADDRESS_IPV4) {
		out->interface_address = address;
		return NULL;
	}

	if (interface_list(family, &list) < 0)
		return strerror(errno);
	found = interface_find(&list, text);
	if (found) {
		out->interface_index = found->index;
		out->interface_address = found->address;
	}
	interface_list_fini(&list);
	return found ? NULL : "no such interface";
}

/* The addresses that come before the interface, `wanted` of them. */
static const char *parse_membership(const struct sockopt *option, size_t wanted,
	const char *text, struct sockopt_membership *out)
{
	enum address_family family =
		option->level == IPPROTO_IPV6 ? ADDRESS_IPV6 : ADDRESS_IPV4;
	struct address *const addresses[] = {&out->group, &out->source};
	char copy[PARTS_SIZE];
	const char *parts[PARTS_MAX];
	size_t count;

	if (strlen(text) >= sizeof(copy))
		return "too long";
	memcpy(copy, text, strlen(text) + 1);
	count = split(copy, parts);
	if (count < wanted || count > wanted + 1)
		return "not of this form";
	for (size_t i = 0; i < wanted; i++) {
		if (!address_parse(parts[i], addresses[i]) ||
			addresses[i]->family != family)
			return family == ADDRESS_IPV6 ? "not an IPv6 address"
						      : "not an IPv4 address";
	}
	return count > wanted ? parse_interface(family, parts[wanted], out)
			      : NULL;
}

static const char *parse_time(const char *text, struct duration *out)
{
	return number_parse_seconds(text, TIME_MAX_S, out) == NUMBER_OK
		       ? NULL
		       : "not seconds, as 1.5";
}

static const char *parse_into(const struct sockopt *option, const char *text,
	struct sockopt_value *out)
{
	switch (option->type) {
	case SOCKOPT_FLAG:
		return parse_flag(text, &out->number);
	case SOCKOPT_INTEGER:
	case SOCKOPT_INDEX:
		return parse_number(text, &out->number);
	case SOCKOPT_WIDE:
		return parse_wide(text, &out->wide);
	case SOCKOPT_LINGER:
		return parse_linger(text, &out->linger);
	case SOCKOPT_TIMEVAL:
		return parse_time(text, &out->time);
	case SOCKOPT_DEVICE:
	case SOCKOPT_NAME:
		return parse_name(text, out->device);
	case SOCKOPT_ADDRESS:
		return parse_membership(option, 0, text, &out->membership);
	case SOCKOPT_MEMBERSHIP:
	case SOCKOPT_GROUP:
		return parse_membership(option, 1, text, &out->membership);
	case SOCKOPT_SOURCE_MEMBERSHIP:
		return parse_membership(option, 2, text, &out->membership);
	case SOCKOPT_TCP_INFO_SUMMARY:
	case SOCKOPT_BYTES:
		break;
	}
	return "no value of this kind can be written here";
}

const char *sockopt_parse(const struct sockopt *option, const char *text,
	struct sockopt_value *out)
{
	struct sockopt_value value = {.type = option->type};
	const char *problem = parse_into(option, text, &value);

	if (!problem)
		*out = value;
	return problem;
}
