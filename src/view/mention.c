/* SPDX-License-Identifier: ISC */
#include "mchat/view/mention.h"

#include "mchat/protocol/event.h"
#include "mchat/view/event_payload.h"

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool is_of_word(char c)
{
	int letter = lower(c);

	return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool is_same(const char *a, const char *b, size_t size)
{
	while (size > 0 && lower(*a) == lower(*b)) {
		a++;
		b++;
		size--;
	}
	return size == 0;
}

/* Whether a word can begin or end before the byte at `at`. */
static bool is_boundary(const struct event_payload *words, size_t at)
{
	return at == 0 || at == words->size ||
	       !is_of_word(words->bytes[at - 1]) ||
	       !is_of_word(words->bytes[at]);
}

size_t mention_find(const struct event_payload *words, size_t from,
	const char *nick, size_t size)
{
	for (size_t at = from; at + size <= words->size; at++) {
		if (is_same(words->bytes + at, nick, size) &&
			is_boundary(words, at) && is_boundary(words, at + size))
			return at;
	}
	return words->size;
}

bool mention_is_in(const struct event *event, const char *nick, size_t size)
{
	struct event_payload words;

	if (!event_payload_exists(event))
		return false;
	if (event->kind != EVENT_PLAIN &&
		(event->message.is_own || event->message.is_history))
		return false;
	words = event_payload_of(event);
	return mention_find(&words, 0, nick, size) < words.size;
}
