/* SPDX-License-Identifier: ISC */
#include "mchat/key/key_option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/commands/subcommand.h"
#include "mchat/crypto/secret.h"
#include "mchat/io/core_dump.h"
#include "mchat/key/key_file.h"
#include "mchat/key/key_prompt.h"
#include "mchat/seal/code.h"
#include "mchat/seal/shared_key.h"

#define VARIABLE "MCHAT_KEY"

/* How often the key is asked for. */
#define QUESTIONS 3

/* Bytes of an answer: a key's line, or a code in whatever writing. */
#define ANSWER_MAX 256

const char *key_option_value(const char *value)
{
	return value ? value : getenv(VARIABLE);
}

/* What was typed: a code, or the line of a key file. */
static enum shared_key_result parse_answer(
	const char *answer, size_t size, struct shared_key *out)
{
	enum shared_key_result result = shared_key_parse(answer, size, out);
	enum code_result coded;
	struct code code;

	if (result == SHARED_KEY_OK || result == SHARED_KEY_DIGITS)
		return result;
	coded = code_parse(answer, size, &code);
	if (coded == CODE_OK)
		result = shared_key_from_code(&code, out)
				 ? SHARED_KEY_OK
				 : SHARED_KEY_NO_MEMORY;
	else
		result = coded == CODE_WRONG_LETTER ? SHARED_KEY_WRONG_LETTER
						    : SHARED_KEY_NO_CODE;
	secret_wipe(&code, sizeof(code));
	return result;
}

/* Asks on the terminal, again as long as what is typed is no key. */
static enum key_option_result ask(struct shared_key *out)
{
	for (int i = 0; i < QUESTIONS; i++) {
		char answer[ANSWER_MAX];
		ssize_t size = key_prompt_read(
			"code or key of the group: ", answer, sizeof(answer));
		enum shared_key_result result;

		if (size < 0) {
			if (errno == EPIPE)
				diagnostics_error("-k ask: no code was given");
			else
				diagnostics_error(
					"-k ask: there is no terminal to ask "
					"on; -k FILE takes the key from a "
					"file, which mchat key save makes of a "
					"code");
			return KEY_OPTION_FAILED;
		}
		result = parse_answer(answer, (size_t)size, out);
		secret_wipe(answer, sizeof(answer));
		if (result == SHARED_KEY_OK)
			return KEY_OPTION_TAKEN;
		diagnostics_error("%s", shared_key_error(result));
		if (result == SHARED_KEY_NO_MEMORY)
			break;
	}
	return KEY_OPTION_FAILED;
}

enum key_option_result key_option_read(
	const char *value, enum verbosity verbosity, struct shared_key *out)
{
	if (!*value) {
		diagnostics_error(
			"the key's file has no name (-k '' or " VARIABLE
			"=); -k none chats without a key");
		return KEY_OPTION_USAGE;
	}
	if (strcmp(value, "none") == 0)
		return KEY_OPTION_NONE;
	core_dump_forbid();
	if (strcmp(value, "ask") == 0)
		return ask(out);
	switch (key_file_read(value, verbosity, out)) {
	case SUBCOMMAND_DONE:
		return KEY_OPTION_TAKEN;
	case SUBCOMMAND_USAGE:
		return KEY_OPTION_USAGE;
	default:
		return KEY_OPTION_FAILED;
	}
}
