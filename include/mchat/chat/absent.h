/* SPDX-License-Identifier: ISC */
/*
 * Interfaces that are not joined though they were, or were to be: what was told
 * of each, so that it is told once, and that it is back.
 */
#ifndef MCHAT_CHAT_ABSENT_H
#define MCHAT_CHAT_ABSENT_H

#include <stddef.h>

#include "mchat/network/interface.h"

/* As many as may be joined; the one that has been away for longest is forgotten
 * for another, and then is joined as if it were new. */
#define ABSENT_MAX 64

enum absence {
	ABSENCE_NONE,
	ABSENCE_GONE,    /* it was joined */
	ABSENCE_REFUSED, /* the kernel did not have it joined */
};

struct absent {
	struct {
		char name[INTERFACE_NAME_SIZE];
		enum absence why;
	} rows[ABSENT_MAX];
	size_t count;
};

/* Why it is away, as far as it is known to be. */
enum absence absent_find(const struct absent *absent, const char *name);

/* Notes why it is away; ABSENCE_NONE: it is not. */
void absent_note(struct absent *absent, const char *name, enum absence why);

#endif
