/* SPDX-License-Identifier: ISC */
#include "mchat/key/key_command.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/address.h"
#include "mchat/commands/subcommand.h"
#include "mchat/crypto/secret.h"
#include "mchat/io/core_dump.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/entropy.h"
#include "mchat/key/key_file.h"
#include "mchat/key/key_prompt.h"
#include "mchat/protocol/room.h"
#include "mchat/seal/code.h"
#include "mchat/seal/key_schedule.h"
#include "mchat/seal/shared_key.h"

static const struct option options[] = {
	{"help", no_argument, NULL, 'h'},
	{0},
};

static const struct subcommand command = {"key", ":h", options};

/* How often a code is asked for. */
#define QUESTIONS 3

/* Bytes of a line with a code: more than it takes in any writing. */
#define ANSWER_MAX 256

static void print_help(void)
{
	fputs("mchat key: make keys of private groups\n"
	      "\n"
	      "usage: mchat key new FILE | code | save FILE | show FILE\n"
	      "\n"
	      "Whoever has the key of a private group can read and speak in "
	      "it, in any\nmember's name; nobody else can.  A code is four "
	      "words that stand for a key.\n"
	      "\n"
	      "  new FILE    makes a key of 256 random bits in a new file\n"
	      "  code        makes a code of 56 random bits, to say aloud\n"
	      "  save FILE   asks for a code, and makes a file with its key\n"
	      "  show FILE   shows fingerprint, group and port; nothing "
	      "secret\n"
	      "\n"
	      "  -h, --help  show this\n"
	      "\n"
	      "Exit status: 0 done, 1 it could not be, 2 wrong usage, or no "
	      "key in FILE.\n",
		stdout);
}

/* "fingerprint 02e8-a717, group 239.255.39.182", and the port, if any. */
struct summary {
	char text[64 + ADDRESS_TEXT_SIZE];
};

static void summarize(const struct shared_key *key, struct summary *out)
{
	struct address address = {0};
	struct key_schedule schedule;
	char fingerprint[KEY_SCHEDULE_FINGERPRINT_SIZE];
	char group[ADDRESS_TEXT_SIZE];

	key_schedule_make(key, NULL, 0, &schedule);
	key_schedule_fingerprint(&schedule, fingerprint);
	key_schedule_address(&schedule, ADDRESS_IPV4, &address);
	snprintf(out->text, sizeof(out->text), "fingerprint %s, group %s",
		fingerprint, address_format_host(&address, group));
	secret_wipe(&schedule, sizeof(schedule));
}

/* Writes a file with the key, and says what the key gives. */
static int write_key(const char *name, const struct shared_key *key)
{
	struct summary summary = {{0}};
	char line[SHARED_KEY_LINE_SIZE];
	char text[SHARED_KEY_LINE_SIZE + sizeof(summary.text) + 64];
	int size;
	bool is_done;

	summarize(key, &summary);
	shared_key_format(key, line);
	size = snprintf(text, sizeof(text), "# %s\n%s%s", summary.text,
		key->is_from_code ? SHARED_KEY_FROM_CODE "\n" : "", line);
	is_done = key_file_write(name, text, (size_t)size);
	secret_wipe(line, sizeof(line));
	secret_wipe(text, sizeof(text));
	if (is_done)
		puts(summary.text);
	return is_done ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
}

/* Random bytes for a secret; false after saying why not. */
static bool draw(void *out, size_t size)
{
	entropy_wait(VERBOSITY_NORMAL);
	if (entropy_fill_secret(out, size) == 0)
		return true;
	diagnostics_failure("random bytes", errno);
	return false;
}

static int run_new(const char *name)
{
	struct shared_key key = {0};
	int status = SUBCOMMAND_FAILED;

	if (draw(key.bytes, sizeof(key.bytes)))
		status = write_key(name, &key);
	secret_wipe(&key, sizeof(key));
	return status;
}

static int run_code(const char *name)
{
	uint8_t random[CODE_RANDOM_SIZE];
	struct code code = {{0}};
	char text[CODE_TEXT_SIZE];

	(void)name;
	if (!draw(random, sizeof(random)))
		return SUBCOMMAND_FAILED;
	code_make(random, &code);
	code_format(&code, text);
	puts(text);
	secret_wipe(random, sizeof(random));
	secret_wipe(&code, sizeof(code));
	secret_wipe(text, sizeof(text));
	return SUBCOMMAND_DONE;
}

/* ---- asking for a code ---- */

/* Asks once; -1 when no more is to come, after saying why. */
static int ask(bool is_terminal, struct code *out)
{
	char answer[ANSWER_MAX];
	ssize_t size = is_terminal
			       ? key_prompt_read("code: ", answer, ANSWER_MAX)
			       : key_prompt_read_stdin(answer, ANSWER_MAX);
	enum code_result result;

	if (size < 0) {
		diagnostics_error("no code: %s; it is asked for on a terminal, "
				  "or is the first line of standard input",
			errno == EPIPE ? "the input ended" : strerror(errno));
		return -1;
	}
	result = code_parse(answer, (size_t)size, out);
	secret_wipe(answer, sizeof(answer));
	if (result == CODE_OK)
		return 1;
	diagnostics_error("%s", code_error(result));
	return 0;
}

static bool ask_code(struct code *out)
{
	bool is_terminal = isatty(STDIN_FILENO);
	int left = is_terminal ? QUESTIONS : 1;
	int result = 0;

	while (left-- > 0 && result == 0)
		result = ask(is_terminal, out);
	return result > 0;
}

static int run_save(const char *name)
{
	struct shared_key key = {0};
	struct code code = {{0}};
	int status = SUBCOMMAND_FAILED;

	/* Before anybody types. */
	if (key_file_exists(name) || !ask_code(&code))
		return SUBCOMMAND_FAILED;
	if (shared_key_from_code(&code, &key))
		status = write_key(name, &key);
	else
		diagnostics_error("%s", shared_key_error(SHARED_KEY_NO_MEMORY));
	secret_wipe(&code, sizeof(code));
	secret_wipe(&key, sizeof(key));
	return status;
}

static int run_show(const char *name)
{
	struct shared_key key = {0};
	struct summary summary = {{0}};
	int status = key_file_read(name, VERBOSITY_NORMAL, &key);

	if (status == SUBCOMMAND_DONE) {
		summarize(&key, &summary);
		printf("%s, port %d\n", summary.text, ROOM_PORT);
	}
	secret_wipe(&key, sizeof(key));
	return status;
}

/* ---- the command line ---- */

static const struct action {
	const char *name;
	bool takes_file;
	bool makes_file;
	int (*run)(const char *name);
} actions[] = {
	{"new", true, true, run_new},
	{"code", false, false, run_code},
	{"save", true, true, run_save},
	{"show", true, false, run_show},
};

#define ACTIONS (sizeof(actions) / sizeof(actions[0]))

static const char *action_name(size_t index)
{
	return actions[index].name;
}

static const struct action *find_action(const char *name)
{
	for (size_t i = 0; i < ACTIONS; i++) {
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	}
	return NULL;
}

static int run(int count, char *words[])
{
	const struct action *action;

	if (count == 0) {
		diagnostics_error("key: new, code, save or show? "
				  "mchat key --help tells what they do");
		return SUBCOMMAND_USAGE;
	}
	action = find_action(words[0]);
	if (!action) {
		subcommand_say_unknown(
			"command of mchat key", words[0], ACTIONS, action_name);
		return SUBCOMMAND_USAGE;
	}
	if (count != (action->takes_file ? 2 : 1)) {
		diagnostics_error("key %s takes %s; mchat key --help lists the "
				  "commands",
			action->name,
			action->takes_file ? "one FILE" : "nothing");
		return SUBCOMMAND_USAGE;
	}
	if (action->takes_file && *words[1] == '\0') {
		diagnostics_error("key %s '': names no file", action->name);
		return SUBCOMMAND_USAGE;
	}
	if (action->makes_file && key_file_is_code(words[1]))
		return SUBCOMMAND_USAGE;
	core_dump_forbid();
	return action->run(words[1]);
}

int key_command_run(int argc, char *argv[])
{
	int code = subcommand_next_option(&command, argc, argv);
	int status = SUBCOMMAND_USAGE;

	if (code == 'h') {
		print_help();
		status = SUBCOMMAND_DONE;
	} else if (code == -1) {
		status = run(argc - optind, argv + optind);
	}
	return subcommand_finish(status);
}
