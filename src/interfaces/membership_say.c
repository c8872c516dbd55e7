/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/membership_say.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/interfaces/membership.h"
#include "mchat/network/interface.h"
#include "mchat/network/sockopt.h"

/* A buffer of less than this part of what was asked for is worth a word; with
 * half of it a burst has to be twice as long as any that mchat was made for. */
#define BUFFER_FAR_BELOW 2

static void say_buffer(enum verbosity verbosity, const char *name, int asked,
	int granted, const char *limit)
{
	const char *advice =
		granted < asked ? "; the limit is the sysctl " : "";

	diagnostics_warning(verbosity,
		"%s: asked for %d bytes, granted %d, in all "
		"%d " GROUP_BUFFER_NOTE "%s%s",
		name, asked, granted, granted * GROUP_BUFFER_FACTOR, advice,
		*advice ? limit : "");
}

void membership_say_buffers(const struct membership *membership,
	const struct membership_config *config, enum verbosity verbosity)
{
	const struct group_config *group = &config->group;
	int receive = group->receive_buffer;

	if (verbosity == VERBOSITY_VERBOSE && receive == 0)
		receive = GROUP_RECEIVE_BUFFER;
	if (group->receives && receive > 0)
		say_buffer(verbosity, "SO_RCVBUF", receive,
			group_receive_buffer(membership->families[0].group),
			"net.core.rmem_max");
	if (group->sends && group->send_buffer > 0)
		say_buffer(verbosity, "SO_SNDBUF", group->send_buffer,
			group_send_buffer(membership->families[0].group),
			"net.core.wmem_max");
}

void membership_say_loss(struct membership *membership,
	const struct membership_config *config, enum verbosity verbosity)
{
	int granted = group_receive_buffer(membership->families[0].group);

	/* What was asked for by an option was told at the start. */
	if (membership->loss_was_told || config->group.receive_buffer > 0 ||
		verbosity == VERBOSITY_VERBOSE)
		return;
	membership->loss_was_told = true;
	if (granted > 0 && granted < GROUP_RECEIVE_BUFFER / BUFFER_FAR_BELOW)
		diagnostics_warning(verbosity,
			"the receive buffer was full: it is far below what "
			"mchat asks for, %d of %d bytes; the limit is the "
			"sysctl net.core.rmem_max",
			granted, GROUP_RECEIVE_BUFFER);
}

static void say_refused(
	const struct group_refusals *refused, enum verbosity verbosity)
{
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; i < refused->count; i++)
		buffer_append_format(&names, "%s%s", i > 0 ? ", " : "",
			sockopt_info(refused->options[i])->name);
	buffer_append_char(&names, '\0');
	if (refused->count > 0)
		diagnostics_warning(verbosity,
			"this system refuses %s (%s); mchat does without",
			buffer_bytes(&names), strerror(refused->error));
	buffer_fini(&names);
}

void membership_say_refused(
	const struct membership *membership, enum verbosity verbosity)
{
	for (size_t i = 0; i < membership->count; i++)
		say_refused(group_refused(membership->families[i].group),
			verbosity);
}

/* Ends the line and says it, as an answer or as a detail. */
static void say_line(struct buffer *line, bool is_answer)
{
	buffer_append_char(line, '\0');
	if (is_answer)
		diagnostics_answer("%s", buffer_bytes(line));
	else
		diagnostics_detail(VERBOSITY_VERBOSE, "%s", buffer_bytes(line));
	buffer_fini(line);
}

/* Begins a line: what we do, and in which group. */
static void begin_line(struct buffer *line, const char *what,
	const struct membership_config *config, const struct address *group)
{
	char address[ADDRESS_TEXT_SIZE];

	buffer_append_format(line, "%s %s%s%s", what,
		config->room ? config->room : "", config->room ? ", " : "",
		address_format(group, address));
}

/* Says that it is in a group on one interface. */
static void say_joined(const struct membership_config *config,
	const struct address *group, const struct interface *interface,
	bool is_answer, const char *hint)
{
	struct buffer line = BUFFER_EMPTY;
	char own[ADDRESS_TEXT_SIZE];

	begin_line(&line, config->group.receives ? "in" : "sending to", config,
		group);
	buffer_append_format(&line, " on %s (%s), %s %d%s", interface->name,
		interface_format_address(interface, own),
		group_hop_limit_name(group), config->group.hop_limit, hint);
	say_line(&line, is_answer);
}

void membership_say(const struct membership *membership,
	const struct membership_config *config, bool is_answer,
	const char *hint)
{
	size_t left = 0;

	for (size_t i = 0; i < membership->count; i++)
		left += membership->families[i].interfaces.count;
	if (left == 0) {
		const struct address *group = &membership->families[0].address;
		struct buffer line = BUFFER_EMPTY;

		begin_line(&line, "waiting for an interface to be in", config,
			group);
		buffer_append_format(&line, ", %s %d%s",
			group_hop_limit_name(group), config->group.hop_limit,
			hint);
		say_line(&line, is_answer);
	}
	for (size_t i = 0; i < membership->count; i++) {
		const struct family_membership *it = &membership->families[i];

		for (size_t k = 0; k < it->interfaces.count; k++)
			say_joined(config, &it->address,
				&it->interfaces.items[k], is_answer,
				--left > 0 ? "" : hint);
	}
}

void membership_say_sources(const struct membership_config *config, bool is_raw,
	enum verbosity verbosity)
{
	const struct group_config *group = &config->group;
	struct buffer names = BUFFER_EMPTY;
	char host[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < group->source_count; i++)
		buffer_append_format(&names, "%s%s", i > 0 ? ", " : "",
			address_format_host(&group->sources[i], host));
	buffer_append_char(&names, '\0');
	if (group->source_count > 0 && group->receives)
		diagnostics_warning(verbosity,
			"only this host and %s are heard%s",
			buffer_bytes(&names),
			is_raw ? ""
			       : ": members elsewhere are not waited for and "
				 "cannot confirm what you say, and what they "
				 "say comes late or not at all; all is well "
				 "where every member lists every other one "
				 "with -s");
	if (group->source_count > 0 && group->receives && !is_raw)
		diagnostics_warning(verbosity,
			"all is well, too, where all list the same sources: "
			"these then pass on what the others say");
	buffer_fini(&names);
}

void membership_say_spare(
	const struct membership *membership, enum verbosity verbosity)
{
	char address[ADDRESS_TEXT_SIZE];

	if (membership->uses_spare)
		diagnostics_warning(verbosity,
			"no interface has an IPv4 address: IPv6 is used, in %s",
			address_format(
				&membership->families[membership->count - 1]
					 .address,
				address));
}

/* What stays on one network, as it is for an IPv4 group. */
#define HOP_LIMIT_LINK 1

void membership_say_link(const struct membership *membership, int hop_limit,
	enum verbosity verbosity)
{
	char address[ADDRESS_TEXT_SIZE];

	if (hop_limit <= HOP_LIMIT_LINK)
		return;
	for (size_t i = 0; i < membership->count; i++) {
		if (!address_is_link_group(&membership->families[i].address))
			return;
	}
	diagnostics_warning(verbosity,
		"%s is a group of the link, which no router passes on, "
		"whatever the hop limit; a group that begins with ff15 can be",
		address_format_host(&membership->families[0].address, address));
}
