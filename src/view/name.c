/* SPDX-License-Identifier: ISC */
#include "mchat/view/name.h"

#include <inttypes.h>

#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"
#include "mchat/view/nick_rule.h"

void name_append_tag(struct buffer *out, const struct event_member *member)
{
	if (member->is_nick_shared)
		buffer_append_format(
			out, "#%04x", (unsigned)(member->id >> 48));
}

void name_append(struct buffer *out, const struct event_member *member)
{
	if (member->nick_size == 0) {
		buffer_append_format(out, "%016" PRIx64, member->id);
		return;
	}
	nick_rule_append(out, member->nick, member->nick_size);
	name_append_tag(out, member);
}
