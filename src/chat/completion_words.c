/* SPDX-License-Identifier: ISC */
#include "mchat/chat/completion_words.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/chat/commands.h"
#include "mchat/protocol/engine.h"
#include "mchat/view/name.h"

static bool init(struct completion_words *words)
{
	*words = (struct completion_words){
		.list = calloc(COMPLETION_WORDS_MAX, sizeof(*words->list)),
		.names = BUFFER_EMPTY,
	};
	return words->list;
}

static void add(struct completion_words *words, const char *text, size_t size)
{
	words->list[words->count++] = (struct complete_word){text, size};
}

void completion_words_commands(struct completion_words *words)
{
	const char *name;

	if (!init(words))
		return;
	while (words->count < COMPLETION_WORDS_MAX &&
		(name = commands_name(words->count)))
		add(words, name, strlen(name));
}

/* A nick and what tells it from the same nick of others; its text is in
 * words->names, which may still move. */
static void add_tagged(
	struct completion_words *words, const struct event_member *member)
{
	size_t before = buffer_size(&words->names);

	buffer_append(&words->names, member->nick, member->nick_size);
	name_append_tag(&words->names, member);
	if (!words->names.failed)
		add(words, NULL, buffer_size(&words->names) - before);
}

void completion_words_nicks(
	struct completion_words *words, const struct engine *engine)
{
	struct engine_member member;
	const char *name;

	if (!init(words))
		return;
	for (size_t i = 0; words->count < COMPLETION_WORDS_MAX &&
			   engine_member_at(engine, i, &member);
		i++) {
		struct event_member named = engine_member_name(&member);

		/* Who has none goes by what nobody types. */
		if (member.nick_size == 0)
			continue;
		if (member.is_nick_shared)
			add_tagged(words, &named);
		else
			add(words, member.nick, member.nick_size);
	}
	name = buffer_bytes(&words->names);
	for (size_t i = 0; i < words->count; i++) {
		if (words->list[i].text)
			continue;
		words->list[i].text = name;
		name += words->list[i].size;
	}
}

void completion_words_fini(struct completion_words *words)
{
	free(words->list);
	buffer_fini(&words->names);
}
