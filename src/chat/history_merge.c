/* SPDX-License-Identifier: ISC */
#include "mchat/chat/history_merge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/protocol/event.h"
#include "mchat/view/event_payload.h"

struct history_merge_entry {
	struct history_merge_entry *next;
	struct event event; /* its pointers lead to `bytes` */
	size_t size;        /* of the whole entry */
	size_t number;      /* in the order they came */
	int64_t key;        /* history: its place; the author's time, but not
			     * before what the same author said earlier */
	bool is_live;       /* it stands behind all history */
	char bytes[];
};

void history_merge_init(struct history_merge *merge)
{
	*merge = (struct history_merge){0};
}

static void free_given(struct history_merge *merge)
{
	if (!merge->given)
		return;
	free(merge->given);
	merge->given = NULL;
}

void history_merge_fini(struct history_merge *merge)
{
	struct event event;

	history_merge_end(merge);
	while (history_merge_next(merge, &event))
		continue;
}

/* ---- copies ---- */

/* The pointers of an event that borrow, and how many bytes each leads to. */
struct borrowed {
	const char **pointer;
	size_t size;
};

#define BORROWED_MAX 3

static void add(struct borrowed list[BORROWED_MAX], size_t *count,
	const char **pointer, size_t size)
{
	if (*pointer)
		list[(*count)++] = (struct borrowed){pointer, size};
}

static void add_string(
	struct borrowed list[BORROWED_MAX], size_t *count, const char **pointer)
{
	if (*pointer)
		add(list, count, pointer, strlen(*pointer) + 1);
}

static size_t find_borrowed(
	struct event *event, struct borrowed list[BORROWED_MAX])
{
	size_t count = 0;

	add(list, &count, &event->member.nick, event->member.nick_size);
	switch (event->kind) {
	case EVENT_PLAIN:
		add(list, &count, &event->plain.text, event->plain.size);
		add_string(list, &count, &event->plain.interface);
		break;
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		add(list, &count, &event->message.text, event->message.size);
		break;
	case EVENT_NICK:
		add(list, &count, &event->nick.old_nick,
			event->nick.old_nick_size);
		break;
	case EVENT_LOST:
		add_string(list, &count, &event->lost.why);
		break;
	case EVENT_PEER:
		add_string(list, &count, &event->peer.name);
		break;
	case EVENT_PRIVATE:
		add_string(list, &count, &event->private.key);
		break;
	default:
		break;
	}
	return count;
}

/* A copy that owns what the event borrows; NULL without memory. */
static struct history_merge_entry *copy(const struct event *event)
{
	struct event out = *event;
	struct borrowed list[BORROWED_MAX];
	size_t count = find_borrowed(&out, list);
	size_t size = sizeof(struct history_merge_entry);
	struct history_merge_entry *entry;
	char *at;

	for (size_t i = 0; i < count; i++)
		size += list[i].size;
	entry = malloc(size);
	if (!entry)
		return NULL;
	at = entry->bytes;
	for (size_t i = 0; i < count; i++) {
		memcpy(at, *list[i].pointer, list[i].size);
		*list[i].pointer = at;
		at += list[i].size;
	}
	entry->event = out;
	entry->size = size;
	return entry;
}

/* ---- gathering ---- */

static bool is_history(const struct event *event)
{
	return event_payload_is_message(event) && event->message.is_history;
}

static void begin(
	struct history_merge *merge, int64_t quiet_ms, struct instant now)
{
	merge->is_gathering = true;
	merge->quiet_at = instant_after(now, duration_ms(quiet_ms));
	merge->end_at = instant_after(now, duration_ms(HISTORY_MERGE_MAX_MS));
}

void history_merge_begin(struct history_merge *merge, struct instant now)
{
	begin(merge, HISTORY_MERGE_FIRST_MS, now);
}

/* Whether it can stand before all that is gathered, and need not wait: who
 * comes, unless it left before, and answers to questions. */
static bool is_ahead(
	const struct history_merge *merge, const struct event *event)
{
	return event->kind == EVENT_STATS ||
	       (event->kind == EVENT_JOIN && !merge->has_leave);
}

static void append(
	struct history_merge *merge, struct history_merge_entry *entry)
{
	entry->next = NULL;
	entry->number = merge->count++;
	merge->bytes += entry->size;
	if (merge->last)
		merge->last->next = entry;
	else
		merge->first = entry;
	merge->last = entry;
}

/* Something came that is shown soon, or that more may follow. */
static void note(struct history_merge *merge, const struct event *event,
	bool is_live, struct instant now)
{
	struct instant quiet_at =
		instant_after(now, duration_ms(HISTORY_MERGE_QUIET_MS));

	if (!is_live && instant_before(merge->quiet_at, quiet_at))
		merge->quiet_at = quiet_at;
	if (is_live && !merge->has_live)
		merge->end_at = instant_earlier(merge->end_at,
			instant_after(now, duration_ms(HISTORY_MERGE_LIVE_MS)));
	merge->has_live |= is_live;
	merge->has_leave |= event->kind == EVENT_LEAVE;
}

bool history_merge_take(struct history_merge *merge, const struct event *event,
	struct instant now)
{
	struct history_merge_entry *entry;
	bool is_live = !is_history(event);
	bool is_pending = history_merge_is_pending(merge);

	free_given(merge);
	if (!merge->is_gathering && is_live && !is_pending)
		return false;
	if (is_ahead(merge, event))
		return false;
	if (!merge->is_gathering && !is_pending)
		begin(merge, HISTORY_MERGE_QUIET_MS, now);
	entry = copy(event);
	if (!entry) {
		history_merge_end(merge);
		return false;
	}
	entry->is_live = is_live;
	append(merge, entry);
	note(merge, event, is_live, now);
	if (merge->bytes >= HISTORY_MERGE_SIZE)
		history_merge_end(merge);
	return true;
}

bool history_merge_is_due(const struct history_merge *merge, struct instant now)
{
	return merge->is_gathering &&
	       !instant_before(now, history_merge_deadline(merge));
}

void history_merge_tick(
	struct history_merge *merge, bool lacks_some, struct instant now)
{
	if (!history_merge_is_due(merge, now))
		return;
	if (lacks_some && instant_before(now, merge->end_at))
		merge->quiet_at =
			instant_after(now, duration_ms(HISTORY_MERGE_QUIET_MS));
	else
		history_merge_end(merge);
}

struct instant history_merge_deadline(const struct history_merge *merge)
{
	return merge->is_gathering
		       ? instant_earlier(merge->quiet_at, merge->end_at)
		       : INSTANT_NEVER;
}

/* ---- in order ---- */

static int compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* By author, as it said them. */
static int by_author(const void *left, const void *right)
{
	const struct history_merge_entry *a =
		*(struct history_merge_entry *const *)left;
	const struct history_merge_entry *b =
		*(struct history_merge_entry *const *)right;
	uint64_t a_id = a->event.member.id;
	uint64_t b_id = b->event.member.id;

	return a_id != b_id ? (a_id > b_id) - (a_id < b_id)
			    : compare_numbers(a->number, b->number);
}

/* As they are shown. */
static int by_place(const void *left, const void *right)
{
	const struct history_merge_entry *a =
		*(struct history_merge_entry *const *)left;
	const struct history_merge_entry *b =
		*(struct history_merge_entry *const *)right;

	if (a->is_live != b->is_live)
		return a->is_live - b->is_live;
	if (!a->is_live && a->key != b->key)
		return (a->key > b->key) - (a->key < b->key);
	return compare_numbers(a->number, b->number);
}

/* Whether it is part of what its author said, which stays in order. */
static bool is_said(const struct event *event)
{
	return event_payload_exists(event) || event->kind == EVENT_LOST;
}

/* Gives each its place; they are sorted by author. */
static void find_places(struct history_merge_entry **list, size_t count)
{
	const struct history_merge_entry *said = NULL;

	for (size_t i = 0; i < count; i++) {
		struct history_merge_entry *it = list[i];

		it->key = it->event.time.ms;
		if (!is_said(&it->event))
			continue;
		if (said && said->event.member.id == it->event.member.id) {
			if (said->key > it->key)
				it->key = said->key;
			it->is_live |= said->is_live;
		}
		said = it;
	}
}

static void sort(struct history_merge *merge)
{
	struct history_merge_entry **list =
		calloc(merge->count, sizeof(struct history_merge_entry *));
	struct history_merge_entry *entry = merge->first;

	/* Without memory they come author by author. */
	if (!list)
		return;
	for (size_t i = 0; entry; entry = entry->next)
		list[i++] = entry;
	qsort(list, merge->count, sizeof(struct history_merge_entry *),
		by_author);
	find_places(list, merge->count);
	qsort(list, merge->count, sizeof(struct history_merge_entry *),
		by_place);
	for (size_t i = 0; i < merge->count; i++)
		list[i]->next = i + 1 < merge->count ? list[i + 1] : NULL;
	merge->first = list[0];
	merge->last = list[merge->count - 1];
	free(list);
}

void history_merge_end(struct history_merge *merge)
{
	if (merge->is_gathering && merge->count > 1)
		sort(merge);
	merge->is_gathering = false;
	merge->has_live = false;
	merge->has_leave = false;
}

bool history_merge_next(struct history_merge *merge, struct event *out)
{
	struct history_merge_entry *entry = merge->first;

	free_given(merge);
	if (!history_merge_is_pending(merge))
		return false;
	merge->first = entry->next;
	if (!merge->first)
		merge->last = NULL;
	merge->count--;
	merge->bytes -= entry->size;
	merge->given = entry;
	*out = entry->event;
	return true;
}
