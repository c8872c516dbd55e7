/* SPDX-License-Identifier: ISC */
/* Which interfaces a chat is joined on, from what the user asked for. */
#ifndef MCHAT_CHAT_CHOOSE_H
#define MCHAT_CHAT_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"
#include "mchat/network/group.h"
#include "mchat/network/interface.h"

struct call_log;

struct choice {
	struct interface items[GROUP_INTERFACES_MAX]; /* none twice */
	bool is_named[GROUP_INTERFACES_MAX];          /* not only by "all" */
	size_t count;
};

/* The name of a chosen interface; NULL when it is none of them. */
const char *choice_name(const struct choice *choice, unsigned index);

enum choose_result {
	CHOOSE_OK,
	CHOOSE_UNKNOWN,  /* a name that is no interface: wrong usage */
	CHOOSE_UNUSABLE, /* none that works, or one named that does not */
};

/*
 * Chooses by `names` (name, index, address or "all"), or, when `count` is 0,
 * the one interface that the kernel routes `group` to, or else the first of
 * "all".  What is wrong is said on stderr, with the next step.
 */
enum choose_result choose_interfaces(struct call_log *log,
	const char *const *names, size_t count, const struct address *group,
	struct choice *out);

#endif
