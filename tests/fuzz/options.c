/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: words of a command line, each ended by a zero byte.  What
 * is taken must be within the bounds that the manual gives.  A word such as
 * SO_RCVBUF=1024 is read as a socket option, too.
 */
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/address.h"
#include "mchat/network/sockopt.h"
#include "mchat/network/sockopt_parse.h"
#include "mchat/network/sockopt_value.h"
#include "mchat/options.h"
#include "mchat/protocol/wire.h"

#define WORDS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool condition)
{
	if (!condition)
		abort();
}

static bool is_percent(double value)
{
	return value >= 0 && value <= 100;
}

/* RFC 1112, section 4; RFC 4291, section 2.7. */
static bool is_group(const struct address *address)
{
	return address->family == ADDRESS_IPV6
		       ? address->bytes[0] == 0xff
		       : (address->bytes[0] & 0xf0) == 0xe0;
}

static void check_options(const struct options *options)
{
	const struct chat_config *chat = &options->chat;
	const struct membership_config *place = &chat->session.membership;
	const struct group_config *group = &place->group;

	check(is_group(&group->address));
	check(group->address.port > 0);
	check(group->hop_limit >= 0 && group->hop_limit <= 255);
	check(group->receive_buffer >= 0 && group->send_buffer >= 0);
	check(place->interface_count <= GROUP_INTERFACES_MAX);
	check(chat->message_count == 0 || !chat->reads_input);
	check(!chat->session.nick ||
		strlen(chat->session.nick) <= WIRE_NICK_MAX);
	check(chat->timeout.ns >= 0);
	check(is_percent(chat->faults.drop));
	check(is_percent(chat->faults.duplicate));
	check(is_percent(chat->faults.reorder));
}

static void parse_value(const char *word)
{
	const char *equals = strchr(word, '=');
	struct sockopt_value value;
	enum sockopt_id id;
	char name[64];

	if (!equals || (size_t)(equals - word) >= sizeof(name))
		return;
	memcpy(name, word, (size_t)(equals - word));
	name[equals - word] = '\0';
	if (sockopt_find(name, &id))
		sockopt_parse(sockopt_info(id), equals + 1, &value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static char program[] = "mchat";
	char *words[WORDS_MAX + 2] = {program};
	char *text = malloc(size + 1);
	struct options options;
	int count = 1;

	if (!text)
		abort();
	memcpy(text, bytes, size);
	text[size] = '\0';
	for (size_t at = 0; at < size && count <= WORDS_MAX;
		at += strlen(text + at) + 1) {
		parse_value(text + at);
		words[count++] = text + at;
	}
	optind = 0; /* glibc and musl begin anew */
	if (options_parse(count, words, &options) == OPTIONS_RUN)
		check_options(&options);
	options_fini(&options);
	free(text);
	return 0;
}
