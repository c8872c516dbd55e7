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
struct choice;

/*
 * What the user asked for, by name: unlike an index or an address, that stays
 * with an interface which goes and comes back.
 */
struct wish {
	char names[GROUP_INTERFACES_MAX][INTERFACE_NAME_SIZE];
	size_t count;
	bool has_all;   /* and every one that is fit */
	bool is_routed; /* nothing: then the one that the routes lead to */
};

enum choose_result {
	CHOOSE_OK,
	CHOOSE_UNKNOWN,  /* a name that is no interface: wrong usage */
	CHOOSE_UNUSABLE, /* none that works, or one named that does not */
};

/*
 * Reads what the user asked for: `names` (name, index, address or "all"), or
 * nothing.  One that is no interface, or none that works, is said on stderr,
 * with the next step.
 */
enum choose_result choose_wish(const struct interface_list *list,
	const char *const *names, size_t count, struct wish *out);

/*
 * Chooses as wished of the interfaces that there are now, without those that do
 * not work: by name, all, or the one that the kernel routes `group` to, or else
 * the first of all.  `log` tells of the calls that ask for the route.
 */
void choose_interfaces(struct call_log *log, const struct interface_list *list,
	const struct wish *wish, const struct address *group,
	struct choice *out);

/* Says on stderr why there is none, or only a fallback. */
void choose_say_why(
	const struct interface_list *list, const struct choice *choice);

#endif
