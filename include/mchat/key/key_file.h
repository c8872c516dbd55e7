/* SPDX-License-Identifier: ISC */
/* Key files on disk, or at a descriptor; what is wrong with one is told. */
#ifndef MCHAT_KEY_KEY_FILE_H
#define MCHAT_KEY_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/io/diagnostics.h"

struct shared_key;

/*
 * Reads the key of a file; of "/dev/fd/N" from descriptor N itself, which is
 * closed then.  Warns of a file that others can read, change or replace.  Gives
 * SUBCOMMAND_DONE, or after saying why SUBCOMMAND_FAILED when it cannot be
 * read, SUBCOMMAND_USAGE when what it has is no key.
 */
int key_file_read(
	const char *name, enum verbosity verbosity, struct shared_key *out);

/* Whether a name reads as a code, even with a wrong letter, or as a key,
 * neither of which may be seen in a command line; then that was said, without
 * it. */
bool key_file_is_code(const char *name);

/* Whether a file of this name is there; then that was said. */
bool key_file_exists(const char *name);

/* Makes a file, which must not be there, for its owner alone; false after
 * saying why, and nothing is left of it. */
bool key_file_write(const char *name, const char *text, size_t size);

#endif
