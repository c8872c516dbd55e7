/* SPDX-License-Identifier: ISC */
#include "mchat/chat/alone.h"

#include <inttypes.h>

#include "mchat/base/buffer.h"
#include "mchat/interfaces/interface_set.h"
#include "mchat/network/error.h"

#define LOOK "`mchat doctor` looks for the cause"

/* "eth0", "eth0 and wlan0", "eth0 and 2 more". */
static void append_interfaces(
	const struct interface_set *interfaces, struct buffer *out)
{
	size_t count = interfaces->count;

	buffer_append_string(out, interfaces->items[0].name);
	if (count == 2)
		buffer_append_format(out, " and %s", interfaces->items[1].name);
	else if (count > 2)
		buffer_append_format(out, " and %zu more", count - 1);
}

static void append_place(const struct alone_facts *facts, struct buffer *out)
{
	char group[ADDRESS_TEXT_SIZE];

	buffer_append_format(
		out, "mchat called on %s", address_format(facts->group, group));
	if (facts->interfaces->count > 0) {
		buffer_append_string(out, " by ");
		append_interfaces(facts->interfaces, out);
	}
	buffer_append_string(out, "; if somebody should be there, " LOOK);
}

void alone_append(const struct alone_facts *facts, struct buffer *out)
{
	if (facts->refused != 0)
		buffer_append_format(out,
			"what is sent is refused (%s, %s); " LOOK,
			error_name(facts->refused),
			error_meaning_in("send", facts->refused));
	else if (facts->is_deaf)
		buffer_append_format(out,
			"what this host sends does not even come back to it: "
			"a firewall here drops UDP port %u; " LOOK,
			facts->group->port);
	else if (facts->filtered > 0)
		buffer_append_format(out,
			"%" PRIu64 " datagrams came that the kernel dropped, "
			"since its route back to their sender is another "
			"(rp_filter); " LOOK,
			facts->filtered);
	else
		append_place(facts, out);
}
