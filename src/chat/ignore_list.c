/* SPDX-License-Identifier: ISC */
#include "mchat/chat/ignore_list.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"
#include "mchat/view/event_payload.h"
#include "mchat/view/name.h"

/* Whether a member is shown as `name`, with its id or without. */
static bool goes_by(
	const struct event_member *member, bool with_id, const char *name)
{
	struct event_member shown = *member;
	struct buffer text = BUFFER_EMPTY;
	bool is_same;

	shown.is_nick_shared = with_id;
	name_append(&text, &shown);
	is_same = buffer_size(&text) == strlen(name) &&
		  memcmp(buffer_bytes(&text), name, strlen(name)) == 0;
	buffer_fini(&text);
	return is_same;
}

/* Whether `name` ends like "#2f3a", which no nick is shown to do. */
static bool ends_with_id(const char *name)
{
	const char *mark = strrchr(name, '#');

	return mark && mark > name && strlen(mark) == 5 &&
	       strspn(mark + 1, "0123456789abcdef") == 4;
}

/* Finds who is here and goes by that name. */
static bool find_member(const struct engine *engine, bool with_id,
	const char *name, uint64_t *id)
{
	struct engine_member member;

	for (size_t i = 0; engine && engine_member_at(engine, i, &member);
		i++) {
		struct event_member shown = engine_member_name(&member);

		if (goes_by(&shown, with_id, name)) {
			*id = member.id;
			return true;
		}
	}
	return false;
}

static struct ignore_entry *find(struct ignore_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].name, name) == 0)
			return &list->entries[i];
	return NULL;
}

enum ignore_result ignore_list_add(
	struct ignore_list *list, const struct engine *engine, const char *name)
{
	struct ignore_entry entry = {.has_id = ends_with_id(name)};
	bool is_here = find_member(engine, entry.has_id, name, &entry.id);

	if (find(list, name))
		return IGNORE_ALREADY;
	if (entry.has_id && !is_here)
		return IGNORE_UNKNOWN;
	if (list->count == IGNORE_LIST_MAX ||
		strlen(name) >= sizeof(entry.name))
		return IGNORE_FULL;
	memcpy(entry.name, name, strlen(name) + 1);
	list->entries[list->count++] = entry;
	return is_here ? IGNORE_HERE : IGNORE_ABSENT;
}

bool ignore_list_remove(struct ignore_list *list, const char *name)
{
	struct ignore_entry *entry = find(list, name);

	if (!entry)
		return false;
	list->count--;
	memmove(entry, entry + 1,
		(size_t)(&list->entries[list->count] - entry) * sizeof(*entry));
	return true;
}

bool ignore_list_has(
	const struct ignore_list *list, const struct event_member *member)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct ignore_entry *entry = &list->entries[i];

		if (entry->has_id ? entry->id == member->id
				  : goes_by(member, false, entry->name))
			return true;
	}
	return false;
}

bool ignore_list_hides(
	const struct ignore_list *list, const struct event *event)
{
	return list->count > 0 && event_payload_is_message(event) &&
	       !event->message.is_own && ignore_list_has(list, &event->member);
}

void ignore_list_append(const struct ignore_list *list, struct buffer *out)
{
	for (size_t i = 0; i < list->count; i++) {
		buffer_append_string(out, i > 0 ? ", " : "");
		buffer_append_string(out, list->entries[i].name);
	}
}
