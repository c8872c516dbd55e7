/* SPDX-License-Identifier: ISC */
#include "mchat/commands/subcommand.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mchat/base/buffer.h"
#include "mchat/base/distance.h"
#include "mchat/io/diagnostics.h"

/* A hint names at most this many; more would be a list. */
#define NEAR_NAMES_MAX 5

/* The long form of an option that takes a value. */
static const char *name_of(const struct subcommand *subcommand, int code)
{
	const struct option *option = subcommand->options;

	while (option->val != code)
		option++;
	return option->name;
}

int subcommand_next_option(
	const struct subcommand *subcommand, int argc, char *argv[])
{
	int code;

	opterr = 0;
	code = getopt_long(
		argc, argv, subcommand->letters, subcommand->options, NULL);
	if (code == ':')
		diagnostics_error(
			"--%s needs a value; mchat %s --help says which",
			name_of(subcommand, optopt), subcommand->name);
	else if (code == '?' && optopt != 0 && argv[optind - 1][1] != '-')
		diagnostics_error(
			"unknown option -%c; mchat %s --help lists them",
			optopt, subcommand->name);
	else if (code == '?')
		diagnostics_error(
			"option %s is unknown, ambiguous or takes no value; "
			"mchat %s --help lists them",
			argv[optind - 1], subcommand->name);
	return code == ':' ? '?' : code;
}

bool subcommand_read_format(const struct subcommand *subcommand,
	const char *value, enum view_format *out)
{
	enum view_format format;

	if (!view_format_find(value, &format) || format == VIEW_BARE) {
		diagnostics_error("%s --format %s: must be text or json",
			subcommand->name, diagnostics_quoted(value));
		return false;
	}
	*out = format;
	return true;
}

static bool holds(const char *name, const char *word)
{
	size_t size = strlen(word);

	for (; *name; name++) {
		if (strncasecmp(name, word, size) == 0)
			return true;
	}
	return false;
}

/* 0 for a name that contains the word, so that it comes first; SIZE_MAX for one
 * that differs in more than one letter, and one more for each six. */
static size_t remoteness(const char *name, const char *word)
{
	size_t size = strlen(word);
	size_t distance = distance_between(name, word);

	if (size >= 2 && holds(name, word))
		return 0;
	return distance <= 1 + size / 6 ? distance : SIZE_MAX;
}

void subcommand_say_unknown(const char *kind, const char *word, size_t count,
	const char *(*name)(size_t index))
{
	struct buffer near = BUFFER_EMPTY;
	unsigned found = 0;

	for (size_t distance = 0; distance <= DISTANCE_WORD_MAX; distance++) {
		for (size_t i = 0; i < count && found < NEAR_NAMES_MAX; i++) {
			if (remoteness(name(i), word) != distance)
				continue;
			buffer_append_format(&near, "%s%s",
				found++ > 0 ? ", " : "; near: ", name(i));
		}
	}
	buffer_append_char(&near, '\0');
	diagnostics_error("%s: no such %s%s", diagnostics_quoted(word), kind,
		buffer_bytes(&near));
	buffer_fini(&near);
}

int subcommand_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		diagnostics_error("stdout: %s", strerror(errno));
	return SUBCOMMAND_FAILED;
}
