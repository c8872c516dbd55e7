/* SPDX-License-Identifier: ISC */
/* -k, and MCHAT_KEY in its place: the key of a private group, or none. */
#ifndef MCHAT_KEY_KEY_OPTION_H
#define MCHAT_KEY_KEY_OPTION_H

#include <stdbool.h>

#include "mchat/io/diagnostics.h"

struct shared_key;

enum key_option_result {
	KEY_OPTION_NONE,   /* no key is wanted */
	KEY_OPTION_TAKEN,  /* *out is the key: wipe it */
	KEY_OPTION_USAGE,  /* what was given is no key; it was said */
	KEY_OPTION_FAILED, /* it cannot be had; it was said */
};

/* The value that counts: that of -k, NULL without it, else that of MCHAT_KEY;
 * NULL: neither. */
const char *key_option_value(const char *value);

/*
 * Gets the key that such a value names: FILE, "ask" or "none".  An empty one is
 * wrong usage, as nobody is to speak in the clear who meant not to.
 */
enum key_option_result key_option_read(
	const char *value, enum verbosity verbosity, struct shared_key *out);

#endif
