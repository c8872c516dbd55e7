/* SPDX-License-Identifier: ISC */
/* Which interfaces a chat is joined on, from what the user asked for. */
#ifndef MCHAT_INTERFACES_INTERFACE_SELECT_H
#define MCHAT_INTERFACES_INTERFACE_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"
#include "mchat/network/group.h"
#include "mchat/network/interface.h"

struct call_log;
struct interface_set;

/*
 * What the user asked for, by name: unlike an index or an address, that stays
 * with an interface which goes and comes back.
 */
struct interface_wish {
	char names[GROUP_INTERFACES_MAX][INTERFACE_NAME_SIZE];
	size_t count;
	bool has_all;   /* and every one that is fit */
	bool is_routed; /* nothing: then the one that the routes lead to */
};

enum interface_select_result {
	INTERFACE_SELECT_OK,
	INTERFACE_SELECT_UNKNOWN, /* a name that is no interface: wrong usage */
	INTERFACE_SELECT_UNUSABLE, /* none that works */
};

/*
 * Reads what the user asked for: `names` (name, index, address or "all"), or
 * nothing.  One that is no interface, or does not work now, is said on stderr,
 * with the next step; the latter is wished for all the same.
 */
enum interface_select_result interface_select_read(
	const struct interface_list *list, const char *const *names,
	size_t count, struct interface_wish *out);

/* Says on stderr which of those that were named, and are up, have no address of
 * the list's family: for the second of two families. */
void interface_select_say_no_address(const struct interface_list *list,
	const char *const *names, size_t count);

/*
 * Chooses as wished of the interfaces that there are now, without those that do
 * not work: by name, all, or the one that the kernel routes `group` to, or else
 * the first of all.  `log` tells of the calls that ask for the route.
 */
void interface_select_from(struct call_log *log,
	const struct interface_list *list, const struct interface_wish *wish,
	const struct address *group, struct interface_set *out);

/* Says on stderr why there is none, or only a fallback. */
void interface_select_explain(
	const struct interface_list *list, const struct interface_set *set);

#endif
