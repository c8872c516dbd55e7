/* SPDX-License-Identifier: ISC */
#include "mchat/chat/nick.h"

#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/utf8.h"
#include "mchat/view/safe.h"

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
	return NULL;
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
