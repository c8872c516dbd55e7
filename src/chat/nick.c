/* SPDX-License-Identifier: ISC */
#include "mchat/chat/nick.h"

#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/utf8.h"
#include "mchat/protocol/engine.h"
#include "mchat/view/nick_rule.h"
#include "mchat/view/safe.h"

/* More namesakes than this find no number for themselves. */
#define NUMBER_MAX 99

const char *nick_check(const char *text, size_t size)
{
	size_t at = 0;

	if (size == 0)
		return "must not be empty";
	if (size > WIRE_NICK_MAX)
		return "longer than 32 bytes";
	if (!utf8_is_valid(text, size))
		return "not valid UTF-8";
	while (at < size) {
		uint32_t code_point;

		at += utf8_decode(text + at, size - at, &code_point);
		if (safe_is_unsafe(code_point))
			return "must not hold control or direction characters";
	}
	return nick_rule_flaw(text, size);
}

bool nick_take(const char *text, char out[NICK_SIZE])
{
	size_t size = utf8_prefix(text, strlen(text), WIRE_NICK_MAX);

	if (nick_check(text, size))
		return false;
	memcpy(out, text, size);
	out[size] = '\0';
	return true;
}

static bool take(const char *text, char out[NICK_SIZE])
{
	return text && nick_take(text, out);
}

void nick_default(char out[NICK_SIZE])
{
	const struct passwd *user;

	/* The environment first: looking a user up may ask a network. */
	if (take(getenv("LOGNAME"), out) || take(getenv("USER"), out))
		return;
	user = getpwuid(getuid());
	if (user && take(user->pw_name, out))
		return;
	snprintf(out, NICK_SIZE, "user%lu", (unsigned long)getuid());
}

bool nick_is_taken(const struct engine *engine, const char *nick)
{
	size_t size = strlen(nick);
	struct engine_member member;

	for (size_t i = 0; engine_member_at(engine, i, &member); i++)
		if (member.nick_size == size &&
			memcmp(member.nick, nick, size) == 0)
			return true;
	return false;
}

bool nick_find_free(
	const struct engine *engine, const char *nick, char out[NICK_SIZE])
{
	for (int number = 2; number <= NUMBER_MAX; number++) {
		char digits[4];
		int size = snprintf(digits, sizeof(digits), "%d", number);

		snprintf(out, NICK_SIZE, "%.*s%s",
			(int)utf8_prefix(nick, strlen(nick),
				WIRE_NICK_MAX - (size_t)size),
			nick, digits);
		if (!nick_is_taken(engine, out))
			return true;
	}
	return false;
}
