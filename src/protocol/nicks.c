/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/nicks.h"

#include <string.h>

#include "mchat/base/utf8.h"

void nick_init(struct nick *nick, uint64_t owner)
{
	*nick = (struct nick){.owner = owner};
}

void nick_set(struct nick *nick, const char *text, size_t size)
{
	nick->size = (uint8_t)(size < WIRE_NICK_MAX ? size : WIRE_NICK_MAX);
	memcpy(nick->text, text, nick->size);
	nick->is_plain = utf8_is_plain_word(nick->text, nick->size);
}

bool nick_is_same(const struct nick *a, const struct nick *b)
{
	return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

void nicks_init(struct nicks *nicks, uint64_t salt)
{
	*nicks = (struct nicks){.salt = salt, .changes = 1};
}

/* FNV-1a from the salt on, so that nobody can fill one slot. */
static size_t slot_of(const struct nicks *nicks, const struct nick *nick)
{
	uint64_t hash = nicks->salt ^ UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < nick->size; i++)
		hash = (hash ^ (uint8_t)nick->text[i]) *
		       UINT64_C(0x100000001b3);
	return (size_t)(hash ^ (hash >> 32)) & (NICKS_SLOTS - 1);
}

void nicks_add(struct nicks *nicks, struct nick *nick)
{
	struct nick **slot = &nicks->slots[slot_of(nicks, nick)];

	nick->next = *slot;
	*slot = nick;
	nicks->changes++;
}

void nicks_remove(struct nicks *nicks, struct nick *nick)
{
	struct nick **at = &nicks->slots[slot_of(nicks, nick)];

	while (*at && *at != nick)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = nick->next;
	nicks->changes++;
}

bool nicks_is_shared(const struct nicks *nicks, const struct nick *nick)
{
	const struct nick *at = nicks->slots[slot_of(nicks, nick)];

	while (at && (at->owner == nick->owner || !nick_is_same(at, nick)))
		at = at->next;
	return at;
}
