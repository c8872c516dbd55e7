/* SPDX-License-Identifier: ISC */
/* What somebody who is alone is told: where we are, and why nobody may be
 * heard, as far as the chat sees it. */
#ifndef MCHAT_CHAT_ALONE_H
#define MCHAT_CHAT_ALONE_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/address.h"

struct buffer;
struct interface_set;

struct alone_facts {
	const struct address *group;            /* with the port */
	const struct interface_set *interfaces; /* that are joined */
	int refused;       /* errno of sending, which fails; 0: it works */
	bool is_deaf;      /* what we sent did not come back to this host */
	uint64_t filtered; /* datagrams that rp_filter dropped meanwhile */
};

/* Appends it in one line, without an end. */
void alone_append(const struct alone_facts *facts, struct buffer *out);

#endif
