/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/family_membership.h"

#include <errno.h>

#include "mchat/interfaces/join_errors.h"
#include "mchat/io/diagnostics.h"
#include "mchat/network/batch.h"
#include "mchat/network/call.h"
#include "mchat/network/group.h"

int family_membership_list(
	const struct address *group, struct interface_list *out)
{
	if (interface_list(group->family, out) < 0) {
		diagnostics_failure("list of interfaces", errno);
		return -1;
	}
	interface_list_prefer(out, group);
	return 0;
}

bool family_membership_join(struct family_membership *family,
	const struct interface *interface, struct join_errors *errors,
	struct call_log *log)
{
	struct down_interfaces *down = &family->down;
	const char *name = interface->name;

	call_forget(log);
	if (group_join(family->group, interface) == 0) {
		interface_set_add(&family->interfaces, interface, false);
		down_interfaces_note(down, name, DOWN_INTERFACES_NONE);
		return true;
	}
	if (down_interfaces_find(down, name) != DOWN_INTERFACES_REFUSED)
		join_errors_add(errors, name, log, errno);
	down_interfaces_note(down, name, DOWN_INTERFACES_REFUSED);
	return false;
}

void family_membership_leave(
	struct family_membership *family, size_t at, struct call_log *log)
{
	struct interface *it = &family->interfaces.items[at];

	down_interfaces_note(&family->down, it->name, DOWN_INTERFACES_GONE);
	/* One that is not there any more took its membership along. */
	(void)group_leave(family->group, it->index);
	call_forget(log);
	interface_set_remove(&family->interfaces, at);
}

void family_membership_lose(struct family_membership *family,
	unsigned interface_index, struct call_log *log)
{
	group_lose(family->group, interface_index);
	call_forget(log);
}

void family_membership_renew(
	struct family_membership *family, struct call_log *log)
{
	group_renew(family->group);
	call_forget(log);
}

size_t family_membership_datagram_size(const struct family_membership *family)
{
	size_t least = DATAGRAM_SIZE_MAX;

	for (size_t i = 0; i < family->interfaces.count; i++) {
		size_t size =
			interface_datagram_size(&family->interfaces.items[i]);

		if (size < least)
			least = size;
	}
	return least;
}
