/* SPDX-License-Identifier: ISC */
#include "mchat/view/name_list.h"

#include "mchat/base/buffer.h"
#include "mchat/view/name.h"

bool name_list_add(struct name_list *list, const struct event_member *member,
	struct buffer *out)
{
	list->count++;
	if (list->named >= list->max)
		return false;
	if (list->named++ > 0)
		buffer_append_string(out, ", ");
	name_append(out, member);
	return true;
}

void name_list_end(const struct name_list *list, struct buffer *out)
{
	if (list->count > list->named)
		buffer_append_format(
			out, " and %zu more", list->count - list->named);
}
