/* SPDX-License-Identifier: ISC */
#include "mchat/network/group_sources.h"

#include <errno.h>

#include "mchat/network/group_socket.h"
#include "mchat/network/sockopt.h"

size_t group_sources_max(enum address_family family)
{
	return family == ADDRESS_IPV6 ? GROUP_SOURCES_MAX_IPV6
				      : GROUP_SOURCES_MAX_IPV4;
}

static bool is_listed(
	const struct group_config *config, const struct address *address)
{
	for (size_t i = 0; i < config->source_count; i++) {
		struct address source = config->sources[i];

		source.scope = address->scope;
		if (address_same_host(&source, address))
			return true;
	}
	return false;
}

static int join(struct call_log *log, int fd,
	const struct sockopt_membership *membership,
	const struct address *source, const char *why)
{
	struct sockopt_value value = {
		.type = SOCKOPT_SOURCE_MEMBERSHIP,
		.membership = *membership,
	};

	value.membership.source = *source;
	/* As a source it is looked for on the interface in any case. */
	value.membership.source.scope = 0;
	return sockopt_set(log, fd,
		group_family_of(&membership->group)->join_source, &value, why);
}

/* Undoes what was joined; errno stays. */
static void leave(struct call_log *log, int fd,
	const struct sockopt_membership *membership)
{
	enum sockopt_id id = group_family_of(&membership->group)->leave;
	const struct sockopt_value value = {
		.type = sockopt_info(id)->type,
		.membership = *membership,
	};
	int error = errno;

	(void)sockopt_set(
		log, fd, id, &value, "not from some of the sources alone");
	errno = error;
}

int group_sources_join(struct call_log *log, int fd,
	const struct group_config *config,
	const struct sockopt_membership *membership)
{
	const struct address *own = &membership->interface_address;
	size_t joined = 0;
	int result = 0;

	if (!is_listed(config, own)) {
		result = join(log, fd, membership, own,
			"what this host sends is filtered, too");
		joined += result == 0;
	}
	for (size_t i = 0; i < config->source_count && result == 0; i++) {
		const struct address *source = &config->sources[i];

		if (source->family != config->address.family)
			continue;
		result = join(log, fd, membership, source,
			"receive the group from this source");
		joined += result == 0;
	}
	if (result < 0 && joined > 0)
		leave(log, fd, membership);
	return result;
}
