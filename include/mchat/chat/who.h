/* SPDX-License-Identifier: ISC */
/* /who: a line for each member, with what it hears and from how far. */
#ifndef MCHAT_CHAT_WHO_H
#define MCHAT_CHAT_WHO_H

#include <stddef.h>

#include "mchat/base/time.h"

struct engine;
struct ignore_list;
struct outside;
struct peers;

/* What the lines are made of; borrowed. */
struct who {
	const struct engine *engine;
	const struct ignore_list *ignored;
	const struct peers *peers; /* NULL: none */
	const char *privacy;       /* "private, key 02e8-a717"; NULL: it is no
				    * private group */
	const struct outside *outside; /* of a private group */
	struct instant now;
};

/* Members that are here, oneself not counted, those too that do not hear us. */
size_t who_count(const struct engine *engine);

/* Answers with a line for each member; those that are ignored are marked.  What
 * stands before them tells of a private group, and of who is outside. */
void who_print(const struct who *who);

#endif
